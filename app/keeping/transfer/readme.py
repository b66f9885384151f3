"""The README of what is returned: in Japanese, with every table and column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.keeping.transfer import form, meanings
from app.keeping.transfer.cells import word_of

_HEAD = """# 研修 Kenshu から返却するデータ

このフォルダには、システムが保有するすべてのデータがあります。

- 作成日時：{exported_at}
- 組織：{organisation}
- データベースの版：{revision}

## 読み方

- `manifest.json`：ファイルごとの行数と SHA-256。受け取ったら、はじめに照合してください。
- `tables/*.csv`：表。UTF-8（BOM付き）、改行は CRLF、1行目は列の名前です。
- `tables/*.jsonl`：文書を含む表。1行が1件の JSON（UTF-8）です。
- `files/packages/`：教材のファイル（ZIP）。名前は内容の SHA-256 で、`material_version` の表の
  `sha256` の列と対応します（先頭の2文字がフォルダの名前です）。
- `files/objects/`：動画と、動画から作ったファイル。再生するファイルは、`video` の表の
  `edition` の列の `prefix` のフォルダにあります。動画をオブジェクトストレージに置く設定のときは、
  ここにはありません。
- `files/mail/`：メールを送らずに保管する設定のときの、メールの控えです。

CSV のセルの決まり：

- 空のセルは「値なし」です。
- 文字のセルが、空の文字のとき、または `'`、`=`、`+`、`-`、`@`、タブ、復帰で始まるときは、
  先頭に `'` を1つ付けています（表計算ソフトが式として実行しないため）。
  読むときは、文字のセルの先頭の `'` を1つだけ外します。
- 日時は ISO 8601 の協定世界時、日付は ISO 8601、「はい」「いいえ」は 1 と 0、
  バイト列は Base64 です。
- 職員番号などの先頭の 0 を保つため、表計算ソフトで開くときは、
  列を「文字列」として読み込んでください。

{secrets}

## 表
"""
_WITHOUT = """パスワード（値そのものは復元できない形で保管）などの秘密は含みません。取り込んだ後に、
仮のパスワードを発行してください。含めるときは `--with-secrets` を付けて書き出します。"""
_WITH = """**パスワードの照合用の値を含みます。** 総当たりで試されるおそれがあるため、
暗号化した媒体で受け渡し、取り込みを終えたら消去してください。"""


def text(manifest: dict[str, Any], tables: list[sa.Table]) -> str:
    """Return the README of a manifest."""
    head = _HEAD.format(
        exported_at=manifest["exported_at"],
        organisation=manifest["organisation"] or "（名称の設定なし）",
        revision=manifest["revision"],
        secrets=_WITHOUT if manifest["left_out"] else _WITH,
    )
    rows = {entry["name"]: entry["rows"] for entry in manifest["tables"]}
    return head + "".join(line for table in tables for line in _table(table, rows[table.name]))


def _table(table: sa.Table, rows: int) -> Iterator[str]:
    meaning, columns = meanings.tables()[table.name]
    yield f"\n### `{form.name_of(table)}`（{rows:,}行）\n\n{meaning}\n\n"
    yield "| 列 | 形 | 内容 | 対応する列 |\n| --- | --- | --- | --- |\n"
    for column in table.columns:
        target = "".join(
            f"`{key.column.table.name}.{key.column.name}`" for key in column.foreign_keys
        )
        meaning = columns[column.name].replace("|", "\\|")
        yield f"| `{column.name}` | {word_of(column.type)} | {meaning} | {target} |\n"

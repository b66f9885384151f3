"""Sentences about the register and about files of staff and sections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.people.register.queries import WARNINGS

#: What the columns of a file are called.
COLUMNS: dict[str, Lazy] = {
    "": lazy("行全体"),
    "number": lazy("職員番号"),
    "section_code": lazy("所属コード"),
    "section": lazy("所属"),
    "title": lazy("職名"),
    "email": lazy("メールアドレス"),
    "left_on": lazy("退職日"),
    "code": lazy("所属コード"),
    "parent": lazy("上位所属コード"),
}
#: `name` is somebody's or a section's.
NAMES = {"staff": lazy("氏名"), "sections": lazy("所属名")}

#: What happens to a row, and the kind of its chip.
STATES: dict[str, tuple[Lazy, str]] = {
    "added": (lazy("追加"), "info"),
    "changed": (lazy("変更"), "progress"),
    "unchanged": (lazy("変更なし"), "neutral"),
    "error": (lazy("誤り"), "error"),
}

#: Why, and how to mend it.
FINDINGS: dict[str, tuple[Lazy, Lazy]] = {
    "missing": (lazy("値がありません"), lazy("値を入力してください。")),
    "too_long": (lazy("長すぎます"), lazy("列がずれていないか確かめてください。")),
    "formula": (
        lazy("数式のように = + - @ で始まっています"),
        lazy("値だけを貼り付けてください。"),
    ),
    "private_use": (
        lazy("外字など、ほかの端末で表示できない文字があります"),
        lazy("標準の文字に置き換えてください。"),
    ),
    "control": (
        lazy("改行など、目に見えない文字が入っています"),
        lazy("その文字を取り除いてください。"),
    ),
    "too_many_cells": (
        lazy("列の数が見出しより多くあります"),
        lazy("値の中の「,」で列が分かれていないか確かめてください。"),
    ),
    "code_unusable": (
        lazy("英数字以外の文字があります"),
        lazy("英数字とハイフンだけにしてください。"),
    ),
    "email_unusable": (
        lazy("メールアドレスの形ではありません"),
        lazy("正しいアドレスにするか、空欄にしてください。"),
    ),
    "twice": (lazy("ファイルの中に同じ値がほかにもあります"), lazy("1行だけにしてください。")),
    "section_unknown": (
        lazy("このコードの所属が登録されていません"),
        lazy("コードを直すか、先に所属を取り込んでください。"),
    ),
    "section_differs": (
        lazy("登録されている所属の名称と違います"),
        lazy("所属コードが正しければ、このまま取り込めます。"),
    ),
    "section_circle": (
        lazy("上位の所属をたどると自分に戻ります"),
        lazy("上位所属コードを直してください。"),
    ),
    "number_short": (
        lazy("ほかの職員番号より桁が少なくなっています"),
        lazy("先頭の0が消えていないか確かめてください。正しければ、このまま取り込めます。"),
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "people.listed": Act("people", lazy("職員の一覧を表示"), Manner.LISTED, WHO),
    "person.viewed": Act(
        "people",
        lazy("職員の登録内容を表示"),
        Manner.SEEN,
        (*WHO, "email", "roles", "sign_in"),
    ),
    "person.added": Act("people", lazy("職員を登録"), Manner.CHANGED),
    "person.changed": Act("people", lazy("職員の登録内容を変更"), Manner.CHANGED),
    "person.created_by_command": Act("people", lazy("コマンドで職員を登録"), Manner.CHANGED),
    "import.checked": Act("people", lazy("名簿のファイルを読み込み")),
    "import.viewed": Act(
        "people", lazy("名簿のファイルの内容を表示"), Manner.LISTED, (*WHO, "email")
    ),
    "import.committed": Act("people", lazy("名簿を取り込み")),
    "import.discarded": Act("people", lazy("名簿の取り込みを取りやめ")),
    "section.added": Act("people", lazy("所属を登録")),
    "section.changed": Act("people", lazy("所属を変更")),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "file_too_large": (
        lazy("ファイルが大きすぎます"),
        lazy("%(most)d MBまでのファイルを選んでください。"),
    ),
    "file_is_spreadsheet": (
        lazy("Excelなどのブックは取り込めません"),
        lazy("表計算ソフトで「CSV UTF-8」の形式で保存し、そのファイルを選んでください。"),
    ),
    "file_not_text": (
        lazy("CSVとして読み取れないファイルです"),
        lazy("表計算ソフトで「CSV UTF-8」の形式で保存し、そのファイルを選んでください。"),
    ),
    "file_empty": (
        lazy("ファイルに取り込む行がありません"),
        lazy("見出しの行と、1行以上の値が入ったファイルを選んでください。"),
    ),
    "file_broken": (
        lazy('%(row)d行目で、引用符「"」の対応がくずれているか、値が長すぎます'),
        lazy("その行を直してください。"),
    ),
    "file_columns": (
        lazy("必要な列がありません"),
        lazy("ない列：%(missing)s。ファイルにある列：%(found)s。1行目の見出しを直してください。"),
    ),
    "file_columns_twice": (
        lazy("同じ列が2つ以上あります"),
        lazy("重なっている列：%(columns)s。1つだけにしてください。"),
    ),
    "file_too_many_rows": (
        lazy("行が多すぎます"),
        lazy("%(most)d行までに分けてください。"),
    ),
    "import_ended": (
        lazy("このファイルは、すでに取り込んだか、取りやめています"),
        lazy("結果は職員の一覧で確認してください。"),
    ),
    "import_expired": (
        lazy("確認の期限（24時間）が過ぎました"),
        lazy("何も取り込んでいません。ファイルをもう一度選んでください。"),
    ),
    "import_outdated": (
        lazy("確認した後に、登録の内容が変わりました"),
        lazy("何も取り込んでいません。ファイルをもう一度選んで、内容を確認してください。"),
    ),
    "whole_office_needed": (
        lazy("取り込みができるのは、全体を担当する研修管理者だけです"),
        lazy("全体の研修管理者に依頼してください。"),
    ),
}


@dataclass(frozen=True)
class ShownFinding:
    """What a page says about a cell."""

    column: str
    value: str
    why: str
    mend: str
    is_error: bool


@dataclass(frozen=True)
class ShownRow:
    """What a page says about a row of a file."""

    row: int
    #: Number or code, and name, as the file has them.
    code: str
    name: str
    state: str
    chip: str
    #: Column, old value, new value.
    changes: list[tuple[str, str, str]]
    findings: list[ShownFinding]


def shown(kept: Mapping[str, Any], kind: str) -> ShownRow:
    """Return a kept row in words; `kind` is "staff" or "sections"."""
    values = kept["values"]
    word, chip = STATES[kept["state"]]
    return ShownRow(
        row=kept["row"],
        code=values["number"] if kind == "staff" else values["code"],
        name=values["name"],
        state=str(word),
        chip=chip,
        changes=[(_column(key, kind), *pair) for key, pair in kept["changes"].items()],
        findings=[_finding(kind, *found) for found in (*kept["own"], *kept["found"])],
    )


def _finding(kind: str, column: str, code: str, value: str) -> ShownFinding:
    why, mend = FINDINGS[code]
    return ShownFinding(_column(column, kind), value, str(why), str(mend), code not in WARNINGS)


def _column(key: str, kind: str) -> str:
    return str(NAMES[kind] if key == "name" else COLUMNS[key])

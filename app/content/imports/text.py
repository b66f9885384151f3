"""Why a package was not taken, in words: what is wrong, and how its author mends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.content.videos.text import SENTENCES as VIDEO_SENTENCES
from app.kernel.language import Lazy, gettext, lazy

_ASK_AGAIN = lazy("教材を作ったソフトからもう一度書き出して、登録してください。")
_ZIP_AGAIN = lazy("Windowsの「ZIPファイルに圧縮する」などでZIPを作り直して、登録してください。")

#: Code of a refusal → what is wrong, and how to mend it. `too_large` is told by what is too large.
REFUSALS: dict[str, tuple[Lazy, Lazy]] = {
    "not_a_zip": (
        lazy("ZIPファイルではありません"),
        lazy("SCORMかcmi5の形式で書き出したZIPファイルを選んでください。"),
    ),
    "empty": (
        lazy("ファイルの中身がありません"),
        lazy("教材を書き出したZIPファイルかどうかを確かめて、選び直してください。"),
    ),
    "truncated": (
        lazy("ZIPファイルが途中で切れています"),
        lazy(
            "ダウンロードやコピーが途中で止まった可能性があります。"
            "分割したZIPは一つにまとめてから、登録してください。"
        ),
    ),
    "damaged": (lazy("ZIPファイルが壊れています %(name)s"), _ASK_AGAIN),
    "encrypted": (
        lazy("パスワード付きのZIPファイルは登録できません（%(name)s）"),
        lazy("パスワードを付けずにZIPを作り直して、登録してください。"),
    ),
    "symlink": (
        lazy("ほかのファイルへのリンクが含まれています（%(name)s）"),
        lazy("リンクを実際のファイルに置き換えてZIPを作り直し、登録してください。"),
    ),
    "special_file": (
        lazy("ふつうのファイルではないものが含まれています（%(name)s）"),
        lazy("デバイスやパイプなどを除いてZIPを作り直し、登録してください。"),
    ),
    "unsafe_name": (
        lazy("使えないファイル名があります（%(name)s：%(reason)s）"),
        lazy("ファイル名を直してZIPを作り直し、登録してください。"),
    ),
    "duplicate_name": (
        lazy("同じ名前のファイルが二つあります（%(name)s）"),
        lazy("どちらかを除いてZIPを作り直し、登録してください。"),
    ),
    "overlapping_entries": (
        lazy("ZIPファイルの中でファイルが重なっています（%(name)s）"),
        _ZIP_AGAIN,
    ),
    "unsupported_method": (
        lazy("対応していない方法で圧縮されています（%(name)s）"),
        _ZIP_AGAIN,
    ),
    "too_many_files": (
        lazy("ファイルの数が上限（%(limit)s個）を超えています"),
        lazy("使っていないファイルを除くか、教材を分けて登録してください。"),
    ),
    "too_large.archive": (
        lazy("ZIPファイルが大きすぎます（%(size)s、上限 %(limit)s）"),
        lazy("動画や画像を小さくするか、教材を分けて登録してください。"),
    ),
    "too_large.content": (
        lazy("展開した大きさが上限を超えています（%(size)s、上限 %(limit)s）"),
        lazy("動画や画像を小さくするか、教材を分けて登録してください。"),
    ),
    "too_large.directory": (
        lazy("ZIPファイルの目次が大きすぎます（%(size)s、上限 %(limit)s）"),
        lazy("使っていないファイルを除くか、教材を分けて登録してください。"),
    ),
    "too_large.file": (
        lazy("%(file)sが大きすぎます（%(size)s、上限 %(limit)s）"),
        _ASK_AGAIN,
    ),
    "ratio_too_high": (
        lazy("展開すると異常に大きくなるファイルです %(name)s"),
        lazy("安全のため登録できません。圧縮し直すか、教材を作り直して登録してください。"),
    ),
    "size_lies": (
        lazy("ファイルの大きさが、ZIPに書かれた値と違います（%(name)s）"),
        _ZIP_AGAIN,
    ),
    "crc_mismatch": (
        lazy("ファイルの中身が壊れています（%(name)s）"),
        _ASK_AGAIN,
    ),
    "no_manifest": (
        lazy("教材の目次がありません（imsmanifest.xml、cmi5.xml、tincan.xmlのどれもありません）"),
        lazy("教材を作ったソフトで「SCORM」か「cmi5」を選んで書き出してください。"),
    ),
    "several_manifests": (
        lazy("教材の目次が二つ以上あります（%(names)s）"),
        lazy("一つのZIPに教材を一つだけ入れて、登録してください。"),
    ),
    "xml_encoding": (
        lazy("%(file)sの文字コードを読み取れません"),
        lazy("%(file)sをUTF-8で保存し直すか、教材を書き出し直してください。"),
    ),
    "xml_doctype": (
        lazy("%(file)sに、使えない宣言（DOCTYPE）があります"),
        lazy("安全のため登録できません。DOCTYPEの行を除いて、ZIPを作り直してください。"),
    ),
    "xml_too_complex": (
        lazy("%(file)sが複雑すぎて読み取れません"),
        lazy("項目やファイルの数を減らすか、教材を分けて書き出し直してください。"),
    ),
    "xml_malformed": (
        lazy("%(file)sの書き方に誤りがあります（%(line)s行目 %(column)s文字目）"),
        lazy("示した場所を直すか、教材を書き出し直して、登録してください。"),
    ),
    "not_a_manifest": (
        lazy("%(file)sの内容が教材の目次ではありません（%(root)s）"),
        _ASK_AGAIN,
    ),
    "not_found": (
        lazy("登録先の教材がありません"),
        lazy("教材の一覧から、新しい教材として登録してください。"),
    ),
    "worker_lost": (
        lazy("取り込みの処理が途中で止まりました"),
        lazy("もう一度登録してください。続くときは、研修担当に連絡してください。"),
    ),
    "fault": (
        lazy("サーバーで問題が起き、取り込めませんでした"),
        lazy("もう一度登録してください。続くときは、受付番号を研修担当に伝えてください。"),
    ),
}

#: Reason of `unsafe_name`.
REASONS: dict[str, Lazy] = {
    "empty": lazy("名前がない"),
    "control": lazy("表示できない文字がある"),
    "too_long": lazy("長すぎる"),
    "too_deep": lazy("フォルダーが深すぎる"),
    "absolute": lazy("フォルダーの外を指している"),
    "drive": lazy("ドライブ名が付いている"),
    "parent": lazy("フォルダーの外を指している"),
    "device": lazy("Windowsが特別に使う名前"),
}


def refusal(code: str, data: Mapping[str, Any], size: Any) -> tuple[str, str]:
    """Return what is wrong and how to mend it; `size` writes bytes as the page does."""
    key = f"too_large.{data['what']}" if code == "too_large" else code
    what, mending = (VIDEO_SENTENCES if key in VIDEO_SENTENCES else REFUSALS)[key]
    filled = {"file": "imsmanifest.xml", **data}
    if code == "too_large":
        filled |= {"size": size(data["size"]), "limit": size(data["limit"])}
    if "reason" in data:
        filled["reason"] = str(REASONS[data["reason"]])
    if "names" in data:
        filled["names"] = gettext("、").join(data["names"])
    return str(what) % filled, str(mending) % filled

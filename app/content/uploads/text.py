"""What an upload's refusals say."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

_BY_PAGE = lazy("画面を開き直して、もう一度ファイルを選んでください。")

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "upload_version": (
        lazy("送信の方式が、このサーバーと合いません"),
        _BY_PAGE,
    ),
    "upload_header": (
        lazy("送信の内容（%(name)s）を読み取れません"),
        _BY_PAGE,
    ),
    "upload_type": (
        lazy("送信の形式が正しくありません"),
        _BY_PAGE,
    ),
    "upload_offset": (
        lazy("送信の続きの位置が、保存済みのところと合いません"),
        lazy("保存済みのところは残っています。同じファイルを選ぶと、続きから送れます。"),
    ),
    "upload_locked": (
        lazy("このファイルは、ほかの画面から送信中です"),
        lazy("ほかの画面での送信を止めるか、しばらく待ってから、もう一度送ってください。"),
    ),
    "upload_too_large": (
        lazy("ファイルが大きすぎます"),
        lazy("ファイルは保存されていません。上限より小さいファイルを選んでください。"),
    ),
    "upload_too_long": (
        lazy("はじめに知らせた大きさより、長い内容が送られました"),
        lazy("ファイルを書き換えたときは、もう一度はじめから送ってください。"),
    ),
    "upload_checksum": (
        lazy("送信の途中で内容が変わりました"),
        lazy("届いた分は保存されていません。もう一度送ってください。"),
    ),
    "upload_no_room": (
        lazy("サーバーの空き容量が足りません"),
        lazy("システム管理者に、空き容量を増やすよう依頼してください。"),
    ),
    "upload_not_finished": (
        lazy("ファイルがまだ全部送られていません"),
        lazy("前の画面に戻り、同じファイルを選ぶと、続きから送れます。"),
    ),
}

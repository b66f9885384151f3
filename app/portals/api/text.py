"""What the programming interface says when it refuses."""

from __future__ import annotations

from typing import Final

from app.kernel.language import lazy

SENTENCES: Final = {
    "package_type": (
        lazy("教材の種類（Content-Type）が正しくありません"),
        lazy("ZIPはapplication/zip、cmi5のXMLはtext/xmlとして送信してください。"),
    ),
    "package_faulty": (
        lazy("教材に誤りがあるため、登録できません"),
        lazy("何も登録していません。findingsに示した場所を直して、もう一度送信してください。"),
    ),
    "package_refused": (
        lazy("教材を登録できません。%(what)s"),
        lazy("何も登録していません。%(mending)s"),
    ),
    "registration_unknown": (
        lazy("この受講（registration）はありません"),
        lazy("この接続先が起動したときのregistrationを指定してください。"),
    ),
    "registration_taken": (
        lazy("このregistrationは使えません"),
        lazy("ほかの受講者や教材のもの、または終わったものです。新しいUUIDを指定してください。"),
    ),
    "unit_unknown": (
        lazy("この番号の項目はありません"),
        lazy("0から数えて、教材にある項目の番号を指定してください。"),
    ),
    "no_units": (
        lazy("この教材は、項目を選んで起動できません"),
        lazy("unitを付けずに送信してください。"),
    ),
}

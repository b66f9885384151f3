"""Sentences about merges."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "merge_number_unknown": (
        lazy("この職員番号の職員が見つかりません"),
        lazy("いまの番号か、以前の番号を入力してください。"),
    ),
    "merge_same": (
        lazy("2つとも同じ登録です"),
        lazy("残す登録と、まとめる登録を、別々に選んでください。"),
    ),
    "merge_both_serve": (
        lazy("まとめる登録の人は、まだ在職しています"),
        lazy("同じ人であれば、使わなくなった登録に退職日を入れてから統合してください。"),
    ),
    "merge_done": (
        lazy("この登録は、すでに統合されています"),
        lazy("先に、前の統合を取り消してください。"),
    ),
    "merge_changed": (
        lazy("統合の後に内容が変わったため、元に戻せません"),
        lazy("システム管理者に連絡してください。何も変更していません。"),
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "merges.listed": Act(
        "people",
        lazy("同じ人かもしれない登録の一覧を表示"),
        Manner.LISTED,
        ("number", "name", "hired_on", "left_on"),
    ),
    "person.merged": Act("people", lazy("同じ人の登録を統合"), Manner.CHANGED),
    "person.unmerged": Act("people", lazy("登録の統合を取消し"), Manner.CHANGED),
}

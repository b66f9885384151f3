"""What the marking of tests says from Python: refusals, acts, columns."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "sitting_open": (
        lazy("まだ提出されていないテストです"),
        lazy("提出されると採点できます。"),
    ),
    "points_wrong": (
        lazy("得点を読み取れません"),
        lazy("採点の画面を開き直し、0点から配点までの数字を入力してください。"),
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "sittings.listed": Act(
        "learning", lazy("採点するテストの一覧を表示"), Manner.LISTED, (*WHO, "history")
    ),
    "sitting.viewed": Act(
        "learning", lazy("採点のためにテストの解答を表示"), Manner.SEEN, (*WHO, "answers")
    ),
    "sitting.marked": Act("learning", lazy("テストを採点"), Manner.CHANGED, ("answers", "history")),
    "essays.exported": Act(
        "learning", lazy("記述の解答を出力"), Manner.EXPORTED, (*WHO, "answers")
    ),
}

#: What rooms call the parts of their lines in the audit.
PARTS: dict[str, Lazy] = {"score": lazy("得点"), "points": lazy("問題ごとの得点")}

#: The columns of the file of essays.
COLUMNS = (
    lazy("職員番号"),
    lazy("氏名"),
    lazy("所属"),
    lazy("テスト"),
    lazy("回数"),
    lazy("問"),
    lazy("問題"),
    lazy("解答"),
    lazy("得点"),
    lazy("配点"),
)

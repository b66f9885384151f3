"""What reports say from Python: the columns of files, and refusals."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy

RUN_COLUMNS: tuple[Lazy, ...] = (
    lazy("職員番号"),
    lazy("氏名"),
    lazy("所属"),
    lazy("職名"),
    lazy("教材"),
    lazy("状態"),
    lazy("得点"),
    lazy("受講時間"),
    lazy("受講開始"),
    lazy("完了日時"),
)

HISTORY_COLUMNS: tuple[Lazy, ...] = (
    lazy("研修名"),
    lazy("回"),
    lazy("教材"),
    lazy("状態"),
    lazy("得点"),
    lazy("受講時間"),
    lazy("受講開始"),
    lazy("完了日時"),
)

#: How an answer was judged: the word, and the kind of its chip.
RESULTS: dict[str, tuple[Lazy, str]] = {
    "correct": (lazy("正解"), "success"),
    "incorrect": (lazy("不正解"), "warning"),
    "unanticipated": (lazy("想定外の回答"), "neutral"),
    "neutral": (lazy("採点なし"), "neutral"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "run.reported": Act("learning", lazy("受講状況を表示"), Manner.LISTED, (*WHO, "history")),
    "run.exported": Act(
        "learning", lazy("受講状況をCSVに出力"), Manner.EXPORTED, (*WHO, "history")
    ),
    "history.viewed": Act("learning", lazy("受講履歴を表示"), Manner.SEEN, ("name", "history")),
    "history.exported": Act("learning", lazy("受講履歴をCSVに出力"), Manner.EXPORTED, ("history",)),
    "record.viewed": Act(
        "learning", lazy("受講の記録を表示"), Manner.SEEN, ("name", "history", "answers")
    ),
}

#: How SCORM 2004 writes several parts of one answer (RTE 2004 4e, 4.2.9.1), and how people do.
_PARTS = (("[,]", lazy("、")), ("[.]", lazy("→")), ("[:]", lazy("〜")))


def readable(answer: str) -> str:
    """Return an answer with the standard's marks between its parts replaced by readable ones."""
    for mark, shown in _PARTS:
        answer = answer.replace(mark, str(shown))
    return answer

"""What reports say from Python: the columns of files, and refusals."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.training.enrolment.text import PROGRESS

#: The columns of a run's file, by a key each.
RUN_COLUMNS: dict[str, Lazy] = {
    "number": lazy("職員番号"),
    "name": lazy("氏名"),
    "section": lazy("所属"),
    "title": lazy("職名"),
    "material": lazy("教材"),
    "state": lazy("状態"),
    "score": lazy("得点"),
    "seconds": lazy("受講時間"),
    "started_at": lazy("受講開始"),
    "completed_at": lazy("完了日時"),
}

HISTORY_COLUMNS: tuple[Lazy, ...] = (
    lazy("年度"),
    lazy("研修名"),
    lazy("回"),
    lazy("種別"),
    lazy("開始日"),
    lazy("終了日"),
    lazy("結果"),
    lazy("決まった日"),
    lazy("得点"),
    lazy("修了証の番号"),
    lazy("当時の所属"),
    lazy("当時の職名"),
    lazy("出典"),
)

#: The columns of the file of a year by section.
SECTION_COLUMNS: tuple[Lazy, ...] = (
    lazy("所属"),
    lazy("受講した人"),
    lazy("受講"),
    lazy("修了"),
    lazy("延べ時間"),
)
#: Where those who have left are counted.
NOWHERE = lazy("退職した人")

#: What came of an enrolment: the word, and the kind of its chip.
HISTORY_RESULTS: dict[str, tuple[Lazy, str]] = {
    **PROGRESS,
    "decided_completed": (lazy("修了"), "success"),
}

#: Where a line of a history comes from.
SOURCES: dict[str, Lazy] = {
    "run": lazy("このシステム"),
    "ledger": lazy("過去の台帳"),
    "portal": lazy("外部ポータル"),
}

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
    "sections.exported": Act(
        "learning", lazy("所属別の受講をCSVに出力"), Manner.EXPORTED, ("section", "history")
    ),
    "history.viewed": Act("learning", lazy("受講履歴を表示"), Manner.SEEN, ("name", "history")),
    "histories.listed": Act(
        "learning",
        lazy("受講履歴を表示できる職員の一覧を表示"),
        Manner.LISTED,
        ("number", "name", "history"),
    ),
    "history.exported": Act(
        "learning", lazy("自分の受講履歴を出力"), Manner.EXPORTED, ("history",)
    ),
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

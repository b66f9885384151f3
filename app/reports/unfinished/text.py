"""What the list of who has not finished says from Python: choices, acts."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.learning.records.states import RecordStatus
from app.reports.unfinished.queries import AHEAD, LATE
from app.training.enrolment.states import EnrolmentState

#: What somebody may ask for of the state, by the values of `standing`.
STANDINGS: dict[str, Lazy] = {
    RecordStatus.NOT_STARTED: lazy("未受講"),
    EnrolmentState.IN_PROGRESS: lazy("受講中"),
    EnrolmentState.AWAITING: lazy("受講終了・報告待ち"),
    EnrolmentState.NOT_COMPLETED: lazy("未修了"),
}
DUES: dict[str, Lazy] = {LATE: lazy("期限を過ぎた人"), AHEAD: lazy("期限がこれから来る人")}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "unfinished.listed": Act(
        "learning", lazy("未受講者一覧を表示"), Manner.LISTED, (*WHO, "history")
    ),
    "unfinished.exported": Act(
        "learning", lazy("未受講者一覧をCSVに出力"), Manner.EXPORTED, (*WHO, "history")
    ),
    "unfinished.checked": Act(
        "learning", lazy("督促する人を確認"), Manner.LISTED, ("number", "name", "section")
    ),
}

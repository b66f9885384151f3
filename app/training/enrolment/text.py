"""What enrolment says from Python: how far somebody is, notices, refusals."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy
from app.kernel.notices.text import Kind, Placeholder
from app.learning.records.states import RecordStatus
from app.training.enrolment.service import OPENED
from app.training.enrolment.states import EnrolmentState

#: How far somebody is with a run or a material: the word, and the kind of its chip.
PROGRESS: dict[str, tuple[Lazy, str]] = {
    RecordStatus.NOT_STARTED: (lazy("未受講"), "waiting"),
    RecordStatus.IN_PROGRESS: (lazy("受講中"), "progress"),
    RecordStatus.COMPLETED: (lazy("完了"), "success"),
    RecordStatus.PASSED: (lazy("合格"), "success"),
    RecordStatus.FAILED: (lazy("不合格"), "warning"),
    EnrolmentState.AWAITING: (lazy("受講終了・報告待ち"), "waiting"),
    EnrolmentState.NOT_COMPLETED: (lazy("未修了"), "warning"),
    EnrolmentState.SUSPENDED: (lazy("受講中止命令"), "error"),
    EnrolmentState.EXEMPTED: (lazy("免除"), "neutral"),
    EnrolmentState.DEFERRED: (lazy("次年度へ変更"), "neutral"),
    EnrolmentState.DECLINED: (lazy("辞退"), "neutral"),
    EnrolmentState.REPLACED: (lazy("差替"), "neutral"),
    EnrolmentState.MOVED: (lazy("回変更済"), "neutral"),
    EnrolmentState.REVOKED: (lazy("命令取消"), "neutral"),
    EnrolmentState.RUN_CANCELLED: (lazy("開催中止"), "error"),
    EnrolmentState.LEFT: (lazy("離職により終了"), "neutral"),
}

#: The word of each state of an enrolment.
STATES: dict[str, Lazy] = {
    **{state: PROGRESS[state][0] for state in EnrolmentState if state in PROGRESS},
    EnrolmentState.DECIDED: lazy("受講決定"),
    EnrolmentState.ORDERED: lazy("命令済"),
    EnrolmentState.IN_PROGRESS: lazy("受講中"),
    EnrolmentState.COMPLETED: lazy("修了"),
}

#: What learners are told.
NOTICES: dict[str, Kind] = {
    OPENED: Kind(
        lazy("受講開始の案内"),
        lazy("研修の受講を始められます：%(title)s"),
        lazy("%(from_on)sから受講できます。受講の期限は%(until_on)sです。"),
        {
            "title": Placeholder(lazy("研修名"), lazy("情報セキュリティ研修")),
            "from_on": Placeholder(lazy("受講開始日"), "2026-12-01"),
            "until_on": Placeholder(lazy("受講の期限"), "2026-12-25"),
        },
    ),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "enrolment_revoked": (
        lazy("この研修の受講者から外れています"),
        lazy("これまでの記録は残っています。受講が必要なときは、研修担当に連絡してください。"),
    ),
    "run_not_open": (
        lazy("この研修は、いま受講できません"),
        lazy(
            "研修が終了したか、中止されています。受講が必要なときは、研修担当に連絡してください。"
        ),
    ),
    "launch_too_early": (
        lazy("受講を始められる日の前です"),
        lazy("受講できる期間は、この研修のページで確認してください。"),
    ),
    "launch_too_late": (
        lazy("受講の期限を過ぎています"),
        lazy("これまでの記録は残っています。受講が必要なときは、研修担当に連絡してください。"),
    ),
}

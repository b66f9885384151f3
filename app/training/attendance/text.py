"""What attendance says from Python: words, reasons, acts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.training.attendance.models import Announcement, Presence
from app.training.attendance.service import AbsenceReason

#: How somebody was there: the word, and the kind of its chip.
PRESENCES: dict[str, tuple[Lazy, str]] = {
    Presence.PRESENT: (lazy("出席"), "success"),
    Presence.LATE: (lazy("遅刻"), "warning"),
    Presence.LEFT_EARLY: (lazy("早退"), "warning"),
    Presence.ABSENT: (lazy("欠席"), "error"),
    Presence.EXCUSED: (lazy("公欠"), "neutral"),
    Presence.MADE_UP: (lazy("補講"), "success"),
}

#: What somebody gave notice of.
ANNOUNCEMENTS: dict[str, tuple[Lazy, str]] = {
    Announcement.ABSENT: (lazy("欠席予定"), "warning"),
    Announcement.LATE: (lazy("遅刻予定"), "warning"),
    Announcement.LEAVING_EARLY: (lazy("早退予定"), "warning"),
}

#: Why somebody does not come.
REASONS: dict[str, Lazy] = {
    AbsenceReason.DUTY: lazy("公務"),
    AbsenceReason.LEAVE: lazy("休暇等"),
    AbsenceReason.OTHER: lazy("その他"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "attendance.announced": Act("training", lazy("欠席等を連絡"), Manner.CHANGED, ("history",)),
    "attendance.taken_back": Act(
        "training", lazy("欠席等の連絡を取消"), Manner.CHANGED, ("history",)
    ),
    "attendance.viewed": Act("training", lazy("出欠を閲覧"), Manner.LISTED, WHO),
    "attendance.absent_listed": Act("training", lazy("欠席者の一覧を閲覧"), Manner.LISTED, WHO),
    "attendance.roster_viewed": Act("training", lazy("名簿を閲覧"), Manner.LISTED, WHO),
    "attendance.noted": Act("training", lazy("出欠を記録"), Manner.CHANGED, (*WHO, "history")),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "sessions_needed": (
        lazy("コマが選ばれていません"),
        lazy("何も保存されていません。休むコマを選んで、もう一度操作してください。"),
    ),
    "session_over": (
        lazy("もう終わったコマが選ばれています"),
        lazy("何も保存されていません。終わったコマについては、研修担当に連絡してください。"),
    ),
    "session_not_begun": (
        lazy("まだ始まっていないコマの出欠は記録できません"),
        lazy("何も保存されていません。開始の30分前から記録できます。"),
    ),
    "minutes_needed": (
        lazy("遅刻・早退の人の、受講した分数が入力されていません"),
        lazy("何も保存されていません。0から%(most)sまでの数字を入力してください。"),
    ),
}

"""What the pages of absences say from Python."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy
from app.training.attendance.models import Announcement

#: What is said once a notice is given: who is told.
ANNOUNCED: dict[str, Lazy] = {
    Announcement.ABSENT: lazy("欠席を連絡しました。研修担当、講師、所属長に知らせます。"),
    Announcement.LATE: lazy("遅刻を連絡しました。研修担当、講師、所属長に知らせます。"),
    Announcement.LEAVING_EARLY: lazy("早退を連絡しました。研修担当、講師、所属長に知らせます。"),
}

#: What is said once a make-up that was asked for is decided.
DECIDED: dict[str, Lazy] = {
    "give": lazy("補講を決定しました。そのコマの名簿に入ります。本人に知らせます。"),
    "refuse": lazy("補講の希望を不承認にしました。本人に知らせます。"),
}

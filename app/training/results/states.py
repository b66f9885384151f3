"""The life of a result report."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.workflow import Transition, Transitions
from app.people.permission.models import Role


class ReportState(StrEnum):
    """作成中, 提出済み, 所属長確認済み, 受理, 差戻し, 免除."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WAIVED = "waived"


#: What is written on, by its learner.
BEING_WRITTEN = (ReportState.DRAFT, ReportState.RETURNED)

#: With what nothing is left to do.
SETTLED = (ReportState.ACCEPTED, ReportState.WAIVED)
#: What waits for a word of the head, or of the office.
HANDED_IN = (ReportState.SUBMITTED, ReportState.CONFIRMED)

_LEARNER = frozenset({Role.LEARNER})
_PLANNING = frozenset({Role.OFFICE, Role.ORGANISER})

TRANSITIONS: Transitions = {
    "submit": Transition(BEING_WRITTEN, ReportState.SUBMITTED, _LEARNER, tells=True),
    "confirm": Transition(
        (ReportState.SUBMITTED,), ReportState.CONFIRMED, frozenset({Role.HEAD}), tells=True
    ),
    # The office may take one in that no head has looked at: a head who is away holds up nobody.
    "accept": Transition(
        (ReportState.SUBMITTED, ReportState.CONFIRMED),
        ReportState.ACCEPTED,
        _PLANNING,
        tells=True,
    ),
    "return": Transition(
        (ReportState.SUBMITTED, ReportState.CONFIRMED),
        ReportState.RETURNED,
        _PLANNING | {Role.HEAD},
        tells=True,
    ),
    "waive": Transition(
        (*BEING_WRITTEN, ReportState.SUBMITTED, ReportState.CONFIRMED),
        ReportState.WAIVED,
        _PLANNING,
        tells=True,
    ),
}

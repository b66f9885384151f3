"""The life of an enrolment."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.workflow import Transition, Transitions
from app.people.permission.models import Role


class EnrolmentState(StrEnum):
    """受講決定, 受講中, 修了, 登録取消."""

    DECIDED = "decided"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    REVOKED = "revoked"


_SYSTEM = frozenset({"system"})
_PLANNING = frozenset({Role.OFFICE, Role.ORGANISER})

TRANSITIONS: Transitions = {
    "start": Transition((EnrolmentState.DECIDED,), EnrolmentState.IN_PROGRESS, _SYSTEM),
    "complete": Transition(
        (EnrolmentState.DECIDED, EnrolmentState.IN_PROGRESS),
        EnrolmentState.COMPLETED,
        _SYSTEM,
    ),
    # Content can take a completion back within an attempt: a test that comes after the last page.
    "reopen": Transition((EnrolmentState.COMPLETED,), EnrolmentState.IN_PROGRESS, _SYSTEM),
    "revoke": Transition(
        (EnrolmentState.DECIDED, EnrolmentState.IN_PROGRESS), EnrolmentState.REVOKED, _PLANNING
    ),
    "restore": Transition((EnrolmentState.REVOKED,), EnrolmentState.DECIDED, _PLANNING),
}

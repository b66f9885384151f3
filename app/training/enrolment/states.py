"""The life of an enrolment."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.errors import Refused
from app.kernel.workflow import BACK, Transition, Transitions
from app.people.permission.models import Role


class EnrolmentState(StrEnum):
    """受講決定, 命令済, 受講中, 受講終了・報告待ち, 修了, 未修了, and the ways out of a run."""

    DECIDED = "decided"
    ORDERED = "ordered"
    IN_PROGRESS = "in_progress"
    AWAITING = "awaiting"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"
    #: 受講中止命令: the seat was taken, and stays so.
    SUSPENDED = "suspended"
    EXEMPTED = "exempted"
    DEFERRED = "deferred"
    DECLINED = "declined"
    REPLACED = "replaced"
    MOVED = "moved"
    REVOKED = "revoked"
    RUN_CANCELLED = "run_cancelled"
    LEFT = "left"


#: Those who have a seat in their run, or had one to its end; one a person and run.
SEATED = (
    EnrolmentState.DECIDED,
    EnrolmentState.ORDERED,
    EnrolmentState.IN_PROGRESS,
    EnrolmentState.AWAITING,
    EnrolmentState.COMPLETED,
    EnrolmentState.NOT_COMPLETED,
    EnrolmentState.SUSPENDED,
)
#: Those who are still to take it.
BEFORE_IT = (EnrolmentState.DECIDED, EnrolmentState.ORDERED)
#: Those that are not over yet.
UNDER_WAY = (*BEFORE_IT, EnrolmentState.IN_PROGRESS, EnrolmentState.AWAITING)

_SYSTEM = frozenset({"system"})
_PLANNING = frozenset({Role.OFFICE, Role.ORGANISER})
_PLANNING_OR_SYSTEM = _PLANNING | _SYSTEM
#: A change takes effect by the hand of whoever has the last word on it (offerings.ChangePath).
_LAST_WORD = _PLANNING_OR_SYSTEM | {Role.HEAD, Role.LEARNER, Role.COORDINATOR}

#: By name: its rows are declared in a module that reads this one.
_ENROLMENTS = sa.table(
    "enrolment",
    sa.column("run_id", sa.Uuid),
    sa.column("person_id", sa.Uuid),
    sa.column("state", sa.String),
)


def _has_no_other_seat(session: Session, enrolment: Any, _now: datetime) -> None:
    """Refuse a second seat in a run to somebody who has come back to it by another way."""
    other = sa.select(sa.literal(1)).where(
        _ENROLMENTS.c.run_id == enrolment.run_id,
        _ENROLMENTS.c.person_id == enrolment.person_id,
        _ENROLMENTS.c.state.in_(SEATED),
    )
    if session.execute(other.limit(1)).first() is not None:
        raise Refused("seated_already")


TRANSITIONS: Transitions = {
    # A change is ordered by whoever's word makes it true.
    "order": Transition((EnrolmentState.DECIDED,), EnrolmentState.ORDERED, _LAST_WORD),
    "start": Transition(BEFORE_IT, EnrolmentState.IN_PROGRESS, _SYSTEM),
    "finish": Transition(
        (*BEFORE_IT, EnrolmentState.IN_PROGRESS), EnrolmentState.AWAITING, _SYSTEM, tells=True
    ),
    "complete": Transition(
        (*UNDER_WAY, EnrolmentState.NOT_COMPLETED),
        EnrolmentState.COMPLETED,
        _PLANNING_OR_SYSTEM,
    ),
    "fail": Transition(
        (*UNDER_WAY, EnrolmentState.COMPLETED), EnrolmentState.NOT_COMPLETED, _PLANNING
    ),
    # Content can take a completion back within an attempt: a test that comes after the last page.
    "reopen": Transition((EnrolmentState.COMPLETED,), EnrolmentState.IN_PROGRESS, _SYSTEM),
    # By the system where an audience that follows its condition has no place for them any more.
    "revoke": Transition(
        (*BEFORE_IT, EnrolmentState.IN_PROGRESS),
        EnrolmentState.REVOKED,
        _PLANNING_OR_SYSTEM,
        tells=True,
    ),
    "restore": Transition(
        (EnrolmentState.REVOKED,),
        EnrolmentState.DECIDED,
        _PLANNING,
        guard=_has_no_other_seat,
    ),
    # Whose run is cancelled takes another one.
    "move": Transition(
        (*BEFORE_IT, EnrolmentState.RUN_CANCELLED), EnrolmentState.MOVED, _LAST_WORD
    ),
    "replace": Transition(BEFORE_IT, EnrolmentState.REPLACED, _LAST_WORD),
    "decline": Transition(BEFORE_IT, EnrolmentState.DECLINED, _LAST_WORD),
    "exempt": Transition(UNDER_WAY, EnrolmentState.EXEMPTED, _PLANNING, tells=True),
    "defer": Transition(UNDER_WAY, EnrolmentState.DEFERRED, _PLANNING, tells=True),
    "suspend": Transition(UNDER_WAY, EnrolmentState.SUSPENDED, _PLANNING, tells=True),
    "cancel_run": Transition(UNDER_WAY, EnrolmentState.RUN_CANCELLED, _PLANNING, keeps=True),
    "restore_run": Transition(
        (EnrolmentState.RUN_CANCELLED,), BACK, _PLANNING, guard=_has_no_other_seat
    ),
    "leave": Transition(UNDER_WAY, EnrolmentState.LEFT, _SYSTEM),
}

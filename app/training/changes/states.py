"""The life of a request for a change."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.workflow import Transition, Transitions
from app.people.permission.models import Role


class ChangeState(StrEnum):
    """申請中, 所属長承認, 承認, 不承認, 取消, 自動承認."""

    REQUESTED = "requested"
    HEAD_APPROVED = "head_approved"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    AUTOMATIC = "automatic"


#: Those on which somebody has still to say a word; one an enrolment.
PENDING = (ChangeState.REQUESTED, ChangeState.HEAD_APPROVED)

_PLANNING = frozenset({Role.OFFICE, Role.ORGANISER})
_NEAR = frozenset({Role.HEAD, Role.COORDINATOR})

TRANSITIONS: Transitions = {
    "approve_as_head": Transition(
        (ChangeState.REQUESTED,),
        ChangeState.HEAD_APPROVED,
        _PLANNING | {Role.HEAD},
        tells=True,
    ),
    "approve": Transition(PENDING, ChangeState.APPROVED, _PLANNING | {Role.HEAD}, tells=True),
    "approve_at_once": Transition(
        (ChangeState.REQUESTED,),
        ChangeState.AUTOMATIC,
        _PLANNING | _NEAR | {Role.LEARNER},
        tells=True,
    ),
    "reject": Transition(PENDING, ChangeState.REJECTED, _PLANNING | {Role.HEAD}, tells=True),
    "withdraw": Transition(
        PENDING, ChangeState.WITHDRAWN, _PLANNING | _NEAR | {Role.LEARNER, "system"}
    ),
}


class ChangeReason(StrEnum):
    """Why something is changed; never in words (変更・辞退の理由)."""

    DUTY = "duty"
    LEAVE = "leave"
    TRANSFER = "transfer"
    OTHER = "other"

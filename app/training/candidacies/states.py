"""The life of a candidacy."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.workflow import Transition, Transitions
from app.people.permission.models import Role


class CandidacyState(StrEnum):
    """作成中, 申込済, 推薦済, 差戻し, 所属不承認, 取下げ, 決定, 補欠, 選外, 期限切れ."""

    DRAFT = "draft"
    APPLIED = "applied"
    NOMINATED = "nominated"
    RETURNED = "returned"
    HEAD_DECLINED = "head_declined"
    WITHDRAWN = "withdrawn"
    SELECTED = "selected"
    WAITLISTED = "waitlisted"
    NOT_SELECTED = "not_selected"
    LAPSED = "lapsed"


#: Those with which something may still happen; one a person and offering.
LIVE = (
    CandidacyState.DRAFT,
    CandidacyState.APPLIED,
    CandidacyState.NOMINATED,
    CandidacyState.RETURNED,
    CandidacyState.SELECTED,
    CandidacyState.WAITLISTED,
)
#: Those that are still undecided, and may be withdrawn.
OPEN = (
    CandidacyState.DRAFT,
    CandidacyState.APPLIED,
    CandidacyState.NOMINATED,
    CandidacyState.RETURNED,
    CandidacyState.WAITLISTED,
)

_SYSTEM = frozenset({"system"})
_PLANNING = frozenset({Role.OFFICE, Role.ORGANISER})
_NEAR = frozenset({Role.HEAD, Role.COORDINATOR})
_SELF = frozenset({Role.LEARNER})
#: With no approval, or the head's alone, an application is decided by the last who approves it.
_DECIDING = _PLANNING | _SYSTEM | {Role.HEAD, Role.LEARNER}

TRANSITIONS: Transitions = {
    "submit": Transition(
        (CandidacyState.RETURNED,), CandidacyState.APPLIED, _SELF | _NEAR | _PLANNING, tells=True
    ),
    "revise": Transition((CandidacyState.RETURNED,), CandidacyState.DRAFT, _NEAR | _PLANNING),
    "nominate": Transition(
        (CandidacyState.DRAFT, CandidacyState.APPLIED),
        CandidacyState.NOMINATED,
        _PLANNING | _SYSTEM | {Role.HEAD, Role.LEARNER},
        tells=True,
    ),
    "return": Transition(
        (CandidacyState.DRAFT, CandidacyState.APPLIED, CandidacyState.NOMINATED),
        CandidacyState.RETURNED,
        _PLANNING | {Role.HEAD},
        tells=True,
    ),
    "decline": Transition(
        (CandidacyState.DRAFT, CandidacyState.APPLIED),
        CandidacyState.HEAD_DECLINED,
        _PLANNING | {Role.HEAD},
        tells=True,
    ),
    "withdraw": Transition(
        OPEN, CandidacyState.WITHDRAWN, _SELF | _NEAR | _PLANNING | _SYSTEM, tells=True
    ),
    "lapse": Transition(
        (CandidacyState.DRAFT, CandidacyState.APPLIED, CandidacyState.RETURNED),
        CandidacyState.LAPSED,
        _SYSTEM,
        tells=True,
    ),
    "select": Transition(
        (CandidacyState.NOMINATED, CandidacyState.WAITLISTED),
        CandidacyState.SELECTED,
        _DECIDING,
    ),
    "waitlist": Transition(
        (CandidacyState.NOMINATED,), CandidacyState.WAITLISTED, _DECIDING, tells=True
    ),
    # Whose seat is no more: it was decided, and waits for the next one that is free.
    "put_back": Transition(
        (CandidacyState.SELECTED,), CandidacyState.WAITLISTED, _PLANNING, tells=True
    ),
    "pass_over": Transition(
        (CandidacyState.NOMINATED, CandidacyState.WAITLISTED),
        CandidacyState.NOT_SELECTED,
        _PLANNING,
        tells=True,
    ),
}


class ReturnReason(StrEnum):
    """Why a candidacy is returned, declined or sent back; never in words (差戻し・不承認の理由)."""

    DUTY = "duty"
    CONDITION = "condition"
    QUOTA = "quota"
    RUN = "run"
    ENTRY = "entry"
    OTHER = "other"


class ExceptionReason(StrEnum):
    """Why the office lets somebody in although a condition is not met (例外許可の理由)."""

    EXPERIENCE = "experience"
    DUTY = "duty"
    SEATS_LEFT = "seats_left"
    OTHER = "other"


class Answer(StrEnum):
    """What somebody who was named says to it: 受ける, 受けられない事情あり."""

    CAN = "can"
    CANNOT = "cannot"

"""The life of an erasure: proposed by one person, approved by another, done by a worker."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.workflow import Transition, Transitions
from app.people.permission.models import Role


class ErasureState(StrEnum):
    """承認待ち, 消去中, 消去済み, 取下げ."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DONE = "done"
    WITHDRAWN = "withdrawn"


_OFFICE = frozenset({Role.OFFICE, Role.ADMINISTRATOR})

TRANSITIONS: Transitions = {
    "approve": Transition((ErasureState.PROPOSED,), ErasureState.APPROVED, _OFFICE),
    "withdraw": Transition((ErasureState.PROPOSED,), ErasureState.WITHDRAWN, _OFFICE),
    "finish": Transition((ErasureState.APPROVED,), ErasureState.DONE, frozenset({"system"})),
}

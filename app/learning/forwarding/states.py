"""The life of a destination: it is proposed by one administrator and approved by another."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.workflow import Transition, Transitions
from app.people.permission.models import Role


class ForwardState(StrEnum):
    """承認待ち, 転送中, 停止中, 終了."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    STOPPED = "stopped"
    ENDED = "ended"


_WHO = frozenset({Role.ADMINISTRATOR})
_OPEN = (ForwardState.PROPOSED, ForwardState.ACTIVE, ForwardState.STOPPED)

TRANSITIONS: Transitions = {
    "approve": Transition((ForwardState.PROPOSED,), ForwardState.ACTIVE, _WHO),
    "stop": Transition((ForwardState.ACTIVE,), ForwardState.STOPPED, _WHO),
    # Where it leads is what two have approved: nothing of that changes while it is stopped.
    "resume": Transition((ForwardState.STOPPED,), ForwardState.ACTIVE, _WHO),
    # With another key it may lead elsewhere, and so needs two again.
    "propose": Transition((ForwardState.STOPPED,), ForwardState.PROPOSED, _WHO),
    "end": Transition(_OPEN, ForwardState.ENDED, _WHO),
}

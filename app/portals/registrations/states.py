"""The life of a registration: it is proposed by one administrator and approved by another."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.workflow import Transition, Transitions
from app.people.permission.models import Role


class PortalState(StrEnum):
    """承認待ち, 接続中, 接続停止."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    STOPPED = "stopped"


_WHO = frozenset({Role.ADMINISTRATOR})

TRANSITIONS: Transitions = {
    "approve": Transition((PortalState.PROPOSED,), PortalState.ACTIVE, _WHO),
    "stop": Transition((PortalState.PROPOSED, PortalState.ACTIVE), PortalState.STOPPED, _WHO),
    # What was stopped needs two again.
    "propose": Transition((PortalState.STOPPED,), PortalState.PROPOSED, _WHO),
}

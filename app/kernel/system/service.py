"""The read-only mode: begun and ended by hand, asked by every request that would change something.

It stops what people and content do on the pages. Workers go on, and so does the command line:
whoever types there knows what happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.plain import Plain
from app.kernel.system.models import Reason, SystemState

_STATE = cast("sa.Table", SystemState.__table__)
#: Asked at each commit of a learner: a plain statement, without the mapping's cost.
_READ_ONLY = Plain(
    sa.select(_STATE.c.reason, _STATE.c.since).where(
        _STATE.c.id == 1, _STATE.c.is_read_only.is_(True)
    )
)

#: The condition that the system may be changed, for a statement which asks for it by the way.
IS_CHANGEABLE = ~sa.exists().where(_STATE.c.id == 1, _STATE.c.is_read_only.is_(True))


@dataclass(frozen=True)
class ReadOnly:
    """Why and since when the system may only be read."""

    reason: str
    since: datetime


def read_only(session: Session) -> ReadOnly | None:
    """Return why the system may only be read; None while it may be changed."""
    row = _READ_ONLY.one(session)
    return ReadOnly(*row) if row else None


def begin(session: Session, reason: str, *, by: Actor, now: datetime) -> None:
    """Have the system be read only, from the next request on.

    Raises Refused("reason_unknown"), and Refused("is_read_only") where it is so already.
    """
    if reason not in set(Reason):
        raise Refused("reason_unknown")
    state = _locked(session)
    if state.is_read_only:
        raise Refused("is_read_only")
    state.is_read_only, state.reason, state.since, state.begun_by = True, reason, now, by.person_id
    _record(session, "system.read_only_began", reason, by, now)


def end(session: Session, *, by: Actor, now: datetime) -> None:
    """Let the system be changed again; nothing happens where it may be."""
    state = _locked(session)
    if not state.is_read_only:
        return
    _record(session, "system.read_only_ended", state.reason, by, now)
    state.is_read_only, state.reason, state.since, state.begun_by = False, None, None, None


def _locked(session: Session) -> SystemState:
    return session.get_one(SystemState, 1, with_for_update=True, populate_existing=True)


def _record(session: Session, action: str, reason: str | None, by: Actor, now: datetime) -> None:
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("system_state", None),
        details={"reason": reason},
    )

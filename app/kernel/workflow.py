"""States and the one way from one to the next.

A wing writes its states as an enum and its transitions as a literal table; `move`, and `move_all`
for many, alone assign a state. They check the table, the role and the guard, and write the audit's
line and the outbox's row in the same transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, Protocol

from sqlalchemy.orm import Session

from app.kernel import outbox
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, Forbidden

#: The target of a transition that takes a row back to where it was: kept in `state_before` by the
#: transition that `keeps` it.
BACK: Final = "back"


@dataclass(frozen=True)
class Transition:
    """One line of a table: from any of `sources` to `target`, by anyone with a role of `who`."""

    sources: tuple[str, ...]
    target: str
    who: frozenset[str]
    #: Raises Refused when the row is not ready; given the session, the row and the moment.
    guard: Callable[[Session, Any, datetime], None] | None = None
    #: Whether others want to know: adds a row to the outbox.
    tells: bool = False
    #: Whether the state before is kept, for a transition `BACK`.
    keeps: bool = False


Transitions = Mapping[str, Transition]


class Stateful(Protocol):
    """A row with a state and the table that rules it."""

    __tablename__: Any
    transitions: ClassVar[Transitions]
    id: Any
    state: Any


def can(row: Stateful, action: str, by: Actor) -> bool:
    """Whether the table lets this actor begin this action now (its guard may still refuse)."""
    transition = row.transitions[action]
    return row.state in transition.sources and bool(transition.who & by.roles)


def _target(row: Stateful, transition: Transition) -> str:
    if transition.target == BACK:
        return str(vars(row)["state_before"])
    if transition.keeps and not _is_set_aside(row):
        setattr(row, "state_before", row.state)  # noqa: B010 - not every row with states has it
    return transition.target


def _is_set_aside(row: Stateful) -> bool:
    """Whether a row has a state to go back to already: put off and then cancelled, it keeps it."""
    ways = row.transitions.values()
    return any(row.state in way.sources for way in ways if way.target == BACK)


def move(session: Session, row: Stateful, action: str, *, by: Actor, now: datetime) -> None:
    """Take a row through one transition.

    Raises Conflict("wrong_state") where the table has no way from the present state, Forbidden
    where the actor has none of the roles, and whatever the guard raises.
    """
    details = _step(session, row, action, by, now)
    audit.record(
        session,
        f"{row.__tablename__}.{action}",
        by=by.person_id,
        now=now,
        subject=(row.__tablename__, row.id),
        details=details,
    )
    if row.transitions[action].tells:
        outbox.put(session, outbox.Kind.MOVED, _told(row, action), now)


def move_all(
    session: Session, rows: Sequence[Stateful], action: str, *, by: Actor, now: datetime
) -> None:
    """Take many rows of one table through one transition, as `move` does each, or none of them.

    The audit's lines and the outbox's rows are added by the same few statements for any number.
    """
    if not rows:
        return
    table = rows[0].__tablename__
    lines = [((table, row.id), _step(session, row, action, by, now)) for row in rows]
    session.flush()
    audit.record_many(session, f"{table}.{action}", lines, by=by.person_id, now=now)
    if rows[0].transitions[action].tells:
        told = [_told(row, action) for row in rows]
        outbox.put_all(session, outbox.Kind.MOVED, told, now)


def _told(row: Stateful, action: str) -> dict[str, Any]:
    return {"table": row.__tablename__, "id": str(row.id), "action": action}


def _step(
    session: Session, row: Stateful, action: str, by: Actor, now: datetime
) -> dict[str, object]:
    """Give a row its next state, and return what the audit is to tell of it."""
    transition = row.transitions[action]
    if row.state not in transition.sources:
        raise Conflict("wrong_state", action=action, state=str(row.state))
    if not transition.who & by.roles:
        raise Forbidden("not_your_action", action=action)
    if transition.guard:
        transition.guard(session, row, now)
    before, row.state = row.state, _target(row, transition)
    whose: uuid.UUID | None = getattr(row, "person_id", None)
    return {
        "from": str(before),
        "to": str(row.state),
        **({"people": [str(whose)]} if whose else {}),
    }

"""States and the one way from one to the next.

A wing writes its states as an enum and its transitions as a literal table; `move` alone assigns a
state. It checks the table, the role and the guard, and writes the audit's line and the outbox's row
in the same transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
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
    transition = row.transitions[action]
    if row.state not in transition.sources:
        raise Conflict("wrong_state", action=action, state=str(row.state))
    if not transition.who & by.roles:
        raise Forbidden("not_your_action", action=action)
    if transition.guard:
        transition.guard(session, row, now)
    before, row.state = row.state, _target(row, transition)
    row_id: uuid.UUID = row.id
    whose: uuid.UUID | None = getattr(row, "person_id", None)
    audit.record(
        session,
        f"{row.__tablename__}.{action}",
        by=by.person_id,
        now=now,
        subject=(row.__tablename__, row_id),
        details={
            "from": str(before),
            "to": str(row.state),
            **({"people": [str(whose)]} if whose else {}),
        },
    )
    if transition.tells:
        payload = {"table": row.__tablename__, "id": str(row_id), "action": action}
        outbox.put(session, outbox.Kind.MOVED, payload, now)

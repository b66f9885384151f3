"""One way from a state to the next: table, role, guard, audit line, outbox row."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import workflow
from app.kernel.actor import ANONYMOUS, Actor, Grant
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Conflict, Forbidden, KenshuError, Refused
from app.kernel.outbox import Kind, Outgoing
from app.kernel.workflow import BACK, Transition, Transitions


def _closed_on_mondays(_session: Session, _door: Any, now: datetime) -> None:
    if now.weekday() == 0:
        raise Refused("closed_on_mondays")


@dataclass
class Door:
    """Something with states, that is no row of any wing."""

    __tablename__: ClassVar[str] = "door"
    transitions: ClassVar[Transitions] = {
        "open": Transition(("closed", "ajar"), "open", frozenset({"porter"}), tells=True),
        "close": Transition(("open",), "closed", frozenset({"porter", "guard"})),
        "lock": Transition(("closed",), "locked", frozenset({"guard"}), guard=_closed_on_mondays),
    }
    id: uuid.UUID
    state: str = "closed"


PORTER = Actor(person_id=uuid.UUID(int=1), grants=(Grant("porter"),))
GUARD = Actor(person_id=uuid.UUID(int=2), grants=(Grant("guard"),))


@pytest.fixture
def door() -> Door:
    """A closed door."""
    return Door(uuid.UUID(int=3))


def refusal(session: Session, door: Door, action: str, by: Actor, now: datetime) -> KenshuError:
    """Return the refusal of a move, which must leave everything as it was."""
    before = door.state
    with pytest.raises(KenshuError) as refused:
        workflow.move(session, door, action, by=by, now=now)
    assert door.state == before
    assert session.scalars(sa.select(AuditEvent)).all() == []
    assert session.scalars(sa.select(Outgoing)).all() == []
    return refused.value


def test_a_move_changes_the_state_and_leaves_a_line_and_a_row(
    session: Session, door: Door, now: datetime
) -> None:
    workflow.move(session, door, "open", by=PORTER, now=now)
    session.flush()
    assert door.state == "open"
    line = session.scalars(sa.select(AuditEvent)).one()
    assert (line.action, line.actor_id, line.at) == ("door.open", PORTER.person_id, now)
    assert (line.subject_kind, line.subject_id) == ("door", door.id)
    assert line.details == {"from": "closed", "to": "open"}
    row = session.scalars(sa.select(Outgoing)).one()
    assert row.kind == Kind.MOVED
    assert row.payload == {"table": "door", "id": str(door.id), "action": "open"}


def test_a_move_that_concerns_nobody_else_is_told_to_nobody(
    session: Session, door: Door, now: datetime
) -> None:
    door.state = "open"
    workflow.move(session, door, "close", by=GUARD, now=now)
    session.flush()
    assert session.scalars(sa.select(Outgoing)).all() == []
    assert session.scalars(sa.select(AuditEvent.action)).all() == ["door.close"]


def test_from_a_wrong_state_there_is_no_way(session: Session, door: Door, now: datetime) -> None:
    error = refusal(session, door, "close", PORTER, now)
    assert isinstance(error, Conflict)
    assert (error.code, error.data) == ("wrong_state", {"action": "close", "state": "closed"})


@pytest.mark.requirement("SEC-02")
@pytest.mark.parametrize("by", [GUARD, ANONYMOUS, Actor(person_id=uuid.UUID(int=4))])
def test_without_the_role_there_is_no_way(
    session: Session, door: Door, now: datetime, by: Actor
) -> None:
    error = refusal(session, door, "open", by, now)
    assert isinstance(error, Forbidden)
    assert error.code == "not_your_action"


def test_a_guard_has_the_last_word(session: Session, door: Door, now: datetime) -> None:
    assert now.weekday() == 0
    assert refusal(session, door, "lock", GUARD, now).code == "closed_on_mondays"
    workflow.move(session, door, "lock", by=GUARD, now=now.replace(day=24))
    assert door.state == "locked"


def test_what_can_be_begun_is_known_beforehand(door: Door) -> None:
    assert workflow.can(door, "open", PORTER)
    assert not workflow.can(door, "open", GUARD)
    assert not workflow.can(door, "close", PORTER)


def test_an_action_that_the_table_does_not_have_is_a_fault_of_ours(
    session: Session, door: Door, now: datetime
) -> None:
    with pytest.raises(KeyError):
        workflow.move(session, door, "paint", by=PORTER, now=now)


@dataclass
class Gate:
    """Something that is put aside, and goes back to where it was."""

    __tablename__: ClassVar[str] = "gate"
    transitions: ClassVar[Transitions] = {
        "mend": Transition(("open", "shut"), "mending", frozenset({"porter"}), keeps=True),
        "scrap": Transition(
            ("open", "shut", "mending"), "scrap", frozenset({"porter"}), keeps=True
        ),
        "hang": Transition(("mending", "scrap"), BACK, frozenset({"porter"})),
    }
    id: uuid.UUID
    state: str = "shut"
    state_before: str | None = None


def test_what_was_put_aside_twice_goes_back_to_where_it_was_at_first(
    session: Session, now: datetime
) -> None:
    gate = Gate(uuid.UUID(int=4))
    for action in ("mend", "scrap", "hang"):
        workflow.move(session, gate, action, by=PORTER, now=now)
    assert gate.state == "shut"

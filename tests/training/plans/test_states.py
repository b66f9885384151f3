"""A run opens only when it can be taken, and moves by its table alone."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import outbox, workflow
from app.kernel.actor import SYSTEM, Actor, Grant
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Conflict, Forbidden, Refused
from app.training.plans import service
from app.training.plans.states import TRANSITIONS, RunState
from tests import factories

OFFICE = Actor(grants=(Grant("office"),))
LEARNER = Actor(grants=(Grant("learner"),))


def test_a_run_without_material_is_not_opened(session: Session, now: datetime) -> None:
    run = factories.run(session, state="draft")
    factories.enrol(session, run, factories.person(session))
    with pytest.raises(Refused, match="run_has_no_material"):
        service.act(session, run.id, "open", by=OFFICE, now=now)


def test_a_run_with_a_material_that_is_not_published_is_not_opened(
    session: Session, now: datetime
) -> None:
    who = factories.person(session)
    materials = (
        factories.material(session, who),
        factories.material(session, who, "下書き", state="draft"),
    )
    run = factories.run(session, state="draft", materials=materials)
    factories.enrol(session, run, who)
    with pytest.raises(Refused) as refused:
        service.act(session, run.id, "open", by=OFFICE, now=now)
    assert (refused.value.code, refused.value.data) == (
        "run_material_unpublished",
        {"title": "下書き"},
    )


def test_a_run_without_learners_is_not_opened(session: Session, now: datetime) -> None:
    who = factories.person(session)
    run = factories.run(session, state="draft", materials=(factories.material(session, who),))
    factories.enrol(session, run, who, state="revoked")
    with pytest.raises(Refused, match="run_has_nobody"):
        service.act(session, run.id, "open", by=OFFICE, now=now)


def test_a_run_whose_days_are_over_is_neither_opened_nor_reopened(
    session: Session, now: datetime
) -> None:
    who = factories.person(session)
    past = {"learn_from": date(2026, 11, 1), "learn_until": date(2026, 11, 22)}
    for state, action in (("draft", "open"), ("ended", "reopen")):
        run = factories.run(
            session, state=state, materials=(factories.material(session, who),), **past
        )
        factories.enrol(session, run, who)
        with pytest.raises(Refused, match="run_is_over"):
            service.act(session, run.id, action, by=OFFICE, now=now)


def test_opening_a_run_is_audited_and_told(session: Session, now: datetime) -> None:
    who = factories.person(session)
    run = factories.run(
        session,
        state="draft",
        materials=(factories.material(session, who),),
        learn_until=date(2026, 11, 23) + timedelta(days=1),
        learn_from=date(2026, 11, 1),
    )
    factories.enrol(session, run, who)
    service.act(session, run.id, "open", by=OFFICE, now=now)
    assert run.state == RunState.OPEN
    audited = session.scalars(sa.select(AuditEvent).where(AuditEvent.subject_id == run.id)).one()
    assert (audited.action, audited.details) == ("run.open", {"from": "draft", "to": "open"})
    told = session.scalars(sa.select(outbox.Outgoing)).one()
    assert told.payload == {"table": "run", "id": str(run.id), "action": "open"}


@pytest.mark.parametrize(("state", "action"), list(itertools.product(RunState, TRANSITIONS)))
def test_a_run_has_no_way_that_its_table_does_not_name(
    session: Session, now: datetime, state: RunState, action: str
) -> None:
    run = factories.run(session, state=state)
    if state in TRANSITIONS[action].sources:
        assert workflow.can(run, action, OFFICE)
        with pytest.raises(Forbidden):
            service.act(session, run.id, action, by=LEARNER, now=now)
    else:
        assert not workflow.can(run, action, OFFICE)
        with pytest.raises(Conflict):
            service.act(session, run.id, action, by=OFFICE, now=now)
    assert run.state == state


def test_the_system_ends_a_run(session: Session, now: datetime) -> None:
    run = factories.run(session)
    service.act(session, run.id, "end", by=SYSTEM, now=now)
    assert run.state == RunState.ENDED

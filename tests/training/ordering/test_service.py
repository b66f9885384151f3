"""A whole audience is ordered at once, and once; who comes and goes is kept up with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import outbox
from app.kernel.actor import Actor, Grant
from app.kernel.errors import Refused
from app.kernel.notices.models import Notice
from app.kernel.open_days import OpenDays
from app.people.register.models import Appointment, ExclusionPeriod, Person
from app.people.sections.models import Section
from app.training.audiences import queries as audiences_queries
from app.training.audiences import service as audiences
from app.training.audiences.models import Condition
from app.training.enrolment import service as enrolment
from app.training.enrolment.models import Assignment, Enrolment
from app.training.offerings.models import Offering, Quota
from app.training.ordering import queries, service
from app.training.ordering.queries import LeftOut
from app.training.orders.models import Order, OrderLine
from app.training.orders.service import Header
from app.training.plans.models import Run
from tests import factories
from tests.training.counting import rows, statements

OFFICE = Actor(grants=(Grant("office"),))
HEADER = Header("総務部長", date(2026, 11, 24))


@dataclass
class Stage:
    """A run of e-learning that has to be taken, and whom it is for."""

    offering: Offering
    run: Run
    section: Section
    people: list[Person]


def prepared(
    session: Session,
    now: datetime,
    count: int = 3,
    *,
    is_dynamic: bool = False,
    state: str = "draft",
) -> Stage:
    """Prepare a run for the people of a section, each with an address."""
    section = factories.section(session)
    people = [
        factories.person(session, section=section, email="taro@example.jp") for _ in range(count)
    ]
    offering = factories.offering(session)
    offering.obligation = "mandatory"
    material = factories.material(session, people[0])
    run = factories.run(session, offered=offering, state=state, materials=(material,))
    condition = Condition(sections=(section.id,))
    audiences.settle(session, offering.id, condition, is_dynamic=is_dynamic, by=OFFICE, now=now)
    return Stage(offering, run, section, people)


def ordered(session: Session, stage: Stage, now: datetime) -> int:
    """Order the audience, and return how many were ordered now."""
    return service.order_all(session, stage.run.id, HEADER, by=OFFICE, now=now)[1]


def states(session: Session, stage: Stage) -> dict[object, str]:
    """Return the state of everybody's newest enrolment."""
    found = session.execute(
        sa.select(Enrolment.person_id, Enrolment.state)
        .where(Enrolment.run_id == stage.run.id)
        .order_by(Enrolment.id)
    )
    return {row.person_id: row.state for row in found}


def moved(session: Session, who: Person, section: Section) -> None:
    """Transfer somebody."""
    post = session.scalars(sa.select(Appointment).where(Appointment.person_id == who.id)).one()
    post.section_id = section.id
    session.flush()


def mails(session: Session) -> int:
    """Return how many mails wait."""
    query = sa.select(sa.func.count()).where(outbox.Outgoing.kind == outbox.Kind.MAIL)
    return session.scalar(query) or 0


@pytest.mark.requirement("ORD-08")
def test_an_audience_is_enrolled_ordered_and_told_once(session: Session, now: datetime) -> None:
    stage = prepared(session, now)
    assert ordered(session, stage, now) == 3
    assert states(session, stage) == {who.id: "ordered" for who in stage.people}
    assert stage.run.state == "open"
    [order] = session.scalars(sa.select(Order))
    assert (order.kind, order.issuer, order.issued_on) == ("order", "総務部長", HEADER.issued_on)
    assert set(session.scalars(sa.select(OrderLine.person_id))) == {w.id for w in stage.people}
    kinds = session.scalars(sa.select(Notice.kind)).all()
    assert kinds == ["order.issued"] * 3
    assert mails(session) == rows(session, Assignment) == 3
    # Again, restarted, and when the worker carries what opening the run has said: nothing twice.
    assert ordered(session, stage, now) == 0
    assert enrolment.tell_opened(session, stage.run.id, now) == 0
    for table, count in ((Order, 1), (OrderLine, 3), (Enrolment, 3), (Notice, 3)):
        assert rows(session, table) == count
    # Who comes to it later is ordered by another version of the same order.
    late = factories.person(session)
    audiences.add_listed(session, stage.offering.id, [late.id], by=OFFICE, now=now)
    assert ordered(session, stage, now) == 1
    versions = session.execute(sa.select(Order.serial, Order.version).order_by(Order.version)).all()
    assert [tuple(row) for row in versions] == [(1, 1), (1, 2)]


@pytest.mark.requirement("ORD-08")
def test_who_is_left_out_is_counted_by_why(session: Session, now: datetime) -> None:
    stage = prepared(session, now, 9)
    away, apart, gone, elsewhere, out, seated, decided, *free = stage.people
    session.add(ExclusionPeriod(person_id=away.id, valid_from=factories.LONG_AGO))
    apart.restricted_at, gone.left_on = now, date(2026, 3, 31)
    other = factories.run(session, offered=stage.offering)
    factories.enrol(session, other, elsewhere, "ordered")
    factories.enrol(session, stage.run, out, "declined")
    factories.enrol(session, stage.run, seated, "completed")
    factories.enrol(session, stage.run, decided)
    session.flush()
    found = queries.muster(session, stage.run, now)
    assert {post.person_id for post in found.new} == {who.id for who in free}
    assert (found.present, found.unordered, found.total) == (2, 1, 9)
    assert found.left_out == dict.fromkeys(LeftOut, 1)
    assert ordered(session, stage, now) == 2
    names = {away.id, apart.id, gone.id}
    assert not names & states(session, stage).keys()


@pytest.mark.requirement("ORD-08")
def test_ordering_many_takes_as_many_statements_as_ordering_one(
    session: Session, now: datetime
) -> None:
    counts = []
    for number in (1, 300):
        stage = prepared(session, now, number)
        with statements(session) as seen:
            assert ordered(session, stage, now) == number
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_what_cannot_be_ordered_at_once_is_refused_with_the_reason(
    session: Session, now: datetime
) -> None:
    stage = prepared(session, now)

    def refused(code: str) -> None:
        with pytest.raises(Refused, match=code), session.begin_nested():
            ordered(session, stage, now)

    stage.run.learn_until = stage.run.learn_from
    refused("run_is_over")
    stage.run.learn_until = stage.run.learn_from + timedelta(days=300)
    stage.run.capacity_max = 2
    refused("run_full")
    stage.run.capacity_max = None
    quota = Quota(offering_id=stage.offering.id, section_id=stage.section.id, at_most=2)
    session.add(quota)
    refused("quota_full")
    session.delete(quota)
    stage.run.kind = "classroom"
    refused("order_all_not_e_learning")
    stage.run.kind, stage.offering.obligation = "e_learning", "named"
    refused("order_all_not_mandatory")
    stage.offering.obligation = "mandatory"
    with pytest.raises(Refused, match="order_needs_issuer"):
        service.ask(session, stage.run.id, Header(" ", HEADER.issued_on), by=OFFICE, now=now)
    audiences.clear(session, stage.offering.id, by=OFFICE, now=now)
    refused("audience_needed")
    assert rows(session, Enrolment) == rows(session, Order) == 0


@pytest.mark.requirement("PLN-08", "ORD-08")
def test_who_comes_to_a_followed_audience_is_ordered_and_who_goes_before_they_begin_is_not_any_more(
    session: Session, now: datetime
) -> None:
    stage = prepared(session, now, is_dynamic=True)
    stays, begins, goes = stage.people
    comes = factories.person(session, email="jiro@example.jp")
    elsewhere = factories.section(session)
    assert ordered(session, stage, now) == 3
    begun = session.scalars(sa.select(Enrolment).where(Enrolment.person_id == begins.id)).one()
    factories.run(session, offered=stage.offering)  # open, but nobody was ordered into it
    session.execute(
        sa.update(Enrolment).where(Enrolment.id == begun.id).values(state="in_progress")
    )
    moved(session, begins, elsewhere)
    moved(session, goes, elsewhere)
    moved(session, comes, stage.section)
    days = OpenDays()
    later = now + timedelta(days=1)
    for added in (1, 0):
        done = service.follow(session, stage.offering.id, now=later)
        assert (done.added, done.ordered, done.refused) == (added, added, "")
        assert service.let_go(session, stage.offering.id, days, now=later, most=10) == added
    session.expire_all()
    assert states(session, stage) == {
        stays.id: "ordered",
        begins.id: "in_progress",
        goes.id: "revoked",
        comes.id: "ordered",
    }
    assert audiences_queries.meant(session, stage.offering.id) == {stays.id, begins.id, comes.id}
    kinds = session.scalars(sa.select(Order.kind).order_by(Order.version)).all()
    assert kinds == ["order", "order", "revocation"]
    # Back again: ordered again, and told again.
    moved(session, goes, stage.section)
    last = later + timedelta(days=1)
    assert service.follow(session, stage.offering.id, now=last).ordered == 1
    assert states(session, stage)[goes.id] == "ordered"
    told = sa.select(sa.func.count()).where(Notice.person_id == goes.id)
    assert session.scalar(told) == 2


@pytest.mark.requirement("PLN-08")
def test_who_was_taken_out_by_hand_is_not_ordered_by_the_condition_again(
    session: Session, now: datetime
) -> None:
    stage = prepared(session, now, is_dynamic=True)
    ordered(session, stage, now)
    session.execute(
        sa.update(Enrolment)
        .where(Enrolment.person_id == stage.people[0].id)
        .values(state="revoked", decided_at=now + timedelta(minutes=1))
    )
    done = service.follow(session, stage.offering.id, now=now + timedelta(days=1))
    assert (done.added, done.ordered) == (0, 0)


@pytest.mark.parametrize(("state", "expected"), [("open", "decided"), ("draft", None)])
def test_who_comes_is_put_into_a_run_as_the_run_is(
    session: Session, now: datetime, state: str, expected: str | None
) -> None:
    stage = prepared(session, now, is_dynamic=True, state=state)
    done = service.follow(session, stage.offering.id, now=now)
    assert done.ordered == (3 if expected else 0)
    assert set(states(session, stage).values()) == ({expected} if expected else set())
    assert rows(session, Order) == 0


def test_a_run_that_is_full_keeps_no_audience_from_being_kept(
    session: Session, now: datetime
) -> None:
    stage = prepared(session, now, is_dynamic=True)
    ordered(session, stage, now)
    stage.run.capacity_max = 3
    comes = factories.person(session, section=stage.section)
    done = service.follow(session, stage.offering.id, now=now)
    assert (done.added, done.ordered, done.refused) == (1, 0, "run_full")
    assert comes.id in (audiences_queries.meant(session, stage.offering.id) or ())

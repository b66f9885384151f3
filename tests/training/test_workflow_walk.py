"""One training from its call to the list of the absent, by the verbs alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.db import new_id
from app.kernel.errors import Refused
from app.kernel.open_days import OpenDays
from app.people.register.models import Person
from app.training.attendance import queries as attendance_queries
from app.training.attendance import service as attendance
from app.training.attendance.models import Announcement, Presence
from app.training.attendance.service import AbsenceReason, Noted
from app.training.candidacies import service as candidacies
from app.training.changes import service as changes
from app.training.changes.models import ChangeKind
from app.training.changes.service import Wish
from app.training.enrolment.models import Enrolment
from app.training.nominations import service as nominations
from app.training.offerings.models import Offering, Promotion, Quota
from app.training.orders import queries as orders_queries
from app.training.orders import service as orders
from app.training.orders.models import Order, OrderLine
from app.training.orders.service import Header
from app.training.plans import service as plans
from app.training.plans.models import Run, RunKind, RunSession
from app.training.plans.service import Limits, RunData
from app.training.programme.service import SessionData
from app.training.selection import service as selection
from tests import factories

DAYS = OpenDays()


@dataclass
class Stage:
    """An offering with two runs of one day each, five weeks from now, and a section of four."""

    session: Session
    now: datetime
    offering: Offering
    first: Run
    second: Run
    people: list[Person]
    office: Actor
    head: Actor

    def of(self, who: Person) -> Actor:
        """Return somebody as a learner."""
        return Actor(person_id=who.id, grants=(Grant("learner", frozenset()),))

    def seat_of(self, who: Person) -> Enrolment:
        """Return somebody's newest enrolment."""
        return self.session.scalars(
            sa.select(Enrolment).where(Enrolment.person_id == who.id).order_by(Enrolment.id.desc())
        ).first() or pytest.fail("no enrolment")


def planned(session: Session, now: datetime, *, capacity: int = 2) -> Stage:
    """Plan and call an offering."""
    office_person = factories.person(session)
    section = factories.section(session)
    people = [factories.person(session, f"架空 {n}子", section=section) for n in range(4)]
    head = factories.person(session, "架空 課長", section=section)
    office = Actor(person_id=office_person.id, grants=(Grant("office"),))
    training = factories.training(session, "新任係長研修")
    first = _run(session, training.id, date(2026, 12, 15), capacity, office, now)
    second = _run(session, training.id, date(2026, 12, 16), capacity, office, now)
    offering = session.get_one(Offering, first.offering_id)
    for run in (first, second):
        plans.act(session, run.id, "call", by=office, now=now)
    return Stage(
        session,
        now,
        offering,
        first,
        second,
        people,
        office,
        Actor(person_id=head.id, grants=(Grant("head", frozenset({section.id})),)),
    )


def _run(
    session: Session, training_id: object, day: date, capacity: int, by: Actor, now: datetime
) -> Run:
    start = clock.start_of(day) + timedelta(hours=9)
    data = RunData(
        day,
        day,
        420,
        kind=RunKind.CLASSROOM,
        capacity_max=capacity,
        limits=Limits("3週間前の金曜", "2週間前の金曜", "前開庁日17時"),
        sessions=(
            SessionData(start, start + timedelta(hours=3), "第1研修室"),
            SessionData(start + timedelta(hours=4), start + timedelta(hours=8), "第1研修室"),
        ),
    )
    return plans.plan(session, training_id, new_id(), data, by=by, now=now, days=DAYS)  # type: ignore[arg-type] # a key


def test_a_training_goes_from_its_call_to_the_list_of_the_absent(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    a, b, c, _ = stage.people
    # 推薦・申込: two apply, one is put forward by the section; the head approves.
    for who in (a, b):
        row = candidacies.apply(
            session, stage.offering.id, new_id(), [stage.first.id], by=stage.of(who), now=now
        )
        candidacies.act(session, row.id, "nominate", by=stage.head, now=now)
    section_id = session.scalars(sa.select(Enrolment.section_id)).first() or row.section_id
    [row] = nominations.add(session, stage.offering.id, section_id, [c.id], by=stage.head, now=now)
    candidacies.act(session, row.id, "nominate", by=stage.head, now=now)
    # 決定: two get the seats, one waits; nobody is enrolled before it is confirmed.
    for put in session.scalars(sa.select(candidacies.Candidacy)):
        is_c = put.person_id == c.id
        selection.propose(
            session,
            put.id,
            "waitlisted" if is_c else "selected",
            stage.first.id,
            by=stage.office,
            now=now,
        )
    assert session.scalars(sa.select(Enrolment)).all() == []
    done = selection.confirm(session, stage.offering.id, by=stage.office, now=now)
    assert (done.selected, done.waitlisted, done.not_selected) == (2, 1, 0)
    assert (stage.first.state, stage.second.state) == ("decided", "decided")
    # 命令: numbered, and acknowledged.
    order = orders.issue(
        session, stage.first.id, Header("区長", date(2026, 11, 24)), by=stage.office, now=now
    )
    assert (order.fiscal_year, order.serial, order.version, order.kind) == (2026, 1, 1, "order")
    assert {stage.seat_of(who).state for who in (a, b)} == {"ordered"}
    [line] = orders_queries.lines(session, order.id, clock.today(now), OrderLine.person_id == a.id)
    orders.acknowledge(session, line.id, by=stage.of(a), now=now)
    # 回変更: the seat in the other run, another version of the order, and the next one moves up.
    stage.offering.change_path, stage.offering.promotion = "head", Promotion.AUTOMATIC
    asked = changes.ask(
        session,
        stage.seat_of(a).id,
        Wish(ChangeKind.MOVE, "duty", run_id=stage.second.id),
        DAYS,
        by=stage.of(a),
        now=now,
    )
    assert (asked.state, stage.seat_of(a).run_id) == ("requested", stage.first.id)
    changes.approve(session, asked.id, DAYS, by=stage.head, now=now)
    assert (stage.seat_of(a).run_id, stage.seat_of(a).state) == (stage.second.id, "ordered")
    assert (stage.seat_of(c).run_id, stage.seat_of(c).state) == (stage.first.id, "ordered")
    versions = session.execute(
        sa.select(Order.version, Order.kind, Order.run_id).order_by(Order.version)
    ).all()
    assert [tuple(row) for row in versions] == [
        (1, "order", stage.first.id),
        (2, "change", stage.second.id),
        (3, "order", stage.first.id),
    ]
    # 欠席連絡 on the same morning, attendance, and who was absent.
    morning = clock.start_of(date(2026, 12, 15)) + timedelta(hours=8, minutes=10)
    sittings = attendance_queries.sittings(session, [stage.first.id])[stage.first.id]
    attendance.announce(
        session,
        stage.seat_of(b).id,
        [sittings[0].id],
        Announcement.ABSENT,
        AbsenceReason.DUTY,
        by=stage.of(b),
        now=morning,
    )
    for sitting in sittings:
        noted = {
            stage.seat_of(b).id: Noted(Presence.ABSENT),
            stage.seat_of(c).id: Noted(Presence.LATE, sitting.minutes - 30),
        }
        attendance.note(session, sitting.id, noted, by=stage.office, now=sitting.ends_at)
    marks = attendance_queries.marks(session, stage.first.id)
    gone = {
        who: attendance_queries.missed(sittings, marks[stage.seat_of(who).id]) for who in (b, c)
    }
    assert (gone[b].missed, gone[b].total, gone[c].missed) == (420, 420, 60)
    assert (gone[b].is_too_much(25), gone[c].is_too_much(25)) == (True, False)


def test_of_two_who_want_the_last_place_of_a_section_one_is_told_that_it_is_gone(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    a, b, *_ = stage.people
    rows = [
        candidacies.apply(
            session, stage.offering.id, new_id(), [stage.first.id], by=stage.of(who), now=now
        )
        for who in (a, b)
    ]
    session.add(Quota(offering_id=stage.offering.id, section_id=rows[0].section_id, at_most=1))
    session.flush()
    candidacies.act(session, rows[0].id, "nominate", by=stage.head, now=now)
    with pytest.raises(Refused, match="quota_full"):
        candidacies.act(session, rows[1].id, "nominate", by=stage.head, now=now)
    stage.offering.overflow = "waitlist"
    candidacies.act(session, rows[1].id, "nominate", by=stage.head, now=now)
    assert (rows[0].is_over_quota, rows[1].is_over_quota) == (False, True)


def test_an_order_never_changes(session: Session, now: datetime) -> None:
    stage = planned(session, now)
    row = candidacies.apply(
        session,
        stage.offering.id,
        new_id(),
        [stage.first.id],
        by=stage.of(stage.people[0]),
        now=now,
    )
    candidacies.act(session, row.id, "nominate", by=stage.head, now=now)
    selection.propose(session, row.id, "selected", stage.first.id, by=stage.office, now=now)
    selection.confirm(session, stage.offering.id, by=stage.office, now=now)
    order = orders.issue(
        session, stage.first.id, Header("区長", date(2026, 11, 24)), by=stage.office, now=now
    )
    order.issuer = "副区長"
    with pytest.raises(AssertionError), session.begin_nested():
        session.flush()


def test_the_sessions_of_a_run_are_kept_in_the_order_of_time(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    numbers = session.scalars(
        sa.select(RunSession.number)
        .where(RunSession.run_id == stage.first.id)
        .order_by(RunSession.starts_at)
    ).all()
    assert list(numbers) == [1, 2]
    assert stage.first.head_until == clock.end_of(date(2026, 12, 4))

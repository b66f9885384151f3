"""The odd cases that a training office meets, and what happens in each: one test a case."""

from __future__ import annotations

import threading
import uuid
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock, deadlines
from app.kernel.actor import Actor, Grant
from app.kernel.db import Database, new_id
from app.kernel.errors import KenshuError, Refused
from app.kernel.open_days import OpenDays
from app.people.heads import queries as heads
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Appointment, ExclusionPeriod, Person, PostKind
from app.training.attendance import queries as attendance_queries
from app.training.attendance import service as attendance
from app.training.attendance.models import Announcement, Attendance
from app.training.attendance.service import AbsenceReason
from app.training.candidacies import service as candidacies
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.changes import service as changes
from app.training.changes.models import ChangeKind
from app.training.changes.service import Wish
from app.training.enrolment import access as enrolment_access
from app.training.enrolment import queries as enrolment_queries
from app.training.enrolment.models import Enrolment
from app.training.following import service as following
from app.training.offerings.models import Obligation, Offering, Quota
from app.training.orders import service as orders
from app.training.orders.models import Order, OrderLine
from app.training.orders.service import Header
from app.training.roster import service as roster
from app.training.seats import queries as seats
from app.training.selection import service as selection
from tests import factories
from tests.kernel.conftest import committed
from tests.learning.attempts.test_at_once import together
from tests.training.test_workflow_walk import DAYS, Stage, planned

__all__ = ["committed"]


def put_forward(stage: Stage, who: Person) -> Candidacy:
    """Have somebody apply for the first run, and their head approve it."""
    row = candidacies.apply(
        stage.session,
        stage.offering.id,
        new_id(),
        [stage.first.id],
        by=stage.of(who),
        now=stage.now,
    )
    return candidacies.act(stage.session, row.id, "nominate", by=stage.head, now=stage.now)


def seated(stage: Stage, *people: Person) -> list[Enrolment]:
    """Have some people decided for the first run, and ordered."""
    for who in people:
        row = put_forward(stage, who)
        selection.propose(
            stage.session, row.id, "selected", stage.first.id, by=stage.office, now=stage.now
        )
    selection.confirm(stage.session, stage.offering.id, by=stage.office, now=stage.now)
    orders.issue(
        stage.session,
        stage.first.id,
        Header("区長", date(2026, 11, 24)),
        by=stage.office,
        now=stage.now,
    )
    return [stage.seat_of(who) for who in people]


def transferred(session: Session, who: Person, to: uuid.UUID, on: date) -> None:
    """End somebody's main post, and begin another in another section."""
    post = session.scalars(
        sa.select(Appointment).where(
            Appointment.person_id == who.id, Appointment.valid_to.is_(None)
        )
    ).one()
    post.valid_to = on - timedelta(days=1)
    session.add(
        Appointment(
            person_id=who.id,
            section_id=to,
            title_id=post.title_id,
            kind=PostKind.MAIN,
            valid_from=on,
        )
    )
    session.flush()


def headed(session: Session, section_id: uuid.UUID) -> Person:
    """Make a head of a section."""
    who = factories.person(
        session, "架空 新課長", section=session.get_one(factories.Section, section_id)
    )
    session.add(
        RoleGrant(
            person_id=who.id, role=Role.HEAD, section_id=section_id, valid_from=factories.LONG_AGO
        )
    )
    session.flush()
    return who


def test_edge_01_a_mass_transfer_leaves_the_seat_and_its_quota_where_they_were_decided(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    [seat] = seated(stage, stage.people[0])
    elsewhere = factories.section(session, "異動先の課")
    before = seat.section_id
    session.add(Quota(offering_id=stage.offering.id, section_id=before, at_most=3))
    transferred(session, stage.people[0], elsewhere.id, clock.today(now))
    assert (seat.state, seat.section_id) == ("ordered", before)
    [quota] = seats.ledger(session, stage.offering.id, clock.today(now)).of(before, "")
    assert quota.taken == 1


def test_edge_02_who_was_transferred_between_nomination_and_decision_stays_their_sections(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    row = put_forward(stage, stage.people[0])
    before = row.section_id
    transferred(session, stage.people[0], factories.section(session).id, clock.today(now))
    selection.propose(session, row.id, "selected", stage.first.id, by=stage.office, now=now)
    selection.confirm(session, stage.offering.id, by=stage.office, now=now)
    assert (row.section_id, stage.seat_of(stage.people[0]).section_id) == (before, before)


def test_edge_03_who_serves_in_two_sections_is_put_forward_by_either_and_seated_once(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    who = stage.people[0]
    second = factories.section(session, "兼務先の課")
    post = session.scalars(sa.select(Appointment).where(Appointment.person_id == who.id)).one()
    session.add(
        Appointment(
            person_id=who.id,
            section_id=second.id,
            title_id=post.title_id,
            kind=PostKind.CONCURRENT,
            valid_from=factories.LONG_AGO,
        )
    )
    session.flush()
    head = Actor(
        person_id=headed(session, second.id).id, grants=(Grant("head", frozenset({second.id})),)
    )
    [row] = candidacies.nominate_all(
        session, stage.offering.id, second.id, [who.id], by=head, now=now
    )
    assert row.section_id == second.id
    with pytest.raises(Refused, match="put_forward"):
        candidacies.apply(
            session, stage.offering.id, new_id(), [stage.first.id], by=stage.of(who), now=now
        )


def test_edge_08_who_leaves_loses_the_seat_and_what_is_open_and_keeps_what_was(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    gone, other = stage.people[:2]
    [seat] = seated(stage, gone)
    session.add(
        row := Candidacy(
            offering_id=factories.offering(session, factories.training(session)).id,
            person_id=other.id,
            section_id=seat.section_id,
            title_id=seat.title_id,
            created_at=now,
        )
    )
    for who in (gone, other):
        who.left_on = clock.today(now) - timedelta(days=1)
    session.flush()
    assert following.leave(session, DAYS, now) == 1
    assert (seat.state, row.state) == ("left", "withdrawn")
    assert following.leave(session, DAYS, now) == 0
    numbers = enrolment_queries.numbers(session, [stage.first.id], clock.today(now))
    assert stage.first.id not in numbers


def test_edge_09_who_was_away_over_a_mandatory_due_date_has_thirty_days_after_the_return(
    session: Session, now: datetime
) -> None:
    who = factories.person(session)
    material = factories.material(session, who)
    today = clock.today(now)
    run = factories.run(
        session,
        materials=(material,),
        learn_from=today - timedelta(days=60),
        learn_until=today - timedelta(days=10),
        state="ended",
    )
    seat = factories.enrol(session, run, who, state="ordered")
    session.add(
        ExclusionPeriod(
            person_id=who.id,
            valid_from=today - timedelta(days=90),
            valid_to=today - timedelta(days=5),
        )
    )
    session.flush()
    assert following.extend(session) == 0  # it is not mandatory
    session.get_one(Offering, run.offering_id).obligation = Obligation.MANDATORY
    session.flush()
    assert following.extend(session) == 1
    assert seat.extended_until == today + timedelta(days=25)
    actor = Actor(person_id=who.id, grants=(Grant("learner", frozenset()),))
    task = enrolment_access.assignment_for(session, actor, factories.assignment_of(session, seat))
    assert enrolment_access.refusal(task, now) is None
    assert [each.learn_until for each in enrolment_queries.tasks_of(session, who.id, now)] == [
        today + timedelta(days=25)
    ]
    assert following.extend(session) == 0


def test_edge_10_of_two_nominations_at_once_for_the_last_place_one_is_told(
    committed: Database, now: datetime
) -> None:
    with committed.unit_of_work() as session:
        stage = planned(session, now)
        rows = [
            candidacies.apply(
                session, stage.offering.id, new_id(), [stage.first.id], by=stage.of(who), now=now
            )
            for who in stage.people[:2]
        ]
        session.add(Quota(offering_id=stage.offering.id, section_id=rows[0].section_id, at_most=1))
        waiting, head, offering_id = [row.id for row in rows], stage.head, stage.offering.id
    lock = threading.Lock()

    def approve() -> str:
        with lock:
            key = waiting.pop()
        try:
            with committed.unit_of_work() as session:
                candidacies.act(session, key, "nominate", by=head, now=now)
        except KenshuError as error:
            return error.code
        return "nominated"

    assert sorted(together(2, approve)) == ["nominated", "quota_full"]
    with committed.reading() as session:
        [quota] = seats.ledger(session, offering_id, clock.today(now)).quotas
        assert (quota.taken, quota.left) == (1, 0)


def test_edge_12_an_order_withdrawn_after_learning_began_leaves_the_record_and_counts_nowhere(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    [seat] = seated(stage, stage.people[0])
    changes.end(session, seat.id, "revoke", "duty", DAYS, by=stage.office, now=now)
    kinds = session.scalars(
        sa.select(Order.kind)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(OrderLine.enrolment_id == seat.id)
        .order_by(Order.version)
    ).all()
    assert (seat.state, list(kinds)) == ("revoked", ["order", "revocation"])
    assert enrolment_queries.numbers(session, [stage.first.id], clock.today(now)) == {}


def test_edge_14_a_run_at_the_same_time_as_another_cannot_be_moved_to(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    who = stage.people[0]
    [seat] = seated(stage, who)
    other = planned(session, now)  # another training, on the same days
    roster.enrol(session, other.second.id, [who.id], by=stage.office, now=now)
    wish = Wish(ChangeKind.MOVE, "duty", run_id=stage.second.id)
    with pytest.raises(Refused, match="clashes"):
        changes.ask(session, seat.id, wish, DAYS, by=stage.of(who), now=now)


def test_edge_15_the_section_gives_notice_for_somebody_on_the_same_morning(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    [seat] = seated(stage, stage.people[0])
    [first, _] = attendance_queries.sittings(session, [stage.first.id])[stage.first.id]
    morning = first.starts_at - timedelta(minutes=50)
    attendance.announce(
        session,
        seat.id,
        [first.id],
        Announcement.ABSENT,
        AbsenceReason.LEAVE,
        by=stage.head,
        now=morning,
    )
    mark = session.scalars(sa.select(Attendance)).one()
    assert (mark.announced_at, mark.announced_by) == (morning, stage.head.person_id)
    with pytest.raises(Refused, match="session_over"):
        attendance.announce(
            session,
            seat.id,
            [first.id],
            Announcement.LATE,
            AbsenceReason.LEAVE,
            by=stage.head,
            now=first.ends_at + timedelta(minutes=1),
        )


def test_edge_17_a_deadline_on_a_closed_day_is_the_open_day_before() -> None:
    days = OpenDays()
    due = deadlines.moment("7日前", date(2027, 1, 8), days)
    assert due == clock.end_of(date(2026, 12, 28))
    assert deadlines.moment("前開庁日17時", date(2026, 5, 7), days) == datetime(
        2026, 5, 1, 17, tzinfo=clock.JST
    )


def test_edge_18_a_head_does_not_approve_their_own_application_and_the_one_above_does(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    assert stage.head.person_id is not None
    section_id = next(iter(stage.head.grants[0].sections or ()))
    both = (*stage.head.grants, Grant("learner", frozenset()))
    head = Actor(person_id=stage.head.person_id, grants=both)
    row = candidacies.apply(
        session, stage.offering.id, new_id(), [stage.first.id], by=head, now=now
    )
    with pytest.raises(Refused, match="own_approval"):
        candidacies.act(session, row.id, "nominate", by=head, now=now)
    above = Actor(
        person_id=factories.person(session).id, grants=(Grant("head", frozenset({section_id})),)
    )
    candidacies.act(session, row.id, "nominate", by=above, now=now)
    assert row.state == CandidacyState.NOMINATED


def test_edge_19_where_a_section_has_no_head_the_next_higher_one_is_asked(
    session: Session, now: datetime
) -> None:
    department = factories.section(session, "区民部")
    section = factories.section(session, "空席の課", parent=department)
    above = headed(session, department.id)
    near = heads.near_to(session, [section.id], Role.HEAD, now)
    assert near == {section.id: [above.id]}


def test_edge_31_the_issuer_is_named_for_each_order(session: Session, now: datetime) -> None:
    stage = planned(session, now)
    seated(stage, stage.people[0])
    roster.enrol(session, stage.second.id, [stage.people[1].id], by=stage.office, now=now)
    orders.issue(
        session, stage.second.id, Header("教育長", date(2026, 11, 24)), by=stage.office, now=now
    )
    issuers = session.scalars(sa.select(Order.issuer).order_by(Order.serial)).all()
    assert list(issuers) == ["区長", "教育長"]


def test_edge_32_a_course_from_march_to_april_belongs_to_the_year_in_which_it_begins(
    session: Session,
) -> None:
    run = factories.run(session, learn_from=date(2027, 3, 20), learn_until=date(2027, 4, 20))
    assert session.get_one(Offering, run.offering_id).fiscal_year == 2026

"""Each odd case of the workflow, by its number in the decided behaviours, and what comes of it."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.content.materials.models import Material
from app.keeping.retention import service as retention
from app.keeping.retention.models import ErasureLine, HoldReason
from app.kernel import clock, deadlines, workflow
from app.kernel.actor import Actor, Grant
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Database, new_id
from app.kernel.errors import Conflict, KenshuError, Refused
from app.kernel.holdings import RecordClass
from app.kernel.notices.models import Notice
from app.kernel.open_days import OpenDays
from app.kernel.outbox import Kind, Outgoing
from app.kernel.settings import Settings
from app.learning.records.models import Attempt, LearnerRecord
from app.people.heads import queries as heads
from app.people.imports.models import Mode
from app.people.merges import queries as merges_queries
from app.people.merges import service as merges
from app.people.operators import service as operators
from app.people.permission import queries as permission
from app.people.permission.models import Role, RoleGrant
from app.people.register import queries as register
from app.people.register.models import Appointment, ExclusionPeriod, Person, PostKind, StaffNumber
from app.people.sections.models import Section, SectionSuccessor
from app.training.attendance import queries as attendance_queries
from app.training.attendance import service as attendance
from app.training.attendance.models import Announcement, Attendance, Presence
from app.training.attendance.service import AbsenceReason, Noted
from app.training.audiences import service as audiences
from app.training.audiences.models import Condition
from app.training.candidacies import service as candidacies
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.changes import service as changes
from app.training.changes.models import ChangeKind
from app.training.changes.service import Wish
from app.training.digests import service as digests
from app.training.enrolment import access as enrolment_access
from app.training.enrolment import queries as enrolment_queries
from app.training.enrolment.models import Enrolment
from app.training.following import service as following
from app.training.life import service as life
from app.training.make_ups import service as make_ups
from app.training.naming import service as naming
from app.training.nominations import service as nominations
from app.training.notifying.service import say
from app.training.offerings.models import Obligation, Offering, Promotion, Quota
from app.training.ordering import service as ordering
from app.training.orders import service as orders
from app.training.orders.models import Order, OrderLine
from app.training.orders.service import Header
from app.training.plans import service as plans
from app.training.plans.models import ItemKind, Run, RunItem
from app.training.results import service as results
from app.training.results.service import Word
from app.training.roster import service as roster
from app.training.runs import queries as runs_queries
from app.training.seats import queries as seats
from app.training.selection import service as selection
from app.training.verdicts import service as verdicts
from app.training.verdicts.models import Override
from tests import factories
from tests.kernel.conftest import committed
from tests.learning import made as learning
from tests.learning.attempts.test_at_once import together
from tests.learning.player.conftest import Window, message
from tests.learning.surveying import held
from tests.people.importing import STAFF_HEAD, Importing
from tests.training.calling import calling
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


def sittings(stage: Stage, run: Run) -> list[attendance_queries.Sitting]:
    """Return the sittings of a run."""
    return attendance_queries.sittings(stage.session, [run.id])[run.id]


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
    [row] = nominations.add(session, stage.offering.id, second.id, [who.id], by=head, now=now)
    assert row.section_id == second.id
    with pytest.raises(Refused, match="put_forward"):
        candidacies.apply(
            session, stage.offering.id, new_id(), [stage.first.id], by=stage.of(who), now=now
        )


def test_edge_04_who_comes_back_under_a_new_number_is_the_same_person_and_parted_again_at_will(
    session: Session, settings: Settings, database: Database, now: datetime
) -> None:
    stage = planned(session, now)
    who, office = stage.people[0], stage.office
    [seat] = seated(stage, who)
    who.left_on, who.hired_on = clock.today(now) - timedelta(days=1), date(1990, 4, 1)
    section = session.get_one(Section, seat.section_id)
    twin = factories.person(session, who.name, number="90012", section=section)
    twin.hired_on = who.hired_on
    session.flush()
    # The same name and day of hiring are a suggestion, and nothing more.
    assert [pair.merged_id for pair in merges_queries.suggestions(session, now)] == [who.id]
    merge = merges.merge(session, twin, who, by=office, now=now)
    session.expire_all()
    assert seat.person_id == twin.id
    merges.unmerge(session, merge.id, by=office, now=now)
    session.expire_all()
    assert seat.person_id == who.id
    # A file that names the number of before says it outright.
    files = Importing(replace(settings, demo=False), database, now)
    number = session.scalars(
        sa.select(StaffNumber.number).where(StaffNumber.person_id == who.id)
    ).one()
    head = "職員番号,旧職員番号,氏名,所属コード,職名\n"
    files.bring(f"{head}70012,{number},{who.name},{section.code},再任用主事\n")
    assert register.person_by_number(session, "70012", now) == who.id


def test_edge_05_who_is_appointed_again_has_one_history_and_the_new_years_mandatory_training(
    session: Session, settings: Settings, database: Database, now: datetime
) -> None:
    files = Importing(replace(settings, demo=False), database, now)
    section = factories.section(session, code="0101")
    stage = planned(session, now)
    who = factories.person(session, "架空 任用", number="00012", section=section)
    before = factories.run(session, learn_from=date(2025, 5, 1), learn_until=date(2026, 3, 31))
    earlier = factories.enrol(session, before, who, state="in_progress")
    who.left_on = clock.today(now) - timedelta(days=3)
    session.flush()
    following.leave(session, DAYS, now)
    assert earlier.state == "left"
    # Every day those who are meant are brought up to date: who is not here is meant by nothing.
    made = factories.person(session, section=section)
    run = factories.run(session, materials=(factories.material(session, made),), state="open")
    offering = session.get_one(Offering, run.offering_id)
    offering.obligation, mandatory = Obligation.MANDATORY, Condition(sections=(section.id,))
    audiences.settle(session, offering.id, mandatory, is_dynamic=True, by=stage.office, now=now)
    ordering.follow(session, offering.id, now=now)
    mine = sa.select(Enrolment).where(Enrolment.person_id == who.id).order_by(Enrolment.id)
    assert session.scalars(mine).all() == [earlier]
    # Back after a gap, under the same number.
    files.bring(STAFF_HEAD + "00012,架空 任用,0101,,会計年度任用職員,\n")
    session.expire_all()
    assert (who.left_on, earlier.state) == (None, "left")
    assert ordering.follow(session, offering.id, now=now).added == 1
    assert [row.run_id for row in session.scalars(mine)] == [before.id, run.id]


def test_edge_06_a_paper_keeps_the_name_of_its_day_and_the_next_version_has_the_new_one(
    session: Session, settings: Settings, database: Database, now: datetime
) -> None:
    stage = planned(session, now)
    who = stage.people[0]
    [seat] = seated(stage, who)
    post = register.posts_of(session, [who.id], now)[0]
    section = session.get_one(Section, post.section_id)
    files = Importing(replace(settings, demo=False), database, now)
    files.bring(STAFF_HEAD + f"{post.number},新姓 零子,{section.code},,主事,\n")
    session.expire_all()
    wish = Wish(ChangeKind.MOVE, "duty", run_id=stage.second.id)
    request = changes.ask(session, seat.id, wish, DAYS, by=stage.of(who), now=now)
    changes.approve(session, request.id, DAYS, by=stage.office, now=now)
    names = sa.select(OrderLine.name).join(Order).where(OrderLine.person_id == who.id)
    assert session.scalars(names.order_by(Order.version)).all() == ["架空 0子", "新姓 零子"]
    changed = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "person.changed")
    ).one()
    assert (changed.details or {})["name"] == ["架空 0子", "新姓 零子"]


def test_edge_07_two_of_one_name_in_a_section_are_told_apart_by_number_and_title(
    office: FlaskClient, session: Session
) -> None:
    call = calling(session)
    twins = [call.people[0], factories.person(session, call.people[0].name, section=call.section)]
    factories.enter(office, session, call.coordinator)
    address = f"{call.path}?section={call.section.id}"
    picker = html.document_fromstring(office.get(address).text)
    data = {**call.place, "person": [str(who.id) for who in twins]}
    office.post(f"{call.path}/add", data=data)
    for page in (picker, html.document_fromstring(office.get(address).text)):
        rows = page.xpath(f"//tr[contains(., '{twins[0].name}')]")
        shown = [" ".join(row.text_content().split()) for row in rows]
        posts = register.posts_of(session, [who.id for who in twins], clock.now())
        for post in posts:
            assert any(post.number in text and post.title in text for text in shown)


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


def test_edge_11_capacity_goes_below_those_enrolled_only_by_who_is_to_wait(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    stay, go = seated(stage, stage.people[0], stage.people[1])
    less = replace(runs_queries.said(session, stage.first.id), capacity_max=1)
    with pytest.raises(Refused, match="capacity_below"):
        plans.reschedule(session, stage.first.id, less, by=stage.office, now=now, days=DAYS)
    assert stage.first.capacity_max == 2
    life.shrink(session, stage.first.id, 1, [go.id], DAYS, by=stage.office, now=now)
    waiting = session.scalars(
        sa.select(Candidacy).where(Candidacy.person_id == stage.people[1].id)
    ).one()
    assert (stay.state, go.state, waiting.state) == ("ordered", "revoked", "waitlisted")
    assert stage.first.capacity_max == 1
    # With more seats again, who waits takes one.
    stage.offering.promotion = Promotion.AUTOMATIC
    more = replace(runs_queries.said(session, stage.first.id), capacity_max=3)
    life.reschedule(session, stage.first.id, more, DAYS, by=stage.office, now=now)
    assert (waiting.state, stage.seat_of(stage.people[1]).state) == ("selected", "ordered")


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


def test_edge_13_what_was_attended_before_a_run_is_cancelled_counts_in_the_next(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    who = stage.people[0]
    [seat] = seated(stage, who)
    [morning, _] = sittings(stage, stage.first)
    came = {seat.id: Noted(Presence.PRESENT)}
    noon = morning.ends_at
    attendance.note(session, morning.id, came, by=stage.office, now=noon)
    life.act(session, stage.first.id, "cancel", by=stage.office, now=noon, reason="disaster")
    assert attendance_queries.marks_of(session, seat.id)[morning.id].presence == "present"
    wish = Wish(ChangeKind.MOVE, "duty", run_id=stage.second.id)
    request = changes.ask(session, seat.id, wish, DAYS, by=stage.of(who), now=noon)
    changes.approve(session, request.id, DAYS, by=stage.office, now=noon)
    after = stage.seat_of(who)
    assert (seat.state, after.run_id) == ("moved", stage.second.id)
    [same, other] = sittings(stage, stage.second)
    marks = attendance_queries.marks_of(session, after.id)
    assert (marks[same.id].presence, marks[same.id].minutes) == ("present", 180)
    assert other.id not in marks


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


def test_edge_16_who_makes_a_sitting_up_takes_a_seat_in_that_sitting_alone(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now, capacity=1)
    [seat] = seated(stage, stage.people[0])
    [morning, afternoon] = sittings(stage, stage.first)
    attendance.announce(
        session,
        seat.id,
        [morning.id],
        Announcement.ABSENT,
        AbsenceReason.DUTY,
        by=stage.of(stage.people[0]),
        now=now,
    )
    [same, _] = sittings(stage, stage.second)
    mark = make_ups.ask(session, seat.id, morning.id, same.id, by=stage.office, now=now)
    account = seats.runs(session, stage.offering.id)[stage.second.id]
    assert (account.taken, account.guests, account.left) == (0, 1, 0)
    by_session = session.execute(seats.guests(stage.offering.id)).all()
    assert [(row.session_id, row.guests) for row in by_session] == [(same.id, 1)]
    come = {seat.id: Noted(Presence.PRESENT)}
    attendance.note(session, same.id, come, by=stage.office, now=same.ends_at)
    assert (mark.presence, mark.session_id, mark.minutes) == ("made_up", morning.id, 180)
    with pytest.raises(Refused, match="make_up_not_needed"):
        make_ups.ask(session, seat.id, afternoon.id, same.id, by=stage.office, now=now)


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


def test_edge_20_a_run_of_last_year_can_be_mended_until_it_is_settled(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    [seat] = seated(stage, stage.people[0])
    [morning, afternoon] = sittings(stage, stage.first)
    stage.first.state, seat.state = "ended", "awaiting"
    session.flush()
    april = datetime(2027, 4, 20, 9, tzinfo=clock.JST)
    for sitting in (morning, afternoon):
        come = {seat.id: Noted(Presence.PRESENT)}
        attendance.note(session, sitting.id, come, by=stage.office, now=april)
    marks = attendance_queries.marks_of(session, seat.id)
    assert {mark.presence for mark in marks.values()} == {"present"}
    # A report that was given back after the year's close is written anew, and taken in.
    session.add(RunItem(run_id=stage.first.id, kind=ItemKind.REPORT, position=9))
    session.flush()
    said, of_a = {"learnt": "学んだ", "use": "使う"}, stage.of(stage.people[0])
    march = datetime(2027, 3, 30, 9, tzinfo=clock.JST)
    results.submit(session, seat.id, said, by=of_a, now=march)
    results.send_back(session, seat.id, Word("例を"), by=stage.office, now=april)
    results.submit(session, seat.id, said | {"use": "例：窓口"}, by=of_a, now=april)
    results.accept(session, seat.id, Word(), by=stage.office, now=april, is_unconfirmed=True)
    workflow.move(session, seat, "complete", by=stage.office, now=april)
    life.act(session, stage.first.id, "settle", by=stage.office, now=april)
    # A settled run takes no report, and no word is said to one any more.
    with pytest.raises(Refused, match="report_handed_in"):
        results.save(session, seat.id, said, now=april)
    with pytest.raises(Refused, match="report_closed"):
        results.send_back(session, seat.id, Word("もう一度"), by=stage.office, now=april)
    # From here on only a correction by the office, which says why and is kept.
    with pytest.raises(Refused, match="reason_needed"):
        verdicts.override(session, seat.id, "not_enough", "", by=stage.office, now=april)
    verdicts.override(session, seat.id, "not_enough", "mistake", by=stage.office, now=april)
    kept = session.get_one(Override, seat.id)
    assert (kept.is_enough, kept.reason, kept.decided_by) == (
        False,
        "mistake",
        stage.office.person_id,
    )


def test_edge_21_a_pass_stands_when_the_material_is_replaced_and_the_next_year_takes_the_new_one(
    session: Session, now: datetime
) -> None:
    version = learning.version(session)
    sitting = learning.launched(session, version, now)
    sitting.go()
    sitting.set(("cmi.core.lesson_status", "passed"), end=True)
    assert sitting.leave()
    newer = learning.newer_version(session, version, starts_anew=True)
    record = session.get_one(LearnerRecord, sitting.attempt.record_id)
    assert (record.status, sitting.attempt.version_id) == ("passed", version.id)
    next_year = learning.launched(session, newer, now, person_id=record.person_id)
    assert next_year.attempt.version_id == newer.id
    session.refresh(record)
    assert record.status == "passed"


def test_edge_22_what_was_done_in_the_last_second_counts_if_it_comes_within_the_hour(
    office: FlaskClient,
    content: FlaskClient,
    session: Session,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    last = clock.now().replace(microsecond=0) + timedelta(hours=1)
    who = factories.person(session)
    version = learning.version(session)
    material = session.get_one(Material, version.material_id)
    run = factories.run(session, materials=(material,), state="open")
    session.execute(sa.update(RunItem).where(RunItem.run_id == run.id).values(due_until=last))
    seat = factories.enrol(session, run, who, state="ordered")
    factories.enter(office, session, who)
    answer = office.post(f"/assignments/{factories.assignment_of(session, seat)}/launch")
    attempt = session.scalars(sa.select(Attempt)).one()
    window = Window(content, answer.location, attempt.id)
    assert window.at_step(1, "open").status_code == 200

    def at(minutes: int, sequence: int) -> int:
        moment = last + timedelta(minutes=minutes)
        monkeypatch.setattr("app.kernel.clock.now", lambda: moment)
        return window.commit(message(sequence)).status_code

    assert (at(-1, 1), attempt.late_at) == (200, None)
    assert at(59, 2) == 200
    session.refresh(attempt)
    assert (attempt.sequence, attempt.late_at) == (2, last + timedelta(minutes=59))
    assert at(settings.grace_minutes + 1, 3) == 410
    session.refresh(attempt)
    assert attempt.sequence == 2
    monkeypatch.undo()
    assert "受講期間の後に届いた記録があります" in office.get(f"/history/{attempt.record_id}").text


def test_edge_23_of_two_windows_on_one_course_the_newer_one_writes_and_no_score_is_lost(
    session: Session, now: datetime
) -> None:
    version = learning.version(session)
    older = learning.launched(session, version, now)
    older.go()
    older.set(("cmi.core.score.raw", "80"))
    newer = learning.launched(
        session,
        version,
        now,
        person_id=older.attempt.person_id,
        assignment_id=session.get_one(LearnerRecord, older.attempt.record_id).assignment_id,
    )
    newer.go()
    with pytest.raises(Conflict, match="superseded"):
        older.set(("cmi.core.score.raw", "10"))
    newer.set(("cmi.core.lesson_location", "5"))
    session.expire_all()
    assert newer.attempt.document["items"]["A"]["values"]["cmi.core.score.raw"] == "80"


def test_edge_24_who_has_no_address_is_told_on_screen_and_by_the_sections_coordinator(
    session: Session, now: datetime
) -> None:
    call = calling(session)
    call.coordinator.email = "shomu@ward.example"
    who = call.people[0]
    say(session, [who.id], "candidacy.waitlisted", {"title": "架空研修"}, "/", dedupe="x", now=now)
    notice = session.scalars(sa.select(Notice)).one()
    assert (notice.person_id, who.email) == (who.id, None)
    mails = sa.select(sa.func.count()).where(Outgoing.kind == Kind.MAIL)
    assert session.scalar(mails) == 0
    digests.tell_without_mail(session, DAYS, now + timedelta(minutes=1))
    told = session.scalars(sa.select(Notice).where(Notice.kind == "digest.no_address")).one()
    assert (told.person_id, told.data["count"]) == (call.coordinator.id, 1)
    assert session.scalar(mails) == 1


def test_edge_25_a_full_file_without_a_department_ends_nobodys_post(
    session: Session, settings: Settings, database: Database, now: datetime
) -> None:
    files = Importing(replace(settings, demo=False), database, now)
    kept, forgotten = (factories.section(session, code=code) for code in ("0101", "0202"))
    for n in range(18):
        factories.person(session, f"架空 {n}", number=f"{n:05}", section=kept)
    people = [factories.person(session, number=f"9{n:04}", section=forgotten) for n in range(2)]
    rows = "".join(f"{n:05},架空 {n},0101,,主事,\n" for n in range(18))
    batch = files.check(STAFF_HEAD + rows, mode=Mode.FULL)  # two of twenty are more than 5 %
    with pytest.raises(Refused, match="import_ends_too_many"):
        files.commit(batch.id)
    session.expire_all()
    assert all(register.post_of(session, who.id, now) for who in people)


def test_edge_26_what_waits_for_a_head_goes_to_the_head_of_what_came_after(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    who = stage.people[0]
    row = candidacies.apply(
        session, stage.offering.id, new_id(), [stage.first.id], by=stage.of(who), now=now
    )
    after = factories.section(session, "新しい課")
    before = session.get_one(Section, row.section_id)
    before.valid_to = clock.today(now) - timedelta(days=1)
    session.add(SectionSuccessor(section_id=before.id, successor_id=after.id))
    head = headed(session, after.id)
    assert heads.heads(session, now).of(before.id) == {head.id}
    by = Actor(person_id=head.id, grants=permission.grants_of(session, head.id, now))
    candidacies.act(session, row.id, "nominate", by=by, now=now)
    assert row.state == CandidacyState.NOMINATED


def test_edge_27_two_people_made_one_by_mistake_have_their_histories_back(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    one, other = seated(stage, *stage.people[:2])
    stage.people[1].left_on = clock.today(now) - timedelta(days=1)
    histories = [(seat.person_id, seat.run_id, seat.state) for seat in (one, other)]
    merge = merges.merge(session, *stage.people[:2], by=stage.office, now=now)
    merges.unmerge(session, merge.id, by=stage.office, now=now)
    session.expire_all()
    assert [(seat.person_id, seat.run_id, seat.state) for seat in (one, other)] == histories
    lines = session.execute(sa.select(OrderLine.enrolment_id, OrderLine.person_id)).all()
    assert dict(lines) == {one.id: one.person_id, other.id: other.person_id}
    written = session.scalars(
        sa.select(AuditEvent.action).where(AuditEvent.action.like("person.%merged"))
    ).all()
    assert sorted(set(written)) == ["person.merged", "person.unmerged"]


def test_edge_28_of_three_nameless_answers_nothing_is_broken_down_and_no_text_is_shown(
    office: FlaskClient, session: Session
) -> None:
    place = held(session, office, count=3)
    for who in place.people:
        place.hand_in(who, words="三人のうちの意見")
    clerk = factories.person(session, "研修 担当", roles=(Role.OFFICE,))
    factories.enter(office, session, clerk)
    page = office.get(f"/runs/{place.run.id}/survey").text
    assert "無記名の回答が3件なので、内訳と文章は表示しません" in page
    assert "三人のうちの意見" not in page
    assert "平均" not in page
    more = held(session, office, count=2, run=place.run, material=place.material)
    for who in more.people:
        more.hand_in(who, words="五人のうちの意見")
    page = office.get(f"/runs/{place.run.id}/survey").text
    assert page.count("三人のうちの意見") == 3
    assert "5人が回答、平均 4（" in page


def test_edge_29_what_is_due_is_not_erased_while_somebody_is_held_and_is_afterwards(
    session: Session, now: datetime
) -> None:
    who, office = factories.person(session), Actor(factories.person(session).id, (Grant("office"),))
    run = factories.run(session, learn_from=date(2019, 5, 1), learn_until=date(2019, 5, 31))
    factories.enrol(session, run, who, state="revoked")
    until = clock.today(now) + timedelta(days=30)
    with pytest.raises(Refused, match="hold_reason_unknown"):
        retention.hold(session, who.id, "because", until, by=office, now=now)
    retention.hold(session, who.id, HoldReason.DISCLOSURE, until, by=office, now=now)
    with pytest.raises(Refused, match="nothing_due"):
        retention.propose(session, RecordClass.REVOKED, by=office, now=now)
    after = now + timedelta(days=31)  # a hold has a last day
    row = retention.propose(session, RecordClass.REVOKED, by=office, now=after)
    lines = session.scalars(sa.select(ErasureLine).where(ErasureLine.erasure_id == row.id)).all()
    assert [line.person_id for line in lines] == [who.id]


def test_edge_30_who_is_not_on_the_staff_gets_no_seat_and_so_nothing_to_be_certified(
    session: Session, now: datetime
) -> None:
    stage = planned(session, now)
    operators.create(session, "受託 みほん", clock.today(now), Role.ADMINISTRATOR, now)
    outsider = session.scalars(sa.select(Person).where(Person.name == "受託 みほん")).one()
    offering_id, office = stage.offering.id, stage.office
    with pytest.raises(Refused, match="serves_no_more"):
        candidacies.apply(
            session, offering_id, new_id(), [stage.first.id], by=stage.of(outsider), now=now
        )
    named = naming.name_all(session, offering_id, [outsider.id], by=office, now=now)
    enrolled = roster.enrol(session, stage.first.id, [outsider.id], by=office, now=now)
    assert (named.named, enrolled.added) == (0, 0)
    assert session.scalars(sa.select(Enrolment)).all() == []


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

"""Whom a condition means, and what becomes of those who come and go."""

from __future__ import annotations

import itertools
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.errors import Refused
from app.learning.records.models import LearnerRecord
from app.people.register.models import Appointment, ExclusionPeriod, Person, PostKind, Title
from app.people.sections import service as sections
from app.training.audiences import queries, service
from app.training.audiences.models import AudienceMember, Condition, Years
from tests import factories
from tests.training.counting import statements

OFFICE = Actor(grants=(Grant("office"),))


def found(session: Session, condition: Condition, now: datetime) -> set[object]:
    """Return the keys of those whom a condition means."""
    return {row[0] for row in session.execute(queries.people(session, condition, now))}


def members(session: Session, offering_id: object) -> set[object]:
    """Return the keys of an audience."""
    return set(
        session.scalars(
            sa.select(AudienceMember.person_id).where(AudienceMember.offering_id == offering_id)
        )
    )


def post_of(session: Session, who: Person) -> Appointment:
    """Return somebody's one post."""
    return session.scalars(sa.select(Appointment).where(Appointment.person_id == who.id)).one()


@pytest.mark.requirement("PLN-07")
def test_each_part_of_a_condition_narrows_it(session: Session, now: datetime) -> None:
    above = factories.section(session, "総務部")
    below = factories.section(session, "人事課", parent=above)
    other = factories.section(session, "税務課")
    chief = Title(name="係長", grade="係長級", rank_order=30, employment_class="reappointed")
    session.add(chief)
    session.flush()
    top, low, far = (factories.person(session, section=place) for place in (above, below, other))
    post_of(session, low).title_id = chief.id
    post_of(session, far).job_type = "土木"
    # 兼務: where somebody serves beside their main post does not count.
    session.add(
        Appointment(
            person_id=far.id,
            section_id=above.id,
            title_id=chief.id,
            kind=PostKind.CONCURRENT,
            valid_from=factories.LONG_AGO,
        )
    )
    course = factories.training(session)
    factories.enrol(session, factories.run(session, course), top, "completed")
    factories.enrol(session, factories.run(session, course), low, "in_progress")
    gone = factories.person(session, section=above)
    gone.left_on = date(2026, 3, 31)
    session.flush()
    cases = {
        Condition(): {top, low, far},
        Condition(sections=(above.id,)): {top, low},
        Condition(sections=(above.id,), with_children=False): {top},
        Condition(titles=(chief.id,)): {low},
        Condition(grades=("係長級",)): {low},
        Condition(employment=("reappointed",)): {low},
        Condition(job_types=("土木",)): {far},
        Condition(completed=(course.id,)): {top},
        Condition(not_completed=(course.id,)): {low, far},
        Condition(sections=(above.id,), not_completed=(course.id,)): {low},
    }
    for condition, people in cases.items():
        assert found(session, condition, now) == {who.id for who in people}, condition
        assert Condition.of_json(condition.as_json()) == condition


@pytest.mark.requirement("PLN-07")
def test_years_are_counted_as_the_office_counts_them(session: Session, now: datetime) -> None:
    today = clock.today(now)
    days = [None, date(2026, 12, 1), today, date(2026, 4, 1), date(2026, 3, 31), date(2021, 7, 1)]
    people = [factories.person(session) for _ in days]
    for who, day in zip(people, days, strict=True):
        who.hired_on = who.promoted_on = day
    session.flush()
    for first, last in itertools.product((None, 1, 2, 6), (None, 1, 2, 6, 60)):
        years = Years(first, last)
        if not years.is_asked:
            continue
        meant = {
            who.id
            for who, day in zip(people, days, strict=True)
            if (year := clock.year_of(day, today)) and (first or 1) <= year <= (last or 99)
        }
        assert found(session, Condition(hired=years), now) == meant, years
        assert found(session, Condition(promoted=years), now) == meant, years


@pytest.mark.requirement("PLN-07")
def test_nobody_is_left_out_silently(session: Session, now: datetime) -> None:
    away, apart, undated, meant = (factories.person(session) for _ in range(4))
    for who in (away, apart, meant):
        who.hired_on = date(2026, 4, 1)
    apart.restricted_at = now
    session.add(ExclusionPeriod(person_id=away.id, valid_from=factories.LONG_AGO))
    session.flush()
    seen = queries.preview(session, Condition(hired=Years(1, 1)), now)
    assert {post.person_id for post in seen.people} == {away.id, meant.id}
    assert (seen.excluded, seen.restricted, seen.undated) == (1, 1, 1)
    assert undated.id not in {post.person_id for post in seen.people}


def test_a_section_that_has_ended_stands_for_those_that_came_after_it(
    session: Session, now: datetime
) -> None:
    old, new = factories.section(session, "旧課"), factories.section(session, "新課")
    who = factories.person(session, section=new)
    sections.end(session, old.id, on=date(2026, 3, 31), successor_ids=[new.id])
    assert found(session, Condition(sections=(old.id,)), now) == {who.id}


@pytest.mark.requirement("PLN-07", "PLN-08")
def test_a_fixed_audience_stays_and_a_followed_one_comes_and_goes(
    session: Session, now: datetime
) -> None:
    here, there = factories.section(session), factories.section(session)
    stays, begins, reads, goes, named = (factories.person(session, section=here) for _ in range(5))
    comes = factories.person(session, section=there)
    material = factories.material(session, stays)
    fixed, followed = (factories.offering(session, day=date(2026, 5, 1)) for _ in range(2))
    run = factories.run(session, offered=followed, materials=(material,))
    factories.enrol(session, run, begins, "in_progress")
    opened = factories.enrol(session, run, reads, "ordered")
    session.add(
        LearnerRecord(
            person_id=reads.id,
            material_id=material.id,
            assignment_id=factories.assignment_of(session, opened),
            status="in_progress",
        )
    )
    condition = Condition(sections=(here.id,))
    for offering, is_dynamic in ((fixed, False), (followed, True)):
        done = service.settle(
            session, offering.id, condition, is_dynamic=is_dynamic, by=OFFICE, now=now
        )
        assert (done.added, done.removed, done.total) == (5, 0, 5)
    service.add_listed(session, followed.id, [named.id], by=OFFICE, now=now)
    for who in (begins, reads, goes, named):
        post_of(session, who).section_id = there.id
    post_of(session, comes).section_id = here.id
    session.flush()
    for _ in range(2):
        service.add_new(session, followed, by=OFFICE, now=now)
        service.take_out_old(session, followed, by=OFFICE, now=now)
    # Begun by the state, begun by a record that no worker has followed yet, named one by one.
    kept = {stays.id, begins.id, reads.id, named.id}
    assert queries.meant(session, followed.id) == {*kept, comes.id}
    assert queries.meant(session, fixed.id) == {*kept, goes.id}
    of_goes = sa.select(AudienceMember).where(AudienceMember.person_id == goes.id)
    snapshot = session.scalars(of_goes.where(AudienceMember.offering_id == fixed.id)).one()
    assert snapshot.section_id == here.id
    assert queries.followed(session, now) == [followed.id]


def test_a_condition_that_has_become_nobodys_takes_nobody_out(
    session: Session, now: datetime
) -> None:
    title = factories.title(session, "技師")
    title.grade = "一般"
    who = factories.person(session)
    post_of(session, who).title_id = title.id
    session.flush()
    offering = factories.offering(session)
    condition = Condition(grades=("一般",))
    service.settle(session, offering.id, condition, is_dynamic=True, by=OFFICE, now=now)
    title.grade = "主事級"
    session.flush()
    assert service.take_out_old(session, offering, by=OFFICE, now=now) == []
    assert members(session, offering.id) == {who.id}
    with pytest.raises(Refused, match="audience_empty"):
        service.settle(session, offering.id, condition, is_dynamic=True, by=OFFICE, now=now)


def test_who_is_taken_out_by_name_is_neither_under_way_nor_brought_back_by_the_condition(
    session: Session, now: datetime
) -> None:
    begun, free = factories.person(session), factories.person(session)
    offering = factories.offering(session)
    factories.enrol(session, factories.run(session, offered=offering), begun, "completed")
    service.add_listed(session, offering.id, [begun.id, free.id], by=OFFICE, now=now)
    with pytest.raises(Refused, match="audience_begun"):
        service.remove(session, offering.id, begun.id, by=OFFICE, now=now)
    for _ in range(2):
        service.remove(session, offering.id, free.id, by=OFFICE, now=now)
    assert members(session, offering.id) == {begun.id}
    service.settle(session, offering.id, Condition(), is_dynamic=True, by=OFFICE, now=now)
    with pytest.raises(Refused, match="audience_followed"):
        service.remove(session, offering.id, free.id, by=OFFICE, now=now)
    service.clear(session, offering.id, by=OFFICE, now=now)
    assert queries.meant(session, offering.id) is None
    assert (offering.condition, offering.is_dynamic) == ({}, False)


def test_a_followed_condition_without_people_means_nobody(session: Session) -> None:
    offering = factories.offering(session)
    assert queries.meant(session, offering.id) is None
    offering.condition, offering.is_dynamic = Condition().as_json(), True
    assert queries.meant(session, offering.id) == frozenset()


def test_settling_costs_the_same_statements_however_many_are_meant(
    session: Session, now: datetime
) -> None:
    counts = []
    for number in (1, 60):
        place = factories.section(session)
        for _ in range(number):
            factories.person(session, section=place)
        offering = factories.offering(session)
        condition = Condition(sections=(place.id,))
        with statements(session) as seen:
            service.settle(session, offering.id, condition, is_dynamic=True, by=OFFICE, now=now)
            queries.preview(session, condition, now)
        counts.append(len(seen))
    assert counts[0] == counts[1]

"""Enrolling by list: in bulk, once, and only where it makes sense."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import db, outbox
from app.kernel.actor import Actor, Grant
from app.kernel.errors import Conflict, Forbidden, NotFound, Refused
from app.kernel.notices.models import Notice
from app.kernel.open_days import OpenDays
from app.learning.records.models import LearnerRecord
from app.people.register.models import Appointment, Person, StaffNumber
from app.training.changes import service as changes
from app.training.enrolment.models import Assignment, Enrolment
from app.training.roster import service
from tests import factories
from tests.training.counting import rows, statements

OFFICE = Actor(grants=(Grant("office"),))
LEARNER = Actor(grants=(Grant("learner"),))
MANY = 10_000


def many_people(session: Session) -> list[uuid.UUID]:
    """Make ten thousand people with their numbers and posts, in three statements."""
    section, title = factories.section(session), factories.title(session)
    keys = [db.new_id() for _ in range(MANY)]
    session.execute(
        sa.insert(Person),
        [{"id": key, "name": "架空 花子", "name_key": "架空花子"} for key in keys],
    )
    session.execute(
        sa.insert(StaffNumber),
        [
            {
                "id": db.new_id(),
                "person_id": key,
                "number": f"B{place:05}",
                "valid_from": factories.LONG_AGO,
            }
            for place, key in enumerate(keys)
        ],
    )
    session.execute(
        sa.insert(Appointment),
        [
            {
                "id": db.new_id(),
                "person_id": key,
                "section_id": section.id,
                "title_id": title.id,
                "kind": "main",
                "valid_from": factories.LONG_AGO,
            }
            for key in keys
        ],
    )
    return keys


def test_ten_thousand_people_take_as_many_statements_as_one(
    session: Session, now: datetime
) -> None:
    author = factories.person(session)
    materials = (factories.material(session, author), factories.material(session, author, "二つ目"))
    one, many = (factories.run(session, state="draft", materials=materials) for _ in range(2))
    keys = many_people(session)
    with statements(session) as for_one:
        service.enrol(session, one.id, keys[:1], by=OFFICE, now=now)
    with statements(session) as for_many:
        done = service.enrol(session, many.id, keys, by=OFFICE, now=now)
    assert len(for_many) == len(for_one)
    inserts = [text for text in for_many if text.startswith("INSERT")]
    assert [text.split()[2] for text in inserts] == [
        "enrolment", "assignment", "audit_event", "audit_person",
    ]  # fmt: skip
    assert done == service.Enrolled(MANY, 0)
    assert rows(session, Enrolment) == MANY + 1
    assert rows(session, Assignment) == 2 * (MANY + 1)


def test_the_same_list_again_changes_nothing(session: Session, now: datetime) -> None:
    run = factories.run(session)
    keys = [factories.person(session, email="taro@example.jp").id for _ in range(3)]
    assert service.enrol(session, run.id, keys[:2], by=OFFICE, now=now).added == 2
    assert service.enrol(session, run.id, keys, by=OFFICE, now=now) == service.Enrolled(1, 2)
    assert service.enrol(session, run.id, keys, by=OFFICE, now=now) == service.Enrolled(0, 3)
    assert rows(session, Enrolment) == rows(session, Notice) == rows(session, outbox.Outgoing) == 3


def test_an_enrolment_keeps_the_post_of_its_day(session: Session, now: datetime) -> None:
    section = factories.section(session, "税務課")
    who = factories.person(session, section=section)
    service.enrol(session, factories.run(session).id, [who.id], by=OFFICE, now=now)
    row = session.scalars(sa.select(Enrolment)).one()
    post = session.scalars(sa.select(Appointment).where(Appointment.person_id == who.id)).one()
    assert (row.section_id, row.title_id) == (section.id, post.title_id)


def test_who_has_left_is_not_enrolled(session: Session, now: datetime) -> None:
    who = factories.person(session)
    who.left_on = date(2026, 3, 31)
    session.flush()
    done = service.enrol(session, factories.run(session).id, [who.id], by=OFFICE, now=now)
    assert done == service.Enrolled(0, 1)


@pytest.mark.parametrize("state", ["ended", "cancelled"])
def test_a_run_that_is_over_takes_nobody(session: Session, now: datetime, state: str) -> None:
    run = factories.run(session, state=state)
    with pytest.raises(Refused, match="run_takes_nobody"):
        service.enrol(session, run.id, [factories.person(session).id], by=OFFICE, now=now)


def test_an_unknown_run_takes_nobody(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        service.enrol(session, uuid.uuid4(), [], by=OFFICE, now=now)


def test_who_joins_a_run_that_is_being_prepared_is_told_when_it_opens(
    session: Session, now: datetime
) -> None:
    run = factories.run(session, state="draft")
    service.enrol(session, run.id, [factories.person(session).id], by=OFFICE, now=now)
    assert rows(session, Notice) == 0


def test_a_revoked_enrolment_comes_back_to_where_its_records_are(
    session: Session, now: datetime
) -> None:
    who = factories.person(session)
    material = factories.material(session, who)
    enrolment = factories.enrol(session, factories.run(session, materials=(material,)), who)
    changes.end(session, enrolment.id, "revoke", "duty", OpenDays(), by=OFFICE, now=now)
    assert enrolment.state == "revoked"
    session.add(
        LearnerRecord(
            person_id=who.id,
            material_id=material.id,
            assignment_id=factories.assignment_of(session, enrolment),
            status="in_progress",
            started_at=now - timedelta(days=1),
        )
    )
    session.flush()
    service.restore(session, enrolment.id, by=OFFICE, now=now)
    assert enrolment.state == "in_progress"


def test_only_who_was_taken_out_is_brought_back_and_by_who_plans_it(
    session: Session, now: datetime
) -> None:
    enrolment = factories.enrol(session, factories.run(session), factories.person(session))
    with pytest.raises(Conflict):
        service.restore(session, enrolment.id, by=OFFICE, now=now)
    with pytest.raises(NotFound):
        service.restore(session, uuid.uuid4(), by=OFFICE, now=now)
    enrolment.state = "revoked"
    with pytest.raises(Forbidden):
        service.restore(session, enrolment.id, by=LEARNER, now=now)

"""What is measured on: a ward's staff, a course, and attempts that are under way."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.content.imports import service as imports
from app.content.materials import access as materials_access
from app.content.materials.models import Version
from app.kernel import clock
from app.kernel.db import new_id
from app.kernel.settings import Settings
from app.learning.records.models import LearnerRecord
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Appointment, Person, StaffNumber, Title
from app.people.sections import service as sections
from app.training.enrolment.models import Assignment, Enrolment
from app.training.offerings import service as offerings
from app.training.plans.models import Run, RunItem, Training
from content_packages.samples import build

SECTIONS = 100
STATUSES = ("not_started", "in_progress", "completed", "passed", "failed")


def staff(session: Session, count: int) -> list[Person]:
    """Add people, spread evenly over a hundred sections; the first belongs to the office."""
    begins = date(2020, 4, 1)
    places = [
        sections.found(session, f"{n:04}", f"第{n}課", on=begins, position=n)
        for n in range(SECTIONS)
    ]
    title = Title(id=new_id(), name="主事", rank_order=50)
    people = [Person(id=new_id(), name=f"架空 {n}", name_key=f"架空{n}") for n in range(count)]
    session.add_all([title, *people])
    session.flush()
    for place, person in enumerate(people):
        session.add(StaffNumber(person_id=person.id, number=f"{place:05}", valid_from=begins))
        session.add(
            Appointment(
                person_id=person.id,
                section_id=places[place % SECTIONS].id,
                title_id=title.id,
                valid_from=begins,
            )
        )
    session.add(RoleGrant(person_id=people[0].id, role=Role.OFFICE, valid_from=begins))
    session.flush()
    return people


def material(session: Session, settings: Settings, by: Person, now: datetime) -> Version:
    """Take one of our own packages in, and publish it."""
    path = build.build("plain_japanese", Path(settings.instance))
    examined = imports.examine(path, settings, lambda _done, _total: None)
    imports.keep(materials_access.store(settings), path)
    version = imports.add_version(session, examined, path.name, None, by=by.id, now=now)
    session.flush()
    return version


def run(session: Session, version: Version, people: list[Person], now: datetime) -> uuid.UUID:
    """Enrol everybody in a run, and give most of them a record, of every status."""
    training = Training(id=new_id(), code="B-1", title="全職員の研修", created_at=now)
    session.add(training)
    session.flush()
    year = clock.fiscal_year(clock.today(now))
    row = Run(
        id=new_id(),
        offering_id=offerings.of_year(session, training.id, year, now).id,
        number=1,
        state="open",
        learn_from=clock.today(now) - timedelta(days=10),
        learn_until=clock.today(now) + timedelta(days=10),
        minutes=30,
        created_at=now,
    )
    item = RunItem(id=new_id(), run_id=row.id, material_id=version.material_id, position=1)
    for each in (row, item):
        session.add(each)
        session.flush()
    assignments: list[Assignment] = []
    records: list[LearnerRecord] = []
    posts = {post.person_id: post for post in session.query(Appointment)}
    for place, person in enumerate(people):
        enrolment = Enrolment(
            id=new_id(),
            run_id=row.id,
            person_id=person.id,
            section_id=posts[person.id].section_id,
            title_id=posts[person.id].title_id,
            decided_at=now,
        )
        assignment = Assignment(id=new_id(), enrolment_id=enrolment.id, run_item_id=item.id)
        session.add(enrolment)
        assignments.append(assignment)
        status = STATUSES[place % len(STATUSES)]
        if status != "not_started":
            records.append(
                LearnerRecord(
                    person_id=person.id,
                    material_id=version.material_id,
                    assignment_id=assignment.id,
                    status=status,
                    score=80.0,
                    started_at=now,
                    last_at=now,
                    completed_at=now if status in ("completed", "passed") else None,
                )
            )
    # Rows without a relationship between their classes go in by the order of their keys.
    session.flush()
    session.add_all(assignments)
    session.flush()
    session.add_all(records)
    session.flush()
    return row.id

"""A run of e-learning that asks for a report, its people, and the heads above them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.learning.records.models import LearnerRecord
from app.people.permission.models import Role, RoleGrant
from app.people.permission.queries import grants_of
from app.people.register.models import Person
from app.people.sections.models import Section
from app.training.enrolment import service as enrolments
from app.training.enrolment.models import Enrolment
from app.training.plans.models import ItemKind, Run, RunItem, Training
from app.training.results import service
from app.training.results.models import ResultReport
from tests import factories

#: What is written in a report that has the usual fields.
SAID = {"learnt": "窓口での応対を学んだ。", "use": "明日の窓口から使う。", "opinion": ""}


@dataclass
class Reporting:
    """What a report stands among."""

    session: Session
    training: Training
    run: Run
    item: RunItem
    above: Section
    section: Section
    chief: Person
    head: Person
    clerk: Person
    people: list[Person]
    enrolments: list[Enrolment]

    def acting(self, who: Person) -> Actor:
        """Return somebody with the roles they hold now, without a request."""
        return Actor(person_id=who.id, grants=grants_of(self.session, who.id, clock.now()))

    def through(self, place: int = 0) -> Enrolment:
        """Have one of the people do what is to be learnt; return the enrolment."""
        row = self.enrolments[place]
        key = factories.assignment_of(self.session, row)
        material_id = self.session.scalars(
            sa.select(RunItem.material_id).where(
                RunItem.run_id == self.run.id, RunItem.kind == ItemKind.MATERIAL
            )
        ).one()
        self.session.add(
            LearnerRecord(
                person_id=row.person_id,
                material_id=material_id,
                assignment_id=key,
                status="completed",
                completed_at=clock.now(),
            )
        )
        self.session.flush()
        enrolments.follow(self.session, key, clock.now())
        return row

    def submit(self, place: int = 0) -> Enrolment:
        """Have one of the people hand in a report."""
        row = self.enrolments[place]
        by = self.acting(self.people[place])
        service.submit(self.session, row.id, SAID, by=by, now=clock.now())
        return row

    def state(self, place: int = 0) -> str:
        """Return how far the report of one of the people is."""
        self.session.expire_all()
        key = self.enrolments[place].id
        query = sa.select(ResultReport.state).where(ResultReport.enrolment_id == key)
        return self.session.scalar(query) or ""


def reporting(session: Session, *, count: int = 3, is_required: bool = True) -> Reporting:
    """Make it: the run ends in five days, and two people are above the section of the others."""
    above = factories.section(session, "区民部")
    section = factories.section(session, "窓口課", parent=above)
    chief = factories.person(session, "架空 部長", section=above)
    head = factories.person(session, "架空 課長", section=section)
    clerk = factories.person(session, "研修 担当", roles=(Role.OFFICE,))
    for who, where in ((chief, above), (head, section)):
        grant = {"role": Role.HEAD, "section_id": where.id, "valid_from": factories.LONG_AGO}
        session.add(RoleGrant(person_id=who.id, **grant))
    session.flush()
    people = [factories.person(session, f"架空 {n}子", section=section) for n in range(count)]
    training = factories.training(session, "新任係長研修")
    today = clock.today(clock.now())
    run = factories.run(
        session,
        training,
        learn_from=today - timedelta(days=20),
        learn_until=today + timedelta(days=5),
        materials=(factories.material(session, clerk),),
    )
    item = RunItem(run_id=run.id, kind=ItemKind.REPORT, position=9, is_required=is_required)
    session.add(item)
    session.flush()
    enrolled = [factories.enrol(session, run, who) for who in people]
    return Reporting(
        session, training, run, item, above, section, chief, head, clerk, people, enrolled
    )


def enter(client: FlaskClient, stage: Reporting, who: Person) -> None:
    """Sign somebody in, in the place of whoever is."""
    factories.enter(client, stage.session, who)

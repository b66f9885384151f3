"""Reads for taking several people out of a run."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.people.permission.access import PLANNING
from app.people.register.models import Person
from app.people.register.queries import newest_number
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import UNDER_WAY
from app.training.offerings.models import Offering
from app.training.plans.models import Run
from app.training.seat_page.access import reached


@dataclass(frozen=True)
class Chosen:
    """Somebody of a run who can be taken out of it."""

    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    number: str
    name: str
    section: str
    state: str


def chosen(
    session: Session,
    actor: Actor,
    run_id: uuid.UUID,
    enrolment_ids: Collection[uuid.UUID],
    day: date,
) -> list[Chosen]:
    """Return who of these is in the run, not through with it, and in the actor's reach."""
    number = newest_number(Person.id).label("number")
    rows = session.execute(
        sa.select(
            Enrolment.id, Person.id, number, Person.name, SectionVersion.name, Enrolment.state
        )
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Section, Section.id == Enrolment.section_id)
        .join(SectionVersion, sections.version_on(day))
        .where(
            Enrolment.run_id == run_id,
            Enrolment.id.in_(enrolment_ids),
            Enrolment.state.in_(UNDER_WAY),
            reached(actor, PLANNING, day),
        )
        .order_by(*sections.ORDER, number, Enrolment.id)
    )
    return [Chosen(*row) for row in rows]

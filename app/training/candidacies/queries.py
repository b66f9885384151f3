"""Reads of candidacies: what stands in somebody's way, and who is put forward."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.periods import valid
from app.people.register.models import Appointment, Person, Title
from app.people.register.queries import excluded_on, newest_number
from app.people.restriction import queries as restriction
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.audiences import queries as audiences
from app.training.candidacies.models import Candidacy, Preference
from app.training.candidacies.states import LIVE
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.offerings.models import Offering
from app.training.plans.models import Prerequisite, Run, Training


class Obstacle(StrEnum):
    """Why somebody cannot be put forward."""

    NOT_MEANT = "not_meant"
    COMPLETED_BEFORE = "completed_before"
    PREREQUISITE_MISSING = "prerequisite_missing"
    PUT_FORWARD = "put_forward"
    ENROLLED = "enrolled"
    EXCLUDED = "excluded"
    RESTRICTED = "restricted"


#: What the office may let pass, with a reason; the rest would make two of one.
PASSABLE = frozenset(
    {
        Obstacle.NOT_MEANT,
        Obstacle.COMPLETED_BEFORE,
        Obstacle.PREREQUISITE_MISSING,
        Obstacle.EXCLUDED,
    }
)


def obstacles(
    session: Session, offering: Offering, person_ids: Collection[uuid.UUID], now: datetime
) -> dict[uuid.UUID, list[Obstacle]]:
    """Return what stands in the way of each of some people; who is not named has a free way.

    Nine statements for any number of people.
    """
    wanted = set(person_ids)
    found: dict[uuid.UUID, list[Obstacle]] = defaultdict(list)

    def note(people: Collection[uuid.UUID], why: Obstacle) -> None:
        for person_id in wanted & set(people):
            found[person_id].append(why)

    meant = audiences.meant(session, offering.id)
    if meant is not None:
        note(wanted - meant, Obstacle.NOT_MEANT)
    training = session.get_one(Training, offering.training_id)
    if training.is_once:
        note(_completed(session, [training.id]), Obstacle.COMPLETED_BEFORE)
    required = session.scalars(
        sa.select(Prerequisite.required_id).where(Prerequisite.training_id == training.id)
    ).all()
    for training_id in required:
        note(wanted - _completed(session, [training_id]), Obstacle.PREREQUISITE_MISSING)
    note(_put_forward(session, offering.id), Obstacle.PUT_FORWARD)
    note(_enrolled(session, offering.id), Obstacle.ENROLLED)
    note(session.scalars(excluded_on(clock.today(now))).all(), Obstacle.EXCLUDED)
    note(restriction.restricted(session), Obstacle.RESTRICTED)
    return dict(found)


def _completed(session: Session, training_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    return set(
        session.scalars(
            sa.select(Enrolment.person_id)
            .join(Run, Run.id == Enrolment.run_id)
            .join(Offering, Offering.id == Run.offering_id)
            .where(
                Offering.training_id.in_(training_ids),
                Enrolment.state == EnrolmentState.COMPLETED,
            )
        )
    )


def _put_forward(session: Session, offering_id: uuid.UUID) -> set[uuid.UUID]:
    return set(
        session.scalars(
            sa.select(Candidacy.person_id).where(
                Candidacy.offering_id == offering_id, Candidacy.state.in_(LIVE)
            )
        )
    )


def _enrolled(session: Session, offering_id: uuid.UUID) -> set[uuid.UUID]:
    return set(
        session.scalars(
            sa.select(Enrolment.person_id)
            .join(Run, Run.id == Enrolment.run_id)
            .where(Run.offering_id == offering_id, Enrolment.state.in_(SEATED))
        )
    )


@dataclass(frozen=True)
class Line:
    """One candidacy, as lists show it."""

    id: uuid.UUID
    offering_id: uuid.UUID
    training: str
    person_id: uuid.UUID
    name: str
    number: str
    section_id: uuid.UUID
    section: str
    title: str
    grade: str
    route: str
    state: str
    rank: int | None
    is_over_quota: bool
    exception: str | None
    proposal: str | None
    run_id: uuid.UUID | None
    waiting: int | None
    answer: str | None
    entered_by: uuid.UUID | None
    created_at: datetime


def lines(day: date, *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the query of candidacies, with the columns of `Line`, by section and rank."""
    found = (
        sa.select(
            Candidacy.id,
            Candidacy.offering_id,
            Training.title,
            Person.id,
            Person.name,
            newest_number(Person.id).label("number"),
            Candidacy.section_id,
            SectionVersion.name,
            Title.name,
            Title.grade,
            Candidacy.route,
            Candidacy.state,
            Candidacy.rank,
            Candidacy.is_over_quota,
            Candidacy.exception,
            Candidacy.proposal,
            Candidacy.run_id,
            Candidacy.waiting,
            Candidacy.answer,
            Candidacy.entered_by,
            Candidacy.created_at,
        )
        .select_from(Candidacy)
        .join(Offering, Offering.id == Candidacy.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .join(Person, Person.id == Candidacy.person_id)
        .join(Section, Section.id == Candidacy.section_id)
        .join(SectionVersion, sections.version_on(day))
        .join(Title, Title.id == Candidacy.title_id)
        .where(*conditions)
        .order_by(*sections.ORDER, Candidacy.rank, sa.text("number"), Candidacy.id)
    )
    return cast("sa.Select[Any]", found)


def found(session: Session, day: date, *conditions: sa.ColumnElement[bool]) -> list[Line]:
    """Return the candidacies that fulfil conditions, by section and rank."""
    return [Line(*row) for row in session.execute(lines(day, *conditions))]


def moved(session: Session, candidacy_ids: Collection[uuid.UUID], day: date) -> set[uuid.UUID]:
    """Return whose people serve no more where they were put forward (異動済)."""
    serves = sa.exists().where(
        Appointment.person_id == Candidacy.person_id,
        Appointment.section_id == Candidacy.section_id,
        valid(Appointment, day),
    )
    query = sa.select(Candidacy.id).where(Candidacy.id.in_(candidacy_ids), ~serves)
    return set(session.scalars(query))


def preferences(
    session: Session, candidacy_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Return the runs that each candidacy asks for, in their order."""
    rows = session.execute(
        sa.select(Preference.candidacy_id, Preference.run_id)
        .where(Preference.candidacy_id.in_(candidacy_ids))
        .order_by(Preference.candidacy_id, Preference.position)
    )
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for candidacy_id, run_id in rows:
        found[candidacy_id].append(run_id)
    return dict(found)

"""Reads of trainings and runs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.errors import NotFound
from app.people.permission.access import Subject
from app.training.enrolment.models import Assignment, Enrolment
from app.training.offerings.models import Offering
from app.training.plans.models import Run, Training
from app.training.plans.states import RunState

#: States in which something of a run is still to come.
COMING = (
    *(RunState.DRAFT, RunState.CALLING, RunState.CLOSED),
    *(RunState.DECIDED, RunState.OPEN, RunState.POSTPONED),
)
#: A run whose deadline is nearer than this is shown on the office's home.
SOON = timedelta(days=14)


@dataclass(frozen=True)
class TrainingLine:
    """One training in the list."""

    id: uuid.UUID
    code: str
    title: str
    runs: int
    #: How many of its runs are in each state that something is still to come of.
    draft: int
    calling: int
    closed: int
    decided: int
    open: int
    postponed: int
    learn_until: date | None


@dataclass(frozen=True)
class TrainingPage:
    """One training, as its page shows it."""

    id: uuid.UUID
    code: str
    title: str
    purpose: str
    owner_id: uuid.UUID | None

    @property
    def subject(self) -> Subject:
        """What somebody acts for who acts for it."""
        return Subject(self.id, self.owner_id)


@dataclass(frozen=True)
class RunLine:
    """One run, with the training it belongs to."""

    id: uuid.UUID
    training_id: uuid.UUID
    code: str
    title: str
    number: int
    state: str
    learn_from: date
    learn_until: date
    minutes: int
    created_at: datetime
    kind: str
    offering_id: uuid.UUID
    fiscal_year: int
    #: The section that holds the training.
    owner_id: uuid.UUID | None

    @property
    def subject(self) -> Subject:
        """What somebody acts for who acts for its training."""
        return Subject(self.training_id, self.owner_id)


def _in_state(state: str) -> sa.ColumnElement[int]:
    return sa.func.count(sa.case((Run.state == state, 1)))


def trainings(
    words: str = "", state: str = "", *, visible: sa.ColumnElement[bool]
) -> sa.Select[Any]:
    """Return the query of the list, with the columns of `TrainingLine`, by code.

    `visible` is the condition on `Training` that whoever asks may see it.
    """
    query = cast(
        "sa.Select[Any]",
        sa.select(
            Training.id,
            Training.code,
            Training.title,
            sa.func.count(Run.id),
            *map(_in_state, COMING),
            sa.func.min(sa.case((Run.state == RunState.OPEN, Run.learn_until))),
        )
        .outerjoin(Offering, Offering.training_id == Training.id)
        .outerjoin(Run, Run.offering_id == Offering.id)
        .where(visible, *_containing(words))
        .group_by(Training.id)
        .order_by(Training.code),
    )
    if state:
        held = sa.select(Offering.training_id).join(Run, Run.offering_id == Offering.id)
        query = query.where(Training.id.in_(held.where(Run.state == state)))
    return query


def counts(session: Session, words: str = "", *, visible: sa.ColumnElement[bool]) -> dict[str, int]:
    """Return how many trainings have a run in each state; `""` counts them all."""
    rows = session.execute(
        sa.select(
            sa.func.count(Training.id.distinct()),
            *(
                sa.func.count(sa.case((Run.state == state, Training.id)).distinct())
                for state in RunState
            ),
        )
        .outerjoin(Offering, Offering.training_id == Training.id)
        .outerjoin(Run, Run.offering_id == Offering.id)
        .where(visible, *_containing(words))
    ).one()
    return dict(zip(("", *RunState), rows, strict=True))


def _containing(words: str) -> list[sa.ColumnElement[bool]]:
    return [
        sa.func.lower(Training.code + " " + Training.title).contains(word.lower(), autoescape=True)
        for word in words.split()
    ]


def training(session: Session, training_id: uuid.UUID) -> TrainingPage:
    """Return a training; raises NotFound."""
    row = session.get(Training, training_id)
    if row is None:
        raise NotFound
    return TrainingPage(row.id, row.code, row.title, row.purpose, row.owner_id)


def subject(session: Session, training_id: uuid.UUID) -> Subject:
    """Return a training as permission asks for it; raises NotFound."""
    return training(session, training_id).subject


def _runs(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    found = (
        sa.select(
            Run.id,
            Offering.training_id,
            Training.code,
            Training.title,
            Run.number,
            Run.state,
            Run.learn_from,
            Run.learn_until,
            Run.minutes,
            Run.created_at,
            Run.kind,
            Offering.id,
            Offering.fiscal_year,
            Training.owner_id,
        )
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(*conditions)
    )
    return cast("sa.Select[Any]", found)


def runs_of(session: Session, training_id: uuid.UUID) -> list[RunLine]:
    """Return the runs of a training, the newest first."""
    rows = session.execute(
        _runs(Training.id == training_id).order_by(Offering.fiscal_year.desc(), Run.number.desc())
    )
    return [RunLine(*row) for row in rows]


def run(session: Session, run_id: uuid.UUID) -> RunLine:
    """Return one run; raises NotFound."""
    row = session.execute(_runs(Run.id == run_id)).one_or_none()
    if row is None:
        raise NotFound
    return RunLine(*row)


def near_their_deadline(
    session: Session, now: datetime, most: int = 5, *, visible: sa.ColumnElement[bool]
) -> list[RunLine]:
    """Return the open runs whose deadline has passed or comes soon, the nearest first."""
    rows = session.execute(
        _runs(visible, Run.state == RunState.OPEN, Run.learn_until <= clock.today(now) + SOON)
        .order_by(Run.learn_until)
        .limit(most)
    )
    return [RunLine(*row) for row in rows]


def drafts(session: Session, most: int = 5, *, visible: sa.ColumnElement[bool]) -> list[RunLine]:
    """Return the runs that are being prepared, by their first day."""
    rows = session.execute(
        _runs(visible, Run.state == RunState.DRAFT).order_by(Run.learn_from).limit(most)
    )
    return [RunLine(*row) for row in rows]


def choices(session: Session) -> list[tuple[uuid.UUID, str]]:
    """Return every training by its code, for whoever says how far a role reaches."""
    rows = session.execute(
        sa.select(Training.id, Training.code, Training.title).order_by(Training.code)
    )
    return [(row.id, f"{row.code} {row.title}") for row in rows]


def training_of(session: Session, assignment_id: uuid.UUID) -> Subject | None:
    """Return the training that an assignment belongs to; None where it is not ours."""
    row = session.execute(
        sa.select(Training.id, Training.owner_id)
        .join(Offering, Offering.training_id == Training.id)
        .join(Run, Run.offering_id == Offering.id)
        .join(Enrolment, Enrolment.run_id == Run.id)
        .join(Assignment, Assignment.enrolment_id == Enrolment.id)
        .where(Assignment.id == assignment_id)
    ).one_or_none()
    return Subject(*row) if row else None

"""Reads of the plan: what a fiscal year offers, and each of its offerings."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.errors import NotFound
from app.people.permission.access import Subject
from app.people.sections import queries as sections
from app.people.sections.models import SectionVersion
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.offerings.models import Offering
from app.training.plans.models import Run, Training, TrainingCategory
from app.training.plans.states import RunState

#: What the filter by category calls trainings of none.
NO_CATEGORY = "none"


@dataclass(frozen=True)
class PlanLine:
    """One offering in the plan of its year."""

    id: uuid.UUID
    training_id: uuid.UUID
    code: str
    title: str
    category: str | None
    #: The section that holds it; None for the training office.
    owner: str | None
    provider: str
    obligation: str
    purpose: str
    target: str
    subjects: str
    #: How many runs, those that were cancelled aside; and of these:
    runs: int
    first_day: date | None
    last_day: date | None
    #: Seats of all of them together, of those that have a number.
    capacity: int | None


@dataclass(frozen=True)
class Offered:
    """What a year offers of a training, with its rules."""

    id: uuid.UUID
    training_id: uuid.UUID
    code: str
    title: str
    owner_id: uuid.UUID | None
    provider: str
    fiscal_year: int
    target: str
    subjects: str
    obligation: str
    approval_path: str
    change_path: str
    late_change: str
    overflow: str
    promotion: str
    promotion_rule: str
    absence_limit: int

    @property
    def subject(self) -> Subject:
        """What somebody acts for who acts for it."""
        return Subject(self.training_id, self.owner_id)


@dataclass(frozen=True)
class OfferedRun:
    """One run of an offering."""

    id: uuid.UUID
    number: int
    kind: str
    state: str
    learn_from: date
    learn_until: date
    capacity_min: int | None
    capacity_max: int | None
    #: People with a seat in it.
    seated: int


#: The condition on `Run` that it is part of the plan.
IS_HELD = Run.state != RunState.CANCELLED
#: What the runs of each offering come to.
_HELD = (
    sa.select(
        Run.offering_id,
        sa.func.count().label("runs"),
        sa.func.min(Run.learn_from).label("first_day"),
        sa.func.max(Run.learn_until).label("last_day"),
        sa.func.sum(Run.capacity_max).label("capacity"),
    )
    .where(IS_HELD)
    .group_by(Run.offering_id)
    .subquery()
)
#: The columns of `PlanLine`.
_LINE: tuple[Any, ...] = (
    Offering.id,
    Training.id,
    Training.code,
    Training.title,
    TrainingCategory.name,
    SectionVersion.name,
    Training.provider,
    Offering.obligation,
    Training.purpose,
    Offering.target,
    Offering.subjects,
    sa.func.coalesce(_HELD.c.runs, 0),
    _HELD.c.first_day,
    _HELD.c.last_day,
    _HELD.c.capacity,
)


def plan(
    fiscal_year: int,
    day: date,
    *,
    words: str = "",
    category: str = "",
    mine: sa.ColumnElement[bool],
) -> sa.Select[Any]:
    """Return the query of a year's plan, with the columns of `PlanLine`, by category and code.

    `mine` is the condition on `Training` that whoever asks plans it; `category` a key, or
    NO_CATEGORY.
    """
    found = (
        sa.select(*_LINE)
        .select_from(Offering)
        .join(Training, Training.id == Offering.training_id)
        .outerjoin(TrainingCategory, TrainingCategory.id == Training.category_id)
        .outerjoin(SectionVersion, sections.version_on(day, Training.owner_id))
        .outerjoin(_HELD, _HELD.c.offering_id == Offering.id)
        .where(
            Offering.fiscal_year == fiscal_year, mine, *_containing(words), *_of_category(category)
        )
        .order_by(TrainingCategory.position.is_(None), TrainingCategory.position, Training.code)
    )
    return cast("sa.Select[Any]", found)


def _containing(words: str) -> list[sa.ColumnElement[bool]]:
    return [
        sa.func.lower(Training.code + " " + Training.title).contains(word.lower(), autoescape=True)
        for word in words.split()
    ]


def _of_category(category: str) -> list[sa.ColumnElement[bool]]:
    if not category:
        return []
    if category == NO_CATEGORY:
        return [Training.category_id.is_(None)]
    try:
        return [Training.category_id == uuid.UUID(category)]
    except ValueError:
        return [sa.false()]


def states(
    session: Session, offering_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, dict[str, int]]:
    """Return how many runs of each offering are in each state."""
    rows = session.execute(
        sa.select(Run.offering_id, Run.state, sa.func.count())
        .where(Run.offering_id.in_(offering_ids))
        .group_by(Run.offering_id, Run.state)
    )
    found: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    for offering_id, state, count in rows:
        found[offering_id][state] = count
    return dict(found)


def years(session: Session) -> list[int]:
    """Return the fiscal years that have a plan."""
    return list(session.scalars(sa.select(Offering.fiscal_year).distinct()))


def offered(session: Session, offering_id: uuid.UUID) -> Offered:
    """Return what a year offers of a training; raises NotFound."""
    query: sa.Select[Any] = cast(
        "sa.Select[Any]",
        sa.select(
            Offering.id,
            Training.id,
            Training.code,
            Training.title,
            Training.owner_id,
            Training.provider,
            Offering.fiscal_year,
            Offering.target,
            Offering.subjects,
            Offering.obligation,
            Offering.approval_path,
            Offering.change_path,
            Offering.late_change,
            Offering.overflow,
            Offering.promotion,
            Offering.promotion_rule,
            Offering.absence_limit,
        )
        .join(Training, Training.id == Offering.training_id)
        .where(Offering.id == offering_id),
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return Offered(*row)


def runs(session: Session, offering_id: uuid.UUID) -> list[OfferedRun]:
    """Return the runs of an offering by their number."""
    seated = sa.func.count(sa.case((Enrolment.state.in_(SEATED), 1)))
    rows = session.execute(
        sa.select(
            Run.id,
            Run.number,
            Run.kind,
            Run.state,
            Run.learn_from,
            Run.learn_until,
            Run.capacity_min,
            Run.capacity_max,
            seated,
        )
        .outerjoin(Enrolment, Enrolment.run_id == Run.id)
        .where(Run.offering_id == offering_id)
        .group_by(Run.id)
        .order_by(Run.number)
    )
    return [OfferedRun(*row) for row in rows]


def of_training(session: Session, training_id: uuid.UUID) -> list[tuple[uuid.UUID, int]]:
    """Return the offerings of a training with their years, the newest first."""
    rows = session.execute(
        sa.select(Offering.id, Offering.fiscal_year)
        .where(Offering.training_id == training_id)
        .order_by(Offering.fiscal_year.desc())
    )
    return [(row.id, row.fiscal_year) for row in rows]


def not_offered(
    session: Session, fiscal_year: int, *, mine: sa.ColumnElement[bool]
) -> list[tuple[uuid.UUID, str]]:
    """Return the trainings that a year does not offer yet, by code."""
    offered = sa.select(Offering.training_id).where(Offering.fiscal_year == fiscal_year)
    rows = session.execute(
        sa.select(Training.id, Training.code, Training.title)
        .where(mine, Training.id.not_in(offered))
        .order_by(Training.code)
    )
    return [(row.id, f"{row.code} {row.title}") for row in rows]

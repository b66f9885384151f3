"""Reads of what is registered of trainings: categories, and what a training is by its nature."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.kernel.errors import NotFound
from app.people.sections import queries as sections
from app.people.sections.models import SectionVersion
from app.training.plans.models import Prerequisite, Training, TrainingCategory

#: The order of the categories, those of none last; for a statement that joins them.
ORDER = (TrainingCategory.position.is_(None), TrainingCategory.position)


@dataclass(frozen=True)
class CategoryLine:
    """One category in the list, with how many trainings are of it."""

    id: uuid.UUID
    name: str
    trainings: int


@dataclass(frozen=True)
class Required:
    """A training that is to be completed before another."""

    id: uuid.UUID
    code: str
    title: str


@dataclass(frozen=True)
class Nature:
    """What a training is, whatever the year."""

    category: str | None
    #: The section that holds it, as it is called on a day; None for the training office.
    owner: str | None
    provider: str
    is_once: bool
    required: tuple[Required, ...]


def categories(session: Session) -> list[CategoryLine]:
    """Return the categories in their order."""
    rows = session.execute(
        sa.select(TrainingCategory.id, TrainingCategory.name, sa.func.count(Training.id))
        .outerjoin(Training, Training.category_id == TrainingCategory.id)
        .group_by(TrainingCategory.id)
        .order_by(TrainingCategory.position, TrainingCategory.id)
    )
    return [CategoryLine(*row) for row in rows]


def category(session: Session, category_id: uuid.UUID) -> CategoryLine:
    """Return one category; raises NotFound."""
    found = next((row for row in categories(session) if row.id == category_id), None)
    if found is None:
        raise NotFound
    return found


def training(session: Session, training_id: uuid.UUID) -> Training:
    """Return a training's row, to be shown in its form; raises NotFound."""
    row = session.get(Training, training_id)
    if row is None:
        raise NotFound
    return row


def nature(session: Session, training_id: uuid.UUID, day: date) -> Nature:
    """Return what a training is; raises NotFound."""
    row = session.execute(
        sa.select(TrainingCategory.name, SectionVersion.name, Training.provider, Training.is_once)
        .select_from(Training)
        .outerjoin(TrainingCategory, TrainingCategory.id == Training.category_id)
        .outerjoin(SectionVersion, sections.version_on(day, Training.owner_id))
        .where(Training.id == training_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Nature(*row, required=tuple(required(session, training_id)))


def required(session: Session, training_id: uuid.UUID) -> list[Required]:
    """Return what is to be completed before a training, by code."""
    before = aliased(Training)
    rows = session.execute(
        sa.select(before.id, before.code, before.title)
        .join(Prerequisite, Prerequisite.required_id == before.id)
        .where(Prerequisite.training_id == training_id)
        .order_by(before.code)
    )
    return [Required(*row) for row in rows]

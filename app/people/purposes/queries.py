"""Reads of what people are told about their data: the wording of today, and those before it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.people.purposes.models import PurposeConfirmation, PurposeStatement
from app.people.register.models import Person


@dataclass(frozen=True)
class Statement:
    """One version of the wording; that of version 0 stands in `text`."""

    version: int
    purpose: str = ""
    viewers: str = ""
    retention: str = ""
    #: When and by whom it was written; None for version 0, and for somebody who was erased.
    created_at: datetime | None = None
    created_by: str | None = None


def is_confirmed(person_id: InstrumentedAttribute[uuid.UUID]) -> sa.ColumnElement[bool]:
    """Return the condition that somebody has confirmed the version that is shown now."""
    newest = sa.select(sa.func.max(PurposeStatement.version)).scalar_subquery()
    return (
        sa.select(PurposeConfirmation.id)
        .where(
            PurposeConfirmation.person_id == person_id,
            PurposeConfirmation.version == sa.func.coalesce(newest, 0),
        )
        .exists()
    )


def statements(session: Session) -> list[Statement]:
    """Return every version, the newest first; the last one is version 0."""
    rows = session.execute(
        sa.select(
            PurposeStatement.version,
            PurposeStatement.purpose,
            PurposeStatement.viewers,
            PurposeStatement.retention,
            PurposeStatement.created_at,
            Person.name,
        )
        .outerjoin(Person, Person.id == PurposeStatement.created_by)
        .order_by(PurposeStatement.version.desc())
    )
    return [*(Statement(*row) for row in rows), Statement(0)]


def present(session: Session) -> Statement:
    """Return the version that is shown now."""
    return statements(session)[0]


def has_confirmed(session: Session, person_id: uuid.UUID) -> bool:
    """Whether somebody has confirmed any version yet."""
    return bool(
        session.scalar(sa.select(sa.exists().where(PurposeConfirmation.person_id == person_id)))
    )


def confirmed_at(session: Session, person_id: uuid.UUID, version: int) -> datetime | None:
    """Return when somebody confirmed a version; None where they have not."""
    return session.scalar(
        sa.select(PurposeConfirmation.confirmed_at).where(
            PurposeConfirmation.person_id == person_id, PurposeConfirmation.version == version
        )
    )

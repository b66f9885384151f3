"""Reads of a portal's learners: with whom of the staff each is linked, and whose numbers are."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.db import portions
from app.kernel.periods import valid
from app.people.register.models import Person, StaffNumber
from app.people.register.queries import newest_number
from app.portals.learners.models import PortalLearner


@dataclass(frozen=True)
class LearnerRow:
    """A learner of a portal, as the page shows them."""

    id: uuid.UUID
    #: None for somebody of whom the portal says nothing.
    subject: str | None
    created_at: datetime
    #: Who of the staff it is; None while nobody knows.
    person_id: uuid.UUID | None
    name: str | None
    number: str | None
    linked_by: str | None
    linked_at: datetime | None


def learners(portal_id: uuid.UUID, words: str = "") -> sa.Select[Any]:
    """Return the query of a portal's learners with the columns of `LearnerRow`, the newest first.

    `words` are a part of what the portal knows somebody by.
    """
    query = (
        sa.select(
            PortalLearner.id,
            PortalLearner.subject,
            PortalLearner.created_at,
            PortalLearner.person_id,
            Person.name,
            newest_number(Person.id),
            PortalLearner.linked_by,
            PortalLearner.linked_at,
        )
        .outerjoin(Person, Person.id == PortalLearner.person_id)
        .where(PortalLearner.portal_id == portal_id)
        .order_by(PortalLearner.created_at.desc(), PortalLearner.id)
    )
    if words:
        query = query.where(PortalLearner.subject.contains(words, autoescape=True))
    return cast("sa.Select[Any]", query)


def is_of(session: Session, portal_id: uuid.UUID, learner_id: uuid.UUID) -> bool:
    """Whether a learner is one of a portal's."""
    query = sa.select(PortalLearner.id).where(
        PortalLearner.id == learner_id, PortalLearner.portal_id == portal_id
    )
    return session.scalar(query) is not None


def people_by_numbers(session: Session, numbers: Sequence[str], day: date) -> dict[str, uuid.UUID]:
    """Return who has each of these staff numbers on a day."""
    return {
        row.number: row.person_id
        for some in portions(numbers)
        for row in session.execute(
            sa.select(StaffNumber.number, StaffNumber.person_id)
            .where(StaffNumber.number.in_(some), valid(StaffNumber, day))
            .order_by(StaffNumber.valid_from)
        )
    }

"""The only way to an offering's audience on behalf of whoever plans the training."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.people.permission import access as permission
from app.people.permission.access import Subject
from app.training.audiences.models import Condition
from app.training.offerings.models import Offering
from app.training.plans.models import Training


@dataclass(frozen=True)
class OfferingHead:
    """An offering, as the pages of its people name it."""

    id: uuid.UUID
    training_id: uuid.UUID
    title: str
    fiscal_year: int
    is_dynamic: bool
    #: By which condition its people were found last; None where by none.
    condition: Condition | None

    @property
    def is_followed(self) -> bool:
        """Whether its people are those who fulfil the condition each day (動的)."""
        return self.is_dynamic and self.condition is not None


def planned(session: Session, actor: Actor, offering_id: uuid.UUID) -> OfferingHead:
    """Return an offering whose people, of whatever section, the actor may say.

    Raises NotFound, and Forbidden for who acts for the people of some sections only.
    """
    row = session.execute(
        sa.select(Offering, Training.title, Training.owner_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Offering.id == offering_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    offering, title, owner_id = row
    subject = Subject(offering.training_id, owner_id)
    permission.reach(actor, permission.PLANNING, subject, whole=True)
    return OfferingHead(
        offering.id,
        offering.training_id,
        title,
        offering.fiscal_year,
        offering.is_dynamic,
        Condition.of_json(offering.condition) if offering.condition else None,
    )

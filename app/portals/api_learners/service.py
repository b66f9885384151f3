"""Learners of other systems, and what they take: made known at their first launch."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.db import Base, insert_new, new_id
from app.kernel.errors import NotFound
from app.kernel.hashing import hashed
from app.learning.records.models import Attempt, LearnerRecord
from app.portals.api_learners.models import ApiLearner, ApiRegistration
from xapi.actors import identity

Row = TypeVar("Row", bound=Base)


def learner(
    session: Session, client_id: uuid.UUID, agent: Mapping[str, Any], now: datetime
) -> ApiLearner:
    """Return the learner that an agent is to a system; made known where nobody was yet."""
    key = hashed(identity(agent) or "")
    own = {"client_id": client_id, "identity_hash": key}
    return _known(session, ApiLearner, own, agent=dict(agent), created_at=now)


def registration(
    session: Session, learner_id: uuid.UUID, material_id: uuid.UUID, now: datetime
) -> ApiRegistration:
    """Return what a learner takes a material as, for the record; made at the first launch."""
    own = {"learner_id": learner_id, "material_id": material_id}
    return _known(session, ApiRegistration, own, created_at=now)


def _known(session: Session, model: type[Row], own: Mapping[str, object], **more: object) -> Row:
    """Return the row that has these unique values; made where nobody has made it yet."""
    query = sa.select(model).filter_by(**own)
    found = session.scalars(query).one_or_none()
    if found is None:
        insert_new(session, model, id=new_id(), **own, **more)
        found = session.scalars(query).one()
    return found


def attempt(session: Session, client_id: uuid.UUID, key: uuid.UUID) -> Attempt:
    """Return an attempt of a learner of a system's own. Raises NotFound for anybody else's."""
    query = (
        sa.select(Attempt)
        .join(LearnerRecord, LearnerRecord.id == Attempt.record_id)
        .join(ApiRegistration, ApiRegistration.id == LearnerRecord.assignment_id)
        .join(ApiLearner, ApiLearner.id == ApiRegistration.learner_id)
        .where(Attempt.id == key, ApiLearner.client_id == client_id)
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("registration_unknown")
    return found

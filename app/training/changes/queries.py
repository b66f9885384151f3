"""Reads of requests for a change."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.training.changes.models import ChangeRequest
from app.training.changes.states import PENDING
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.plans.models import RunSession


def pending_of(session: Session, enrolment_id: uuid.UUID) -> ChangeRequest | None:
    """Return the request that somebody has still to say a word on."""
    return session.scalars(
        sa.select(ChangeRequest).where(
            ChangeRequest.enrolment_id == enrolment_id, ChangeRequest.state.in_(PENDING)
        )
    ).first()


def clashes(
    session: Session, person_id: uuid.UUID, run_id: uuid.UUID, *, leaving: uuid.UUID | None = None
) -> list[uuid.UUID]:
    """Return the runs of a person whose sessions overlap those of a run; `leaving` is none of them.

    What is learnt alone clashes with nothing.
    """
    theirs, wanted = aliased(RunSession), aliased(RunSession)
    query = (
        sa.select(theirs.run_id)
        .distinct()
        .join(Enrolment, Enrolment.run_id == theirs.run_id)
        .join(
            wanted,
            sa.and_(wanted.starts_at < theirs.ends_at, theirs.starts_at < wanted.ends_at),
        )
        .where(
            Enrolment.person_id == person_id,
            Enrolment.state.in_(SEATED),
            wanted.run_id == run_id,
            theirs.run_id != run_id,
        )
    )
    if leaving is not None:
        query = query.where(theirs.run_id != leaving)
    return list(session.scalars(query))

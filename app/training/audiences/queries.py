"""Reads of whom an offering is for."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.training.audiences.models import AudienceMember


def meant(session: Session, offering_id: uuid.UUID) -> frozenset[uuid.UUID] | None:
    """Return whom an offering is for; None where nobody was named: it is for everybody."""
    found = session.scalars(
        sa.select(AudienceMember.person_id).where(AudienceMember.offering_id == offering_id)
    )
    return frozenset(found) or None

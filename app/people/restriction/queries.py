"""Who is restricted: what every wing asks before it puts somebody on a list or tells them."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.people.register.models import Person


def restricted(session: Session) -> set[uuid.UUID]:
    """Return everybody who is restricted: few at any time."""
    return set(session.scalars(sa.select(Person.id).where(Person.restricted_at.is_not(None))))

"""The register's revision: whatever changes people, numbers, posts, titles or sections moves it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.people.register.models import RegisterRevision


def revision(session: Session) -> int:
    """Return how often the register was changed."""
    return session.scalars(sa.select(RegisterRevision.number)).one()


def locked_revision(session: Session) -> int:
    """Return the same, and let nobody else change the register until the commit."""
    return session.scalars(sa.select(RegisterRevision.number).with_for_update()).one()


def bump(session: Session) -> None:
    """Note that the register has changed, until the commit before anybody else can change it."""
    session.execute(
        sa.update(RegisterRevision).values(number=RegisterRevision.number + 1),
        execution_options={"synchronize_session": False},
    )

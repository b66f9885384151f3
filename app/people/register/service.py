"""The register's revision: whatever changes people, numbers, posts, titles or sections moves it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.people.register.models import RegisterRevision


def bump(session: Session) -> int:
    """Note that the register has changed, and return its new revision.

    The row is locked until the end of the unit of work: changes come one after another, and a file
    that was checked at another revision is checked anew.
    """
    row = session.get_one(RegisterRevision, 1, with_for_update=True, populate_existing=True)
    row.number += 1
    session.flush()
    return row.number

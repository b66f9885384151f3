"""Founding, renaming, moving and ending sections, each from a day on."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.db import new_id
from app.people.sections.models import Section, SectionSuccessor, SectionVersion


def found(
    session: Session,
    code: str,
    name: str,
    *,
    on: date,
    parent_id: uuid.UUID | None = None,
    position: int = 0,
) -> Section:
    """Add a section that exists from a day on."""
    section = Section(id=new_id(), code=code, valid_from=on)
    session.add(section)
    session.flush()  # its version refers to it
    session.add(
        SectionVersion(
            section_id=section.id, name=name, parent_id=parent_id, position=position, valid_from=on
        )
    )
    session.flush()
    return section


def change(
    session: Session,
    section_id: uuid.UUID,
    *,
    name: str,
    parent_id: uuid.UUID | None,
    position: int,
    on: date,
) -> None:
    """Give a section another name or place from a day on; what it was until then is kept.

    A version that was to begin on that day or later is replaced: it never lasted a day.
    """
    later = sa.delete(SectionVersion).where(
        SectionVersion.section_id == section_id, SectionVersion.valid_from >= on
    )
    session.execute(later)
    session.execute(
        sa.update(SectionVersion)
        .where(SectionVersion.section_id == section_id)
        .where(sa.or_(SectionVersion.valid_to.is_(None), SectionVersion.valid_to >= on))
        .values(valid_to=on - timedelta(days=1))
    )
    session.add(
        SectionVersion(
            section_id=section_id, name=name, parent_id=parent_id, position=position, valid_from=on
        )
    )
    session.flush()


def end(
    session: Session, section_id: uuid.UUID, *, on: date, successor_ids: Iterable[uuid.UUID] = ()
) -> None:
    """End a section with the day before `on`, and say which sections take over its work."""
    section = session.get_one(Section, section_id)
    section.valid_to = on - timedelta(days=1)
    for successor_id in dict.fromkeys(successor_ids):
        session.merge(SectionSuccessor(section_id=section_id, successor_id=successor_id))
    session.flush()

"""Changing a title: its name, grade, rank and class of employment, for all who hold it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.people.register.models import Title
from app.people.register.service import bump


@dataclass(frozen=True)
class TitleData:
    """A title as it should be."""

    name: str
    grade: str
    rank_order: int
    employment_class: str


def title(session: Session, title_id: uuid.UUID, *, to_change: bool = False) -> Title:
    """Return a title; `to_change` locks it. Raises NotFound."""
    row = session.get(Title, title_id, with_for_update=True if to_change else None)
    if row is None:
        raise NotFound
    return row


def change(
    session: Session, title_id: uuid.UUID, data: TitleData, *, by: Actor, now: datetime
) -> None:
    """Put a title right; raises NotFound, and Refused("title_name_taken") for another's name."""
    row = title(session, title_id, to_change=True)
    changes: dict[str, list[Any]] = {}
    for field in fields(TitleData):
        old, new = getattr(row, field.name), getattr(data, field.name)
        if old != new:
            changes[field.name] = [old, new]
    if not changes:
        return
    try:
        with session.begin_nested():
            for name, (_, new) in changes.items():
                setattr(row, name, new)
    except IntegrityError as error:
        raise Refused("title_name_taken") from error
    bump(session)
    audit.record(
        session,
        "title.changed",
        by=by.person_id,
        now=now,
        subject=("title", title_id),
        details=changes,
    )

"""Reads for saying something: who may be told, and who is told which number."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.db import portions
from app.people.permission.queries import is_here
from app.people.register.models import Person


def counted(
    around: Mapping[uuid.UUID, Sequence[uuid.UUID]], counts: Mapping[uuid.UUID, int]
) -> dict[int, list[uuid.UUID]]:
    """Return who is told which number, given those around each section and its number.

    Whoever looks after several sections is told once, of all of them together.
    """
    sums: Counter[uuid.UUID] = Counter()
    for section_id, people in around.items():
        for person_id in people:
            sums[person_id] += counts.get(section_id, 0)
    found: dict[int, list[uuid.UUID]] = {}
    for person_id, count in sums.items():
        if count:
            found.setdefault(count, []).append(person_id)
    return found


def reachable(
    session: Session, person_ids: Collection[uuid.UUID], now: datetime
) -> dict[uuid.UUID, bool]:
    """Return those of some people who may be told something, and whether by mail, too.

    Nobody who is restricted, or has left.
    """
    wanted = list(dict.fromkeys(person_ids))
    has_address = {
        person_id: has
        for some in portions(wanted)
        for person_id, has in session.execute(
            sa.select(Person.id, Person.email.is_not(None)).where(
                Person.id.in_(some), Person.restricted_at.is_(None), is_here(clock.today(now))
            )
        )
    }
    return {each: has_address[each] for each in wanted if each in has_address}

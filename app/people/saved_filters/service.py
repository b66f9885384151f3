"""Keeping a list as it is narrowed and arranged, and letting go of it.

What somebody searched for is left out: it may be the name of a person, and of people nothing is
kept here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import Refused
from app.people.saved_filters import access
from app.people.saved_filters.models import SavedFilter

#: So many are kept of one list.
MOST = 20
#: Characters of a name.
MOST_NAME = 40
#: Characters of what an address says.
MOST_QUERY = 1_000
#: What an address says beside how the list is narrowed and arranged.
_LEFT_OUT = {"q", "page"}


@dataclass(frozen=True)
class FilterData:
    """A list as somebody wants it again."""

    endpoint: str
    name: str
    #: What its address says.
    query: str


def narrowed(query: str) -> str:
    """Return what an address says of how a list is narrowed and arranged; nothing where it is not.

    Neither the page nor the words that were searched for are part of it.
    """
    pairs = [pair for pair in parse_qsl(query) if pair[0] not in _LEFT_OUT]
    return urlencode(pairs)


def keep(session: Session, data: FilterData, *, by: Actor, now: datetime) -> SavedFilter:
    """Keep a list under a name; the same name again takes the place of the former.

    Raises Refused: "filter_name_needed", "filter_empty", "filter_too_long", "filters_too_many"
    (most).
    """
    if not data.name or len(data.name) > MOST_NAME or not data.name.isprintable():
        raise Refused("filter_name_needed", most=MOST_NAME)
    query = narrowed(data.query)
    if not query:
        raise Refused("filter_empty")
    if len(query) > MOST_QUERY:
        raise Refused("filter_too_long")
    own = (SavedFilter.person_id == by.known_id, SavedFilter.endpoint == data.endpoint)
    rows = {row.name: row for row in session.scalars(sa.select(SavedFilter).where(*own))}
    row = rows.get(data.name)
    if row is None:
        if len(rows) >= MOST:
            raise Refused("filters_too_many", most=MOST)
        row = SavedFilter(
            person_id=by.known_id, endpoint=data.endpoint, name=data.name, created_at=now
        )
        session.add(row)
    row.query = query
    session.flush()
    return row


def forget(session: Session, filter_id: uuid.UUID, *, by: Actor) -> str:
    """Let go of one, and return its name; raises NotFound for anybody else's."""
    row = access.own(session, by, filter_id)
    session.delete(row)
    session.flush()
    return row.name

"""Reads of notices to those who have no address: who they are, and what they have not read."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.notices import queries as notices
from app.kernel.notices.models import MailState, Notice, NoticeTemplate
from app.kernel.notices.queries import Unread
from app.people.register.models import Person
from app.people.register.queries import serving
from app.people.sections.models import Section

_UNREAD = sa.and_(Notice.mail == MailState.NO_ADDRESS, Notice.read_at.is_(None))


def readers(section_ids: Collection[uuid.UUID] | None, now: datetime) -> sa.Select[Any]:
    """Return the query of those in some sections (None: all) who wait for notices on paper.

    With the columns of `register.queries.Post`.
    """
    waits = sa.exists().where(Notice.person_id == Person.id, _UNREAD)
    query = serving(now).where(Person.email.is_(None), Person.restricted_at.is_(None), waits)
    return query if section_ids is None else query.where(Section.id.in_(section_ids))


def unread(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Unread]]:
    """Return the unread notices of some people, newest first, in one statement."""
    rows = session.execute(
        sa.select(Notice, NoticeTemplate.title, NoticeTemplate.text)
        .outerjoin(NoticeTemplate, notices.HAS_WORDS)
        .where(Notice.person_id.in_(person_ids), _UNREAD)
        .order_by(Notice.created_at.desc(), Notice.id.desc())
    )
    found: dict[uuid.UUID, list[Unread]] = defaultdict(list)
    for row, *own in rows:
        wording = notices.wording_of(*own)
        found[row.person_id].append(Unread(row.id, row.kind, row.data, row.created_at, wording))
    return found

"""Reads of notices: what a person has not opened yet, and by which words it is told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.notices.models import MailState, Notice, NoticeTemplate
from app.kernel.notices.text import Wording

#: That a notice has the words of one version; version 0 and restored words have none.
HAS_WORDS = sa.and_(NoticeTemplate.kind == Notice.kind, NoticeTemplate.version == Notice.version)


@dataclass(frozen=True)
class Unread:
    """One notice, before it has its words."""

    id: uuid.UUID
    kind: str
    data: dict[str, Any]
    created_at: datetime
    #: The office's own words for it, where it was told by them.
    wording: Wording | None


def unread(session: Session, person_id: uuid.UUID, most: int = 5) -> list[Unread]:
    """Return a person's unread notices, newest first, in one statement."""
    rows = session.execute(
        sa.select(Notice, NoticeTemplate.title, NoticeTemplate.text)
        .outerjoin(NoticeTemplate, HAS_WORDS)
        .where(Notice.person_id == person_id, Notice.read_at.is_(None))
        .order_by(Notice.created_at.desc(), Notice.id.desc())
        .limit(most)
    )
    return [
        Unread(row.id, row.kind, row.data, row.created_at, wording_of(*own)) for row, *own in rows
    ]


def wording_of(title: str | None, text: str | None) -> Wording | None:
    """Return the office's own words; None where a version is of those that come with us."""
    return None if title is None else Wording(title, text or "")


def wording(session: Session, kind: str, version: int) -> Wording | None:
    """Return the office's own words of one version of a kind."""
    row = session.execute(
        sa.select(NoticeTemplate.title, NoticeTemplate.text).where(
            NoticeTemplate.kind == kind, NoticeTemplate.version == version
        )
    ).one_or_none()
    return wording_of(*row) if row else None


def present_version(session: Session, kind: str) -> int:
    """Return the version by which a kind is told now; 0 are the words that come with us."""
    newest = sa.select(sa.func.max(NoticeTemplate.version)).where(NoticeTemplate.kind == kind)
    return session.scalar(newest) or 0


def failed_mails(session: Session) -> int:
    """Return how many mails were given up, and wait for somebody to see to them."""
    failed = sa.select(sa.func.count()).where(
        Notice.mail_error.is_not(None), Notice.mail == MailState.FAILED
    )
    return session.scalar(failed) or 0

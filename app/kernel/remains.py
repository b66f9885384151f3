"""What the kernel keeps of people: notices with their mails, and the remains of jobs and outbox."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.holdings import (
    AT_ONCE,
    Counts,
    Due,
    Erasing,
    Holding,
    RecordClass,
    delete,
    forget_doer,
    moment_before,
)
from app.kernel.jobs import Job
from app.kernel.notices.models import Notice, NoticeTemplate
from app.kernel.outbox import Outgoing
from app.kernel.settings import Settings
from app.kernel.system.models import SystemState


def _notices_due(before: date) -> Due:
    return (
        sa.select(Notice.person_id, sa.func.count(), sa.func.min(Notice.created_at))
        .where(Notice.created_at < moment_before(before))
        .group_by(Notice.person_id)
    )


def _erase_notices(session: Session, person_id: uuid.UUID | None, before: date) -> Counts:
    is_old = Notice.created_at < moment_before(before)
    return delete(session, Notice, Notice.person_id == person_id, is_old)


def _ended(model: type[Job] | type[Outgoing], before: date) -> sa.ColumnElement[bool]:
    return (Job.ended_at if model is Job else Outgoing.done_at) < moment_before(before)


def _done_due(before: date) -> Due:
    """Return what was done and is of no use any more; nobody is named in it."""
    rows = sa.union_all(
        sa.select(Job.ended_at.label("at")).where(_ended(Job, before)),
        sa.select(Outgoing.done_at.label("at")).where(_ended(Outgoing, before)),
    ).subquery()
    return sa.select(sa.null(), sa.func.count(), sa.func.min(rows.c.at))


def _erase_done(session: Session, person_id: uuid.UUID | None, before: date) -> Counts:
    gone: Counter[str] = Counter()
    if person_id is None:
        for model in (Job, Outgoing):
            keys = session.scalars(sa.select(model.id).where(_ended(model, before)).limit(AT_ONCE))
            gone += delete(session, model, model.id.in_(keys.all()))
    return gone


def erase_person(session: Session, person_id: uuid.UUID) -> Counts:
    """Erase somebody's notices and the mails that wait for them."""
    keys = session.scalars(sa.select(Notice.id).where(Notice.person_id == person_id)).all()
    about = Outgoing.payload["notice_id"].as_string().in_(map(str, keys))
    by = Outgoing.payload["person_id"].as_string() == str(person_id)
    gone = delete(session, Outgoing, sa.or_(about, by))
    forget_doer(
        session,
        person_id,
        Job.created_by,
        Job.for_id,
        NoticeTemplate.created_by,
        SystemState.begun_by,
    )
    return gone + delete(session, Notice, Notice.person_id == person_id)


def erase_mails(session: Session, person_id: uuid.UUID, settings: Settings) -> int:
    """Delete somebody's mails from the folder that mail is kept in where none is sent."""
    keys = session.scalars(sa.select(Notice.id).where(Notice.person_id == person_id)).all()
    found = [path for key in keys for path in settings.mailbox.glob(f"{key}@*.eml")]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


HOLDINGS = (
    Holding(RecordClass.REMAINS, _notices_due, _erase_notices),
    Holding(RecordClass.REMAINS, _done_due, _erase_done),
)
ERASING = Erasing("kernel", erase_person, erase_mails)

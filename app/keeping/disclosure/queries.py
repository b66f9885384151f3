"""Reads of disclosure: the whole bundle of one person, and the bundles that were asked for."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.keeping.disclosure import learning, operating, register
from app.keeping.disclosure.dossier import Dossier, Item, Table, written
from app.keeping.disclosure.masking import Masking
from app.keeping.disclosure.models import Disclosure
from app.kernel import clock, jobs
from app.kernel.errors import NotFound
from app.people.register.models import Person, StaffNumber

#: How long a bundle waits to be fetched.
KEPT = timedelta(hours=24)
#: The items up to this number are the register's.
REGISTERED = 11


def person_of(session: Session, number: str) -> uuid.UUID:
    """Return whose staff number this is or was last; raises NotFound."""
    found = session.scalar(
        sa.select(StaffNumber.person_id)
        .where(StaffNumber.number == number)
        .order_by(StaffNumber.valid_from.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound
    return found


def dossier(session: Session, person_id: uuid.UUID, now: datetime) -> Dossier:
    """Return all that is held about one person, without a word of anybody else."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    masking = Masking(session, person_id)
    found = [
        *register.items(session, person),
        *learning.items(session, person_id),
        operating.item(session, person_id, masking),
    ]
    return Dossier(
        number=found[0].value,
        name=person.name,
        made_at=now,
        items=tuple(_masked(_dated(item, now), masking) for item in found),
        documents=masking.value(learning.documents(session, person_id)),
    )


def _dated(item: Item, now: datetime) -> Item:
    """Return an item with its day: what the system itself has recorded is of the present day."""
    is_recorded = not 1 <= item.number <= REGISTERED
    return replace(item, as_of=written(clock.today(now))) if is_recorded else item


def _masked(item: Item, masking: Masking) -> Item:
    tables = tuple(Table(held.code, masking.value(held.rows)) for held in item.tables)
    return replace(item, tables=tables)


@dataclass(frozen=True)
class Asked:
    """One bundle, as its page shows it."""

    id: uuid.UUID
    created_at: datetime
    #: The state of its job.
    status: str
    #: Why it could not be made: code and data of a refusal.
    code: str
    data: dict[str, Any]
    fetched_at: datetime | None
    #: Until when it can be fetched.
    until: datetime

    def can_be_fetched(self, now: datetime) -> bool:
        """Whether its file is there."""
        is_made = self.status == jobs.State.DONE
        return is_made and self.fetched_at is None and now < self.until


def asked(session: Session, person_id: uuid.UUID) -> list[Asked]:
    """Return the bundles of one person, the newest first."""
    rows = session.execute(
        sa.select(Disclosure, jobs.Job)
        .join(jobs.Job, jobs.Job.id == Disclosure.job_id)
        .where(Disclosure.person_id == person_id)
        .order_by(Disclosure.created_at.desc())
        .limit(10)
    )
    return [
        Asked(
            id=row.id,
            created_at=row.created_at,
            status=job.status,
            code=job.result.get("code", ""),
            data=job.result.get("data", {}),
            fetched_at=row.fetched_at,
            until=(job.ended_at or row.created_at) + KEPT,
        )
        for row, job in rows
    ]

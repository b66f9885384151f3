"""Allotting the seats of an offering to sections and grades."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.people.sections import queries as sections
from app.training.offerings.models import Quota
from app.training.quotas import queries
from app.training.quotas.queries import Frame
from app.training.seats import service as seats


@dataclass(frozen=True)
class QuotaData:
    """What a section (None: every section), a grade (empty: all), or both may send."""

    section_id: uuid.UUID | None
    grade: str
    at_least: int
    at_most: int


def allot(
    session: Session,
    offering_id: uuid.UUID,
    wanted: Collection[QuotaData],
    *,
    may_exceed: bool,
    by: Actor,
    now: datetime,
) -> None:
    """Make these the quotas of an offering, and no others; its seats are locked meanwhile.

    Raises Refused("quota_below_taken") for one that is lowered below the places that are taken, and
    Refused("quotas_exceed_capacity") where they add up to more than the runs have seats, unless
    that is wanted knowingly. Nothing is changed then.
    """
    seats.locked(session, offering_id)
    today = clock.today(now)
    before = queries.frame(session, offering_id, today)
    with session.begin_nested():
        _write(session, offering_id, wanted)
        after = queries.frame(session, offering_id, today)
        _refuse_below_taken(session, before, after, now)
        if not may_exceed and after.capacity is not None and after.sums.most > after.capacity:
            raise Refused("quotas_exceed_capacity", total=after.sums.most, capacity=after.capacity)
    audit.record(
        session,
        "offering.allotted",
        by=by.person_id,
        now=now,
        subject=("offering", offering_id),
        details={
            "count": len(wanted),
            "total": [before.sums.most, after.sums.most],
            "exceeds": may_exceed,
        },
    )


def _write(session: Session, offering_id: uuid.UUID, wanted: Collection[QuotaData]) -> None:
    known = {
        (row.section_id, row.grade): row
        for row in session.scalars(sa.select(Quota).where(Quota.offering_id == offering_id))
    }
    for data in wanted:
        row = known.pop((data.section_id, data.grade), None)
        if row is None:
            row = Quota(offering_id=offering_id, section_id=data.section_id, grade=data.grade)
            session.add(row)
        row.at_least, row.at_most = data.at_least, data.at_most
    for row in known.values():
        session.delete(row)
    session.flush()


def _refuse_below_taken(session: Session, before: Frame, after: Frame, now: datetime) -> None:
    """Hold to what is taken; who was beyond their quota before may stay so."""
    for key, account in after.accounts.items():
        old = before.accounts.get(key)
        is_lowered = old is None or account.at_most < old.at_most
        if is_lowered and account.at_most < account.taken:
            names = sections.names(session, clock.today(now))
            raise Refused(
                "quota_below_taken",
                place=names.get(account.section_id, "") if account.section_id else account.grade,
                section_id=account.section_id,
                grade=account.grade,
                most=account.at_most,
                taken=account.taken,
            )

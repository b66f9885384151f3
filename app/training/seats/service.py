"""Giving seats away: the one function that every way into an offering asks.

The offering's row is the lock. Whoever would take a seat holds it from the look at the ledger to
the end of the transaction, so that of two who want the last one, one is told that it is gone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.errors import NotFound, Refused
from app.people.register.models import Title
from app.people.sections import queries as sections
from app.training.offerings.models import Offering
from app.training.seats import queries
from app.training.seats.queries import Account, Ledger


@dataclass(frozen=True)
class Seat:
    """What is asked for: a place of a section, for a person of a grade."""

    section_id: uuid.UUID
    grade: str


def locked(session: Session, offering_id: uuid.UUID) -> Offering:
    """Return an offering whose seats nobody else gives away meanwhile; raises NotFound."""
    row = session.get(Offering, offering_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def of_posts(session: Session, posts: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> list[Seat]:
    """Return the seats that people with these posts, (section, title), would take."""
    grades = {row.id: row.grade for row in session.execute(sa.select(Title.id, Title.grade))}
    return [Seat(section_id, grades[title_id]) for section_id, title_id in posts]


def reserve(
    session: Session,
    offering: Offering,
    seats: Iterable[Seat],
    *,
    now: datetime,
    run_id: uuid.UUID | None = None,
) -> None:
    """See that an offering, which is `locked`, has these seats left, in a run where one is named.

    What is then written takes them. Raises Refused("quota_full") for the first section that has
    no place left, and Refused("run_full") where the run has not enough of them.
    """
    wanted = list(seats)
    ledger = queries.ledger(session, offering.id, clock.today(now))
    _refuse_beyond_quota(session, ledger, wanted, now)
    if run_id is not None:
        left = ledger.runs[run_id].left
        if left is not None and left < len(wanted):
            raise Refused("run_full", left=left, wanted=len(wanted))


def _refuse_beyond_quota(
    session: Session, ledger: Ledger, wanted: list[Seat], now: datetime
) -> None:
    charged: dict[uuid.UUID, Account] = {}
    for seat in wanted:
        for quota in ledger.of(seat.section_id, seat.grade):
            known = charged.get(quota.id, quota)
            if not known.left:
                named = sections.names(session, clock.today(now))
                place = named.get(known.section_id or seat.section_id, "")
                raise Refused("quota_full", section=place, most=known.at_most, grade=known.grade)
            charged[quota.id] = replace(known, taken=known.taken + 1)

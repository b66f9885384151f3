"""Saying whom an offering is for: by a condition, fixed or followed, and by name.

Nobody who has begun is ever taken out by a condition. Who was named stays until they are taken out
by name. The offering is locked while its audience changes.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import db
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.people.register.queries import Post, posts_of
from app.people.restriction import queries as restriction
from app.training.audiences import queries
from app.training.audiences.models import AudienceMember, Condition, Source
from app.training.offerings.models import Offering
from app.training.seats import service as seats


@dataclass(frozen=True)
class Settled:
    """What settling an audience did."""

    added: int
    removed: int
    total: int


def settle(
    session: Session,
    offering_id: uuid.UUID,
    condition: Condition,
    *,
    is_dynamic: bool,
    by: Actor,
    now: datetime,
) -> Settled:
    """Make those who fulfil a condition today an offering's people: 固定 (fixed), 動的 (followed).

    Who was found by an earlier condition goes, unless they have begun. Raises NotFound, and
    Refused("audience_empty") where nobody fulfils it.
    """
    offering = seats.locked(session, offering_id)
    if session.execute(queries.people(session, condition, now).limit(1)).first() is None:
        raise Refused("audience_empty")
    offering.condition, offering.is_dynamic = condition.as_json(), is_dynamic
    added = add_new(session, offering, by=by, now=now)
    removed = take_out_old(session, offering, by=by, now=now)
    return Settled(len(added), len(removed), _count(session, offering_id))


def add_new(
    session: Session, offering: Offering, *, by: Actor, now: datetime
) -> frozenset[uuid.UUID]:
    """Add those who fulfil an offering's condition by now; who is restricted is not added."""
    present = set(session.scalars(_of(offering.id, AudienceMember.person_id)))
    left_out = present | restriction.restricted(session)
    condition = Condition.of_json(offering.condition)
    found = (Post(*row) for row in session.execute(queries.people(session, condition, now)))
    new = [post for post in found if post.person_id not in left_out]
    _add(session, offering.id, new, Source.CONDITION, by=by, now=now)
    return frozenset(post.person_id for post in new)


def take_out_old(
    session: Session, offering: Offering, *, by: Actor, now: datetime, most: int | None = None
) -> list[uuid.UUID]:
    """Take out those who fulfil an offering's condition no more, so many at once (None: all).

    Not who has begun, nor who is restricted: nothing is done with their data. And nobody where the
    condition has become nobody's at all: then it is the condition that is wrong.
    """
    condition = Condition.of_json(offering.condition)
    keys = session.execute(queries.people(session, condition, now)).all()
    if not keys:
        return []
    kept = {row[0] for row in keys} | restriction.restricted(session)
    kept.update(session.scalars(queries.begun(offering.id)))
    listed = session.scalars(
        _of(offering.id, AudienceMember.person_id)
        .where(AudienceMember.source == Source.CONDITION)
        .order_by(AudienceMember.person_id)
    )
    old = [person_id for person_id in listed if person_id not in kept][:most]
    _take_out(session, offering.id, old, by=by, now=now)
    return old


def add_listed(
    session: Session,
    offering_id: uuid.UUID,
    person_ids: Collection[uuid.UUID],
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Add people by name (個別指定), and return how many are new; named twice they are added once.

    Who was found by the condition stays from now on, whether they fulfil it or not.
    """
    seats.locked(session, offering_id)
    present = set(session.scalars(_of(offering_id, AudienceMember.person_id)))
    left_out = present | restriction.restricted(session)
    named = [key for key in dict.fromkeys(person_ids) if key not in left_out]
    new = [post for some in db.portions(named) for post in posts_of(session, some, now)]
    for known in db.portions([key for key in person_ids if key in present]):
        session.execute(
            sa.update(AudienceMember)
            .where(AudienceMember.offering_id == offering_id, AudienceMember.person_id.in_(known))
            .values(source=Source.LIST),
            execution_options={"synchronize_session": False},
        )
    _add(session, offering_id, new, Source.LIST, by=by, now=now)
    return len(new)


def remove(
    session: Session,
    offering_id: uuid.UUID,
    person_id: uuid.UUID,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Take one person out of an audience; a second time changes nothing.

    Raises Refused: "audience_followed" for whom the condition would bring back, "audience_begun".
    """
    offering = seats.locked(session, offering_id)
    row = session.scalars(
        sa.select(AudienceMember).where(
            AudienceMember.offering_id == offering_id, AudienceMember.person_id == person_id
        )
    ).one_or_none()
    if row is None:
        return
    if offering.is_dynamic and row.source == Source.CONDITION:
        raise Refused("audience_followed")
    begun = queries.begun(offering_id).subquery()
    if session.scalar(sa.select(begun.c.person_id).where(begun.c.person_id == person_id).limit(1)):
        raise Refused("audience_begun")
    _take_out(session, offering_id, [person_id], by=by, now=now)


def clear(session: Session, offering_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Name nobody any more: the offering is for everybody."""
    offering = seats.locked(session, offering_id)
    offering.condition, offering.is_dynamic = {}, False
    everybody = session.scalars(_of(offering_id, AudienceMember.person_id)).all()
    _take_out(session, offering_id, everybody, by=by, now=now)


def _of(offering_id: uuid.UUID, column: sa.SQLColumnExpression[uuid.UUID]) -> sa.Select[uuid.UUID]:
    return sa.select(column).where(AudienceMember.offering_id == offering_id)


def _count(session: Session, offering_id: uuid.UUID) -> int:
    found = _of(offering_id, AudienceMember.person_id).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def _add(
    session: Session,
    offering_id: uuid.UUID,
    posts: Collection[Post],
    source: Source,
    *,
    by: Actor,
    now: datetime,
) -> None:
    if not posts:
        return
    rows = [
        {
            "id": db.new_id(),
            "offering_id": offering_id,
            "person_id": post.person_id,
            "section_id": post.section_id,
            "title_id": post.title_id,
            "source": source,
            "added_at": now,
        }
        for post in posts
    ]
    session.execute(sa.insert(AudienceMember), rows)
    audit.record(
        session,
        "audience.added",
        by=by.person_id,
        now=now,
        subject=("offering", offering_id),
        details=audit.shown(post.person_id for post in posts),
    )


def _take_out(
    session: Session,
    offering_id: uuid.UUID,
    person_ids: Iterable[uuid.UUID],
    *,
    by: Actor,
    now: datetime,
) -> None:
    gone = list(person_ids)
    if not gone:
        return
    for some in db.portions(gone):
        session.execute(
            sa.delete(AudienceMember).where(
                AudienceMember.offering_id == offering_id, AudienceMember.person_id.in_(some)
            )
        )
    audit.record(
        session,
        "audience.removed",
        by=by.person_id,
        now=now,
        subject=("offering", offering_id),
        details=audit.shown(gone),
    )

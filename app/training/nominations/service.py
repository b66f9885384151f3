"""Writing a section's list, handing it to its head, and sending it to the office."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import lists
from app.kernel.actor import Actor
from app.kernel.errors import Refused
from app.people.permission.access import PLANNING
from app.people.register.queries import posts_of
from app.training.approvals import service as approvals
from app.training.calls import service as calls
from app.training.calls.models import Answer
from app.training.candidacies import service as candidacies
from app.training.candidacies.models import Candidacy, Route
from app.training.candidacies.service import Way
from app.training.candidacies.states import LIVE, CandidacyState
from app.training.plans.models import Run
from app.training.seats import service as seats

#: What the section itself may still put into order and change.
CHANGEABLE = (CandidacyState.DRAFT, CandidacyState.RETURNED, CandidacyState.APPLIED)


def add(
    session: Session,
    offering_id: uuid.UUID,
    section_id: uuid.UUID,
    person_ids: Sequence[uuid.UUID],
    *,
    by: Actor,
    now: datetime,
    exception: str | None = None,
) -> list[Candidacy]:
    """Put people at the end of a section's list; who is on it already stays where they are.

    What the office enters has been signed on paper: it is put forward at once (代行), and with an
    `exception` also those who do not fulfil a condition.
    Raises Refused with an obstacle's code for somebody who cannot be put forward.
    """
    offering = seats.locked(session, offering_id)
    calls.refuse_after_head_limit(session, offering_id, by, now)
    present = _rows(session, offering_id, section_id, LIVE)
    known = {row.person_id for row in present}
    last = max((row.rank or 0 for row in present), default=0)
    new = [person_id for person_id in dict.fromkeys(person_ids) if person_id not in known]
    posts = {post.person_id: post for post in posts_of(session, new, now)}
    way = Way(Route.NOMINATED, section_id, exception)
    rows = []
    for person_id in new:
        if person_id not in posts:
            raise Refused("serves_no_more")
        row = candidacies.enter(session, offering, posts[person_id], way, by=by, now=now)
        row.rank = last = last + 1
        rows.append(row)
    if rows and not by.roles & PLANNING:
        calls.take_back(session, offering_id, section_id)
    for row in rows if by.roles & PLANNING else ():
        candidacies.act(session, row.id, "nominate", by=by, now=now)
    return rows


def order(
    session: Session,
    offering_id: uuid.UUID,
    section_id: uuid.UUID,
    candidacy_ids: Sequence[uuid.UUID],
    wishes: Mapping[uuid.UUID, Sequence[uuid.UUID]],
    *,
    by: Actor,
    now: datetime,
) -> list[Candidacy]:
    """Put a section's list into an order (推薦順位), with the runs that each asks for.

    Those that are not named, because they came in meanwhile, follow at the end.
    """
    seats.locked(session, offering_id)
    calls.refuse_after_head_limit(session, offering_id, by, now)
    rows = {row.id: row for row in _rows(session, offering_id, section_id, CHANGEABLE)}
    named = [rows.pop(key) for key in dict.fromkeys(candidacy_ids) if key in rows]
    runs = set(session.scalars(sa.select(Run.id).where(Run.offering_id == offering_id)))
    ordered = [*named, *rows.values()]
    for rank, row in enumerate(ordered, 1):
        row.rank = rank
        if row.id in wishes and row.route == Route.NOMINATED:
            chosen = [key for key in dict.fromkeys(wishes[row.id]) if key in runs]
            candidacies.wish(session, row, chosen[: calls.MOST_PREFERENCES])
    session.flush()
    return ordered


def hand_on(
    session: Session,
    offering_id: uuid.UUID,
    section_id: uuid.UUID,
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Lay a section's list before its head; return how many are on it.

    Raises Refused("list_empty").
    """
    seats.locked(session, offering_id)
    calls.refuse_after_head_limit(session, offering_id, by, now)
    count = len(_rows(session, offering_id, section_id, (CandidacyState.DRAFT,)))
    if not count:
        raise Refused("list_empty")
    calls.answer(session, offering_id, section_id, Answer.LIST, by=by, now=now)
    return count


def say_nobody(
    session: Session,
    offering_id: uuid.UUID,
    section_id: uuid.UUID,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Have a section answer that it sends nobody (該当なし); raises Refused("list_not_empty")."""
    seats.locked(session, offering_id)
    calls.refuse_after_head_limit(session, offering_id, by, now)
    if _rows(session, offering_id, section_id, LIVE):
        raise Refused("list_not_empty")
    calls.answer(session, offering_id, section_id, Answer.NOBODY, by=by, now=now)


def approvable(
    session: Session, offering_id: uuid.UUID, section_id: uuid.UUID, by: Actor
) -> list[Candidacy]:
    """Return what of a section's list somebody can send on, in its order: never themselves."""
    rows = _rows(session, offering_id, section_id, (CandidacyState.DRAFT,))
    return [row for row in rows if approvals.may_approve(row.person_id, by)]


def send(
    session: Session,
    offering_id: uuid.UUID,
    section_id: uuid.UUID,
    confirmed: str,
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Put a whole list forward, the first first; return how many.

    `confirmed` is the mark of whom the page told. Raises Conflict("choice_changed") where they are
    others by now, Refused("list_empty"), and what `candidacies.act` raises: then nobody is sent.
    """
    seats.locked(session, offering_id)
    rows = approvable(session, offering_id, section_id, by)
    if not rows:
        raise Refused("list_empty")
    lists.check(confirmed, [row.id for row in rows])
    for row in rows:
        candidacies.act(session, row.id, "nominate", by=by, now=now)
    return len(rows)


def _rows(
    session: Session, offering_id: uuid.UUID, section_id: uuid.UUID, states: Sequence[str]
) -> list[Candidacy]:
    """Return a section's candidacies in these states, by rank."""
    return list(
        session.scalars(
            sa.select(Candidacy)
            .where(
                Candidacy.offering_id == offering_id,
                Candidacy.section_id == section_id,
                Candidacy.state.in_(states),
            )
            .order_by(Candidacy.rank.is_(None), Candidacy.rank, Candidacy.id)
        )
    )

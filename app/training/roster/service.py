"""Putting people into a run, taking one out, and bringing one back."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock, workflow
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.people.permission.queries import serving_in
from app.people.register.models import Person
from app.people.register.queries import Post, excluded_on, posts
from app.people.restriction import queries as restriction
from app.training.enrolment import service as enrolment
from app.training.enrolment.models import Enrolment
from app.training.enrolment.service import Place
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.plans.models import Run
from app.training.plans.states import TAKING, RunState
from app.training.seats import service as seats


@dataclass(frozen=True)
class Enrolled:
    """How many people were put into a run now, and how many were in it or serve no more."""

    added: int
    skipped: int


def enrol(
    session: Session,
    run_id: uuid.UUID,
    person_ids: Collection[uuid.UUID],
    *,
    within: Collection[uuid.UUID] | None = None,
    by: Actor,
    now: datetime,
) -> Enrolled:
    """Put people into a run, each with the post of today: the same few statements for any number.

    Who is in the run already stays as they are, so that the same list twice does nothing more.
    Who serves beyond `within` (None: anywhere) is left out, and so is who is
    restricted or asked to take no training now. Where the run is open, those who are new are told.

    Raises NotFound, Refused("run_takes_nobody"), and what `seats.reserve` raises.
    """
    offering = seats.locked(session, _offering_of(session, run_id))
    run = _taking(session, run_id)
    wanted = set(person_ids) - _present(session, run_id) - restriction.restricted(session)
    today = clock.today(now)
    serving = posts(now).where(serving_in(within, today), Person.id.not_in(excluded_on(today)))
    new = [post for row in session.execute(serving) if (post := Post(*row)).person_id in wanted]
    if new:
        places = seats.of_posts(session, [(post.section_id, post.title_id) for post in new])
        seats.reserve(session, offering, places, run_id=run_id, now=now)
        new_rows = [Place(post.person_id, post.section_id, post.title_id) for post in new]
        enrolment.place(session, run_id, new_rows, now)
        audit.record(
            session,
            "run.enrolled",
            by=by.person_id,
            now=now,
            subject=("run", run_id),
            details=audit.shown(post.person_id for post in new),
        )
        if run.state == RunState.OPEN:
            enrolment.invite(session, run, [post.person_id for post in new], now)
    return Enrolled(len(new), len(set(person_ids)) - len(new))


def _offering_of(session: Session, run_id: uuid.UUID) -> uuid.UUID:
    offering_id = session.scalar(sa.select(Run.offering_id).where(Run.id == run_id))
    if offering_id is None:
        raise NotFound
    return offering_id


def _present(session: Session, run_id: uuid.UUID) -> set[uuid.UUID]:
    """Return who has a seat in a run, or had one that only `restore` gives back."""
    kept = (*SEATED, EnrolmentState.REVOKED)
    query = sa.select(Enrolment.person_id).where(
        Enrolment.run_id == run_id, Enrolment.state.in_(kept)
    )
    return set(session.scalars(query))


def _taking(session: Session, run_id: uuid.UUID) -> Run:
    """Return a run that takes people; its row is the lock of who is in it.

    So two lists at once cannot enrol the same person twice.
    """
    run = session.get(Run, run_id, with_for_update=True)
    if run is None:
        raise NotFound
    if run.state not in TAKING:
        raise Refused("run_takes_nobody")
    return run


def restore(session: Session, enrolment_id: uuid.UUID, *, by: Actor, now: datetime) -> Enrolment:
    """Bring somebody back who was taken out (`changes.end`): they go on from where they were.

    Raises NotFound, Conflict("wrong_state"), and what `seats.reserve` raises where no seat is free.
    """
    row = session.get(Enrolment, enrolment_id)
    if row is None:
        raise NotFound
    offering = seats.locked(session, _offering_of(session, row.run_id))
    session.refresh(row, with_for_update=True)
    if row.state == EnrolmentState.REVOKED:
        wanted = seats.of_posts(session, [(row.section_id, row.title_id)])
        seats.reserve(session, offering, wanted, run_id=row.run_id, now=now)
    workflow.move(session, row, "restore", by=by, now=now)
    enrolment.settle(session, row, now)
    return row

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
from app.people.register.models import Person, Title
from app.people.register.queries import Post, excluded_on, posts
from app.people.restriction import queries as restriction
from app.training.candidacies.models import Candidacy
from app.training.enrolment import service as enrolment
from app.training.enrolment.models import Enrolment
from app.training.enrolment.service import Place
from app.training.enrolment.states import SEATED, TRANSITIONS, EnrolmentState
from app.training.plans.models import Run
from app.training.plans.states import TAKING, RunState
from app.training.seats import service as seats
from app.training.seats.service import Seat


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

    Raises NotFound and Refused("run_takes_nobody").
    """
    run = _taking(session, run_id)
    wanted = set(person_ids) - _present(session, run_id) - restriction.restricted(session)
    today = clock.today(now)
    serving = posts(now).where(serving_in(within, today), Person.id.not_in(excluded_on(today)))
    new = [post for row in session.execute(serving) if (post := Post(*row)).person_id in wanted]
    if new:
        places = [Place(post.person_id, post.section_id, post.title_id) for post in new]
        enrolment.place(session, run_id, places, now)
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


def act(
    session: Session, enrolment_id: uuid.UUID, action: str, *, by: Actor, now: datetime
) -> Enrolment:
    """Revoke or restore one enrolment; a restored one goes on from where its records are.

    A seat that was given to somebody else meanwhile is gone: raises what `seats.reserve` raises.
    """
    row = session.get(Enrolment, enrolment_id)
    if row is None or action not in TRANSITIONS:
        raise NotFound
    offering = seats.locked(session, session.get_one(Run, row.run_id).offering_id)
    session.refresh(row, with_for_update=True)
    if action == "restore" and row.state == EnrolmentState.REVOKED:
        grade = session.get_one(Title, row.title_id).grade
        seats.reserve(
            session, offering, [Seat(_charged(session, row), grade)], run_id=row.run_id, now=now
        )
    workflow.move(session, row, action, by=by, now=now)
    if action == "restore":
        enrolment.settle(session, row, now)
    return row


def _charged(session: Session, row: Enrolment) -> uuid.UUID:
    """Return the section whose place an enrolment takes: the one that put somebody forward."""
    if row.candidacy_id is None:
        return row.section_id
    return session.get_one(Candidacy, row.candidacy_id).section_id

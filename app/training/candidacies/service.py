"""Putting people forward, and what heads and the office say to it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock, outbox, workflow
from app.kernel.actor import SYSTEM, Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.people.permission import access as permission
from app.people.register.models import Title
from app.people.register.queries import Post, post_of, posts_of
from app.training.approvals import service as approvals
from app.training.candidacies import queries
from app.training.candidacies.models import Candidacy, Preference, Route
from app.training.candidacies.states import CandidacyState, ExceptionReason, ReturnReason
from app.training.offerings.models import ApprovalPath, Offering, Overflow
from app.training.plans.models import Run
from app.training.plans.states import RunState
from app.training.seats import service as seats
from app.training.seats.service import Seat
from app.training.selection import service as selection

#: So many runs can be asked for (第1〜第3希望).
MOST_PREFERENCES = 3
#: What needs a reason.
_WITH_REASON = frozenset({"return", "decline"})


def apply(
    session: Session,
    offering_id: uuid.UUID,
    key: uuid.UUID,
    run_ids: Sequence[uuid.UUID],
    *,
    by: Actor,
    now: datetime,
) -> Candidacy:
    """Put oneself forward for runs in the order of one's wish; the same key again does it once.

    Raises NotFound, and Refused: an obstacle's code, "apply_too_late", "preferences_needed".
    """
    if known := session.get(Candidacy, key):
        return known
    offering = seats.locked(session, offering_id)
    post = post_of(session, by.known_id, now)
    if post is None:
        raise Refused("serves_no_more")
    _refuse_closed_runs(session, offering, run_ids, now)
    row = _entered(session, offering, post, now, by=by, key=key)
    session.add_all(
        Preference(candidacy_id=key, position=position, run_id=run_id)
        for position, run_id in enumerate(run_ids, 1)
    )
    session.flush()
    if offering.approval_path == ApprovalPath.NOBODY:
        _nominate(session, row, offering, by=by, now=now)
    else:
        _tell(session, row, "apply", now)
    return row


def nominate_all(
    session: Session,
    offering_id: uuid.UUID,
    section_id: uuid.UUID,
    person_ids: Sequence[uuid.UUID],
    *,
    by: Actor,
    now: datetime,
) -> list[Candidacy]:
    """Write a section's list, in the section's own order (推薦順位): what is new is added.

    Who is on the list already keeps their place in the workflow and takes the rank of the list.
    Raises Refused with an obstacle's code for somebody who cannot be put forward.
    """
    offering = seats.locked(session, offering_id)
    refuse_unless_calling(session, offering_id, now)
    known = {
        row.person_id: row
        for row in session.scalars(
            sa.select(Candidacy).where(
                Candidacy.offering_id == offering_id,
                Candidacy.section_id == section_id,
                Candidacy.state.in_((CandidacyState.DRAFT, CandidacyState.RETURNED)),
            )
        )
    }
    new = [person_id for person_id in person_ids if person_id not in known]
    for post in posts_of(session, new, now):
        known[post.person_id] = _entered(
            session, offering, post, now, by=by, route=Route.NOMINATED, section_id=section_id
        )
    rows = [known[person_id] for person_id in person_ids if person_id in known]
    for rank, row in enumerate(rows, 1):
        row.rank = rank
        if row.state == CandidacyState.RETURNED:
            workflow.move(session, row, "revise", by=by, now=now)
    return rows


def act(
    session: Session,
    candidacy_id: uuid.UUID,
    action: str,
    *,
    by: Actor,
    now: datetime,
    reason: str | None = None,
) -> Candidacy:
    """Do with a candidacy what its table lets the actor do; a reason where one is needed.

    Raises what `workflow.move` raises, Refused("reason_needed"), Refused("own_approval") where
    heads would approve themselves, Refused("head_too_late"), and what `seats.reserve` raises.
    """
    row = session.get(Candidacy, candidacy_id)
    if row is None or action not in row.transitions:
        raise NotFound
    offering = seats.locked(session, row.offering_id)
    session.refresh(row)
    if action in _WITH_REASON and reason not in list(ReturnReason):
        raise Refused("reason_needed")
    if action == "nominate":
        approvals.refuse_own(row.person_id, by)
        _nominate(session, row, offering, by=by, now=now)
        approvals.note(session, row.id, action, by=by, now=now)
        return row
    if action in _WITH_REASON:
        approvals.refuse_own(row.person_id, by)
    workflow.move(session, row, action, by=by, now=now)
    row.is_over_quota = False
    approvals.note(session, row.id, action, by=by, now=now, reason=reason)
    return row


def except_from(
    session: Session, candidacy: Candidacy, reason: str, *, by: Actor, now: datetime
) -> None:
    """Let somebody in although a condition is not met (例外許可), for a reason."""
    if reason not in list(ExceptionReason):
        raise Refused("reason_needed")
    candidacy.exception = reason
    approvals.note(session, candidacy.id, "except", by=by, now=now, reason=reason)


def _entered(
    session: Session,
    offering: Offering,
    post: Post,
    now: datetime,
    *,
    by: Actor,
    key: uuid.UUID | None = None,
    route: Route = Route.APPLIED,
    section_id: uuid.UUID | None = None,
) -> Candidacy:
    """Add a candidacy of somebody in whose way nothing stands."""
    found = queries.obstacles(session, offering, [post.person_id], now).get(post.person_id)
    if found:
        raise Refused(found[0].value, name=post.name)
    is_own = post.person_id == by.person_id and route == Route.APPLIED
    row = Candidacy(
        **({"id": key} if key else {}),
        offering_id=offering.id,
        person_id=post.person_id,
        route=route,
        state=CandidacyState.APPLIED if route == Route.APPLIED else CandidacyState.DRAFT,
        section_id=section_id or post.section_id,
        title_id=post.title_id,
        entered_by=None if is_own else by.person_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "candidacy.entered",
        by=by.person_id,
        now=now,
        subject=("candidacy", row.id),
        details={"people": [str(post.person_id)], "route": str(route)},
    )
    return row


def _nominate(
    session: Session, row: Candidacy, offering: Offering, *, by: Actor, now: datetime
) -> None:
    """Send a candidacy on, charged to its section; with nobody else to ask, it is decided."""
    _refuse_after_head_limit(session, offering.id, by, now)
    title = session.get_one(Title, row.title_id)
    try:
        seats.reserve(session, offering, [Seat(row.section_id, title.grade)], now=now)
    except Refused as refusal:
        if refusal.code != "quota_full" or offering.overflow != Overflow.WAITLIST:
            raise
        row.is_over_quota = True
    workflow.move(session, row, "nominate", by=by, now=now)
    if offering.approval_path != ApprovalPath.HEAD_AND_OFFICE:
        selection.settle(session, row, offering, by=by, now=now)


def _refuse_closed_runs(
    session: Session, offering: Offering, run_ids: Sequence[uuid.UUID], now: datetime
) -> None:
    if not 1 <= len(set(run_ids)) == len(run_ids) <= MOST_PREFERENCES:
        raise Refused("preferences_needed", most=MOST_PREFERENCES)
    runs = session.scalars(
        sa.select(Run).where(Run.id.in_(run_ids), Run.offering_id == offering.id)
    ).all()
    if len(runs) != len(run_ids):
        raise NotFound
    for run in runs:
        limit = run.apply_until or run.head_until
        has_begun = run.apply_from is None or run.apply_from <= clock.today(now)
        in_time = has_begun and (limit is None or now <= limit)
        is_open = run.state == RunState.CALLING and in_time
        if not is_open:
            raise Refused("apply_too_late", number=run.number)


def refuse_unless_calling(session: Session, offering_id: uuid.UUID, now: datetime) -> None:
    """Raise Refused("head_too_late") where no run of an offering can be put forward for now."""
    calling = sa.select(Run.id).where(
        Run.offering_id == offering_id,
        Run.state == RunState.CALLING,
        sa.or_(Run.head_until.is_(None), Run.head_until >= now),
    )
    if session.scalar(calling.limit(1)) is None:
        raise Refused("head_too_late")


def _refuse_after_head_limit(
    session: Session, offering_id: uuid.UUID, by: Actor, now: datetime
) -> None:
    """Hold heads to their limit; the office may still enter what came on paper."""
    if not by.roles & (permission.PLANNING | {"system"}):
        refuse_unless_calling(session, offering_id, now)


def _tell(session: Session, row: Candidacy, action: str, now: datetime) -> None:
    payload = {"table": "candidacy", "id": str(row.id), "action": action}
    outbox.put(session, outbox.Kind.MOVED, payload, now)


def lapse(session: Session, now: datetime) -> int:
    """Close the calls whose limit has passed, and end what no head decided in time; how many."""
    over = session.scalars(
        sa.select(Run).where(Run.state == RunState.CALLING, Run.head_until < now).with_for_update()
    ).all()
    for run in over:
        workflow.move(session, run, "close", by=SYSTEM, now=now)
    calling = sa.select(Run.offering_id).where(Run.state == RunState.CALLING)
    waiting = session.scalars(
        sa.select(Candidacy).where(
            Candidacy.state.in_(
                (CandidacyState.DRAFT, CandidacyState.APPLIED, CandidacyState.RETURNED)
            ),
            Candidacy.offering_id.not_in(calling),
            Candidacy.offering_id.in_(
                sa.select(Run.offering_id).where(Run.state != RunState.DRAFT)
            ),
        )
    ).all()
    for row in waiting:
        workflow.move(session, row, "lapse", by=SYSTEM, now=now)
    return len(over) + len(waiting)

"""Putting people forward, and what heads and the office say to it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import outbox, workflow
from app.kernel.actor import SYSTEM, Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.people.permission.access import PLANNING
from app.people.register.queries import Post, post_of
from app.training.approvals import service as approvals
from app.training.calls import service as calls
from app.training.candidacies import queries
from app.training.candidacies.models import Candidacy, Preference, Route
from app.training.candidacies.states import CandidacyState, ExceptionReason, ReturnReason
from app.training.offerings.models import ApprovalPath, Offering, Overflow
from app.training.plans.models import Run
from app.training.plans.states import RunState
from app.training.seating import service as seating
from app.training.seats import service as seats

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
    person_id: uuid.UUID | None = None,
) -> Candidacy:
    """Put oneself forward for runs in the order of one's wish; the same key again does it once.

    `person_id` is whom somebody does it for (代行), where that is not themselves.
    Raises NotFound, and Refused: an obstacle's code, "apply_too_late", "preferences_needed".
    """
    if known := session.get(Candidacy, key):
        return known
    offering = seats.locked(session, offering_id)
    post = post_of(session, person_id or by.known_id, now)
    if post is None:
        raise Refused("serves_no_more")
    calls.refuse_closed_runs(session, offering_id, run_ids, now)
    row = enter(session, offering, post, Way(key=key), by=by, now=now)
    wish(session, row, run_ids)
    if offering.approval_path == ApprovalPath.NOBODY:
        nominate(session, row, offering, by=by, now=now)
    else:
        _tell(session, row, "apply", now)
    return row


def wish(session: Session, row: Candidacy, run_ids: Sequence[uuid.UUID]) -> None:
    """Write down which runs a candidacy asks for, in their order, over what it asked for before."""
    session.execute(sa.delete(Preference).where(Preference.candidacy_id == row.id))
    session.add_all(
        Preference(candidacy_id=row.id, position=position, run_id=run_id)
        for position, run_id in enumerate(run_ids, 1)
    )
    session.flush()


def submit(
    session: Session,
    candidacy_id: uuid.UUID,
    run_ids: Sequence[uuid.UUID],
    *,
    by: Actor,
    now: datetime,
) -> Candidacy:
    """Apply again with what was returned, for these runs; raises what `apply` and `act` raise."""
    row = session.get(Candidacy, candidacy_id)
    if row is None:
        raise NotFound
    calls.refuse_closed_runs(session, row.offering_id, run_ids, now)
    act(session, candidacy_id, "submit", by=by, now=now)
    wish(session, row, run_ids)
    return row


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
        nominate(session, row, offering, by=by, now=now)
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
    audit.record(
        session,
        "candidacy.excepted",
        by=by.person_id,
        now=now,
        subject=("candidacy", candidacy.id),
        details={"people": [str(candidacy.person_id)], "reason": reason},
    )
    approvals.note(session, candidacy.id, "except", by=by, now=now, reason=reason)


@dataclass(frozen=True)
class Way:
    """How somebody is put forward."""

    route: Route = Route.APPLIED
    #: The section that does it; None for that of their main post.
    section_id: uuid.UUID | None = None
    #: Why the office lets them in although a condition is not met, as a code.
    exception: str | None = None
    #: The key of the row to come.
    key: uuid.UUID | None = None


def enter(
    session: Session, offering: Offering, post: Post, way: Way, *, by: Actor, now: datetime
) -> Candidacy:
    """Add a candidacy of somebody in whose way nothing stands; the offering is locked.

    With an exception the office lets pass what it may (例外許可); without one, and for what
    nobody may, it raises Refused with the obstacle's code.
    """
    is_excepted = _is_excepted(session, offering, post, way, by, now)
    is_own = post.person_id == by.person_id and way.route == Route.APPLIED
    row = Candidacy(
        **({"id": way.key} if way.key else {}),
        offering_id=offering.id,
        person_id=post.person_id,
        route=way.route,
        state=CandidacyState.APPLIED if way.route == Route.APPLIED else CandidacyState.DRAFT,
        section_id=way.section_id or post.section_id,
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
        details={"people": [str(post.person_id)], "route": str(way.route)},
    )
    if is_excepted and way.exception:
        except_from(session, row, way.exception, by=by, now=now)
    return row


def _is_excepted(
    session: Session, offering: Offering, post: Post, way: Way, by: Actor, now: datetime
) -> bool:
    """Whether somebody comes in by an exception alone; raises Refused with what nobody may pass."""
    found = queries.obstacles(session, offering, [post.person_id], now).get(post.person_id, [])
    may_pass = bool(way.exception) and bool(by.roles & PLANNING)
    for obstacle in found:
        if not (may_pass and obstacle in queries.PASSABLE):
            raise Refused(obstacle.value, name=post.name)
    return bool(found)


def nominate(
    session: Session, row: Candidacy, offering: Offering, *, by: Actor, now: datetime
) -> None:
    """Send a candidacy on, charged to its section; with nobody else to ask, it is decided."""
    calls.refuse_after_head_limit(session, offering.id, by, now)
    wanted = seats.of_posts(session, [(row.section_id, row.title_id)])
    try:
        seats.reserve(session, offering, wanted, now=now)
    except Refused as refusal:
        if refusal.code != "quota_full" or offering.overflow != Overflow.WAITLIST:
            raise
        row.is_over_quota = True
    workflow.move(session, row, "nominate", by=by, now=now)
    if offering.approval_path != ApprovalPath.HEAD_AND_OFFICE:
        seating.settle(session, row, offering, by=by, now=now)


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

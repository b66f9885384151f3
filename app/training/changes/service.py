"""Asking for a change of a seat, and making it come true once the last word is said.

Who has a say follows from the kind of change and the rules of the offering (`steps`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel import outbox, workflow
from app.kernel.actor import SYSTEM, Actor
from app.kernel.errors import Conflict, Forbidden, NotFound, Refused
from app.kernel.open_days import OpenDays
from app.people.permission.access import PLANNING
from app.people.permission.models import Role
from app.training.approvals import service as approvals
from app.training.changes import queries
from app.training.changes.models import ChangeKind, ChangeRequest
from app.training.changes.states import ChangeReason, ChangeState
from app.training.effects import service as effects
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import BEFORE_IT, EnrolmentState
from app.training.offerings.models import ChangePath, LateChange, Obligation, Offering
from app.training.plans.models import Run
from app.training.seats import service as seats

#: What comes too late after a run's limit; to be put off or excused one may ask at any time.
_LIMITED = frozenset({ChangeKind.MOVE, ChangeKind.REPLACE, ChangeKind.DECLINE})
_OF_PATH: dict[str, tuple[Role, ...]] = {
    ChangePath.NOBODY: (),
    ChangePath.HEAD: (Role.HEAD,),
    ChangePath.OFFICE: (Role.OFFICE,),
}


@dataclass(frozen=True)
class Wish:
    """What is asked for: the kind, the reason, and what the kind needs beside it."""

    kind: ChangeKind
    reason: str
    #: The run to move to.
    run_id: uuid.UUID | None = None
    #: Who takes the seat instead.
    successor_id: uuid.UUID | None = None


def steps(kind: str, offering: Offering) -> tuple[Role, ...]:
    """Return who has to approve a kind of change, in their order; nobody: it comes true at once."""
    if kind == ChangeKind.MOVE:
        return _OF_PATH[offering.change_path]
    if kind in (ChangeKind.REPLACE, ChangeKind.DECLINE):
        return (Role.HEAD, Role.OFFICE)
    return (Role.OFFICE,)


def is_late(run: Run, kind: str, now: datetime) -> bool:
    """Whether a kind of change is asked for after the limit of a run."""
    return kind in _LIMITED and run.change_until is not None and now > run.change_until


def ask(
    session: Session,
    enrolment_id: uuid.UUID,
    wish: Wish,
    days: OpenDays,
    *,
    by: Actor,
    now: datetime,
) -> ChangeRequest:
    """Ask for a change of one seat; where nobody has to approve it, it is done.

    Raises NotFound, Conflict("wrong_state") for a seat that cannot be changed any more, Refused:
    "reason_needed", "change_pending", "change_too_late", "only_mandatory", "clashes".
    """
    row, run, offering = _locked(session, enrolment_id)
    if wish.reason not in list(ChangeReason):
        raise Refused("reason_needed")
    refuse_unready(session, row, wish.kind)
    _refuse_impossible(session, row, run, wish)
    request = ChangeRequest(
        enrolment_id=enrolment_id,
        kind=wish.kind,
        state=ChangeState.REQUESTED,
        run_id=wish.run_id,
        successor_id=wish.successor_id,
        reason=wish.reason,
        is_urgent=_is_urgent(row, run, offering, wish.kind, by, now),
        requested_by=by.person_id,
        requested_at=now,
    )
    session.add(request)
    session.flush()
    approvals.note(session, request.id, "ask", by=by, now=now, reason=wish.reason)
    if not steps(wish.kind, offering):
        workflow.move(session, request, "approve_at_once", by=by, now=now)
        _come_true(session, request, row, offering, days, by=by, now=now)
    else:
        _tell(session, request, now)
    return request


def approve(
    session: Session, change_id: uuid.UUID, days: OpenDays, *, by: Actor, now: datetime
) -> ChangeRequest:
    """Say yes as whoever is to say the next word; with the last one the change comes true.

    The office may say a head's word, too (代行). Raises what `ask` raises where the change has
    become impossible since, and then nothing has changed.
    """
    request, row, offering = _pending(session, change_id)
    approvals.refuse_own(row.person_id, by)
    needed = steps(request.kind, offering)
    # The rule may have become one that asks nobody, since this was asked for.
    is_last = request.state == ChangeState.HEAD_APPROVED or len(needed) <= 1
    if Role.OFFICE in needed[-1:] and is_last and not by.roles & (PLANNING | {"system"}):
        raise Forbidden("not_your_action", action="approve")
    workflow.move(session, request, "approve" if is_last else "approve_as_head", by=by, now=now)
    approvals.note(session, request.id, "approve", by=by, now=now)
    if is_last:
        _come_true(session, request, row, offering, days, by=by, now=now)
    return request


def reject(
    session: Session, change_id: uuid.UUID, reason: str, *, by: Actor, now: datetime
) -> ChangeRequest:
    """Say no, for a reason."""
    request, row, _ = _pending(session, change_id)
    approvals.refuse_own(row.person_id, by)
    if reason not in list(ChangeReason):
        raise Refused("reason_needed")
    workflow.move(session, request, "reject", by=by, now=now)
    approvals.note(session, request.id, "reject", by=by, now=now, reason=reason)
    return request


def withdraw(session: Session, change_id: uuid.UUID, *, by: Actor, now: datetime) -> ChangeRequest:
    """Take a request back before the last word is said."""
    request, _, _ = _pending(session, change_id)
    workflow.move(session, request, "withdraw", by=by, now=now)
    approvals.note(session, request.id, "withdraw", by=by, now=now)
    return request


def withdraw_of_run(session: Session, run_id: uuid.UUID, now: datetime) -> int:
    """Take back, as the system, what is asked for the seats of a run that is cancelled.

    But for moving to another run: that is what such a seat can still be used for.
    """
    rows = queries.pending_of_run(session, run_id, but=ChangeKind.MOVE)
    workflow.move_all(session, rows, "withdraw", by=SYSTEM, now=now)
    approvals.note_all(session, [row.id for row in rows], "withdraw", by=SYSTEM, now=now)
    return len(rows)


def end(
    session: Session,
    enrolment_id: uuid.UUID,
    action: str,
    reason: str,
    days: OpenDays,
    *,
    by: Actor,
    now: datetime,
) -> Enrolment:
    """Have the office take somebody out of a run: revoke, suspend, exempt or defer, for a reason.

    What they have learnt and answered stays; what was ordered is taken back by a version.
    """
    if action not in ("revoke", "suspend", "exempt", "defer"):
        raise NotFound
    if reason not in list(ChangeReason):
        raise Refused("reason_needed")
    row, _, offering = _locked(session, enrolment_id)
    pending = queries.pending_of(session, enrolment_id)
    if pending is not None:
        withdraw(session, pending.id, by=by, now=now)
    effects.take_out(session, row, action, offering, days, by=by, now=now)
    approvals.note(session, enrolment_id, action, by=by, now=now, reason=reason)
    return row


def _come_true(
    session: Session,
    request: ChangeRequest,
    row: Enrolment,
    offering: Offering,
    days: OpenDays,
    *,
    by: Actor,
    now: datetime,
) -> None:
    if request.kind == ChangeKind.MOVE and request.run_id:
        _refuse_clash(session, row.person_id, request.run_id, leaving=row.run_id)
        effects.move_to(session, row, request.run_id, offering, days, by=by, now=now)
    elif request.kind == ChangeKind.REPLACE and request.successor_id:
        _refuse_clash(session, request.successor_id, row.run_id)
        effects.replace(session, row, request.successor_id, offering, by=by, now=now)
    else:
        effects.take_out(session, row, request.kind, offering, days, by=by, now=now)


def _locked(session: Session, enrolment_id: uuid.UUID) -> tuple[Enrolment, Run, Offering]:
    """Return a seat with its run and offering, which is locked; raises NotFound."""
    row = session.get(Enrolment, enrolment_id)
    if row is None:
        raise NotFound
    run = session.get_one(Run, row.run_id)
    offering = seats.locked(session, run.offering_id)
    session.refresh(row, with_for_update=True)
    return row, run, offering


def _pending(session: Session, change_id: uuid.UUID) -> tuple[ChangeRequest, Enrolment, Offering]:
    request = session.get(ChangeRequest, change_id)
    if request is None:
        raise NotFound
    row, _, offering = _locked(session, request.enrolment_id)
    session.refresh(request)
    return request, row, offering


def refuse_unready(session: Session, row: Enrolment, kind: str) -> None:
    """Raise why a kind of change cannot be asked for one seat now, whatever is chosen for it.

    Conflict("wrong_state"), Refused: "change_pending", "only_mandatory".
    """
    is_left = row.state == EnrolmentState.RUN_CANCELLED and kind == ChangeKind.MOVE
    if row.state not in BEFORE_IT and not is_left:
        raise Conflict("wrong_state", action=kind, state=row.state)
    if queries.pending_of(session, row.id) is not None:
        raise Refused("change_pending")
    run = session.get_one(Run, row.run_id)
    offering = session.get_one(Offering, run.offering_id)
    is_put_off = kind in (ChangeKind.DEFER, ChangeKind.EXEMPT)
    if is_put_off and offering.obligation != Obligation.MANDATORY:
        raise Refused("only_mandatory")


def _refuse_impossible(session: Session, row: Enrolment, run: Run, wish: Wish) -> None:
    if wish.kind == ChangeKind.MOVE:
        target = session.get(Run, wish.run_id) if wish.run_id else None
        if target is None or target.offering_id != run.offering_id or target.id == run.id:
            raise Refused("run_needed")
        _refuse_clash(session, row.person_id, target.id, leaving=run.id)
    if wish.kind == ChangeKind.REPLACE:
        if wish.successor_id is None:
            raise Refused("successor_needed")
        _refuse_clash(session, wish.successor_id, run.id)


def _refuse_clash(
    session: Session, person_id: uuid.UUID, run_id: uuid.UUID, leaving: uuid.UUID | None = None
) -> None:
    if queries.clashes(session, person_id, run_id, leaving=leaving):
        raise Refused("clashes")


def _is_urgent(
    row: Enrolment, run: Run, offering: Offering, kind: str, by: Actor, now: datetime
) -> bool:
    """Whether a wish comes after its limit, and is taken as urgent; raises "change_too_late".

    Whose run is cancelled is bound to no limit of it.
    """
    if row.state == EnrolmentState.RUN_CANCELLED or not is_late(run, kind, now):
        return False
    if offering.late_change == LateChange.REFUSE and not by.roles & PLANNING:
        raise Refused("change_too_late", until=run.change_until)
    return True


def _tell(session: Session, request: ChangeRequest, now: datetime) -> None:
    payload = {"table": "change_request", "id": str(request.id), "action": "ask"}
    outbox.put(session, outbox.Kind.MOVED, payload, now)

"""Making up for a missed session: in the same session of another run, or by a material.

A make-up takes a seat in its one session (case 16); the offering is locked while it is given.
Where the offering's changes need nobody's word, whoever asks has it at once.
"""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import outbox
from app.kernel.actor import SYSTEM, Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, NotFound, Refused
from app.learning.records.models import LearnerRecord
from app.learning.records.states import DONE
from app.people.permission.access import PLANNING
from app.training.attendance.models import Attendance, MakeUp, Presence
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.states import SEATED
from app.training.make_ups import queries
from app.training.offerings.models import ChangePath, Offering
from app.training.plans.models import Run, RunItem, RunSession
from app.training.seats import service as seats


def ask(
    session: Session,
    enrolment_id: uuid.UUID,
    session_id: uuid.UUID,
    to_id: uuid.UUID,
    *,
    by: Actor,
    now: datetime,
) -> Attendance:
    """Ask to make a session up in another run's; given at once by the office or the rule.

    Raises NotFound, and Refused: "enrolment_revoked", "make_up_not_needed", "make_up_elsewhere",
    "make_up_full", "clashes".
    """
    row, offering, mark = _missed(session, enrolment_id, session_id)
    _refuse_impossible(session, row, offering, session_id, to_id, now)
    is_given = bool(by.roles & PLANNING) or offering.change_path == ChangePath.NOBODY
    mark.make_up = MakeUp.GIVEN if is_given else MakeUp.ASKED
    mark.makes_up_id, mark.make_up_item_id = to_id, None
    _write_down(session, mark, row, "give" if is_given else "ask", by, now)
    return mark


def give_by_material(
    session: Session,
    enrolment_id: uuid.UUID,
    session_id: uuid.UUID,
    material_id: uuid.UUID,
    *,
    by: Actor,
    now: datetime,
) -> Attendance:
    """Have somebody make a session up by a material (録画視聴＋小テスト), given to them alone."""
    row, _, mark = _missed(session, enrolment_id, session_id)
    item = _item(session, row.run_id, material_id)
    known = sa.select(Assignment.id).where(
        Assignment.enrolment_id == row.id, Assignment.run_item_id == item.id
    )
    if session.scalar(known) is None:
        session.add(Assignment(enrolment_id=row.id, run_item_id=item.id))
    mark.make_up, mark.makes_up_id, mark.make_up_item_id = MakeUp.GIVEN, None, item.id
    _write_down(session, mark, row, "give", by, now)
    return mark


def decide(
    session: Session, mark_id: uuid.UUID, action: str, *, by: Actor, now: datetime
) -> Attendance:
    """Give or refuse (`give`, `refuse`) what somebody has asked for.

    Raises NotFound, Conflict("wrong_state") where that is no longer so, and what `ask` raises.
    """
    mark = session.get(Attendance, mark_id)
    if mark is None or action not in ("give", "refuse"):
        raise NotFound
    row, offering, mark = _missed(session, mark.enrolment_id, mark.session_id)
    if mark.make_up != MakeUp.ASKED or mark.makes_up_id is None:
        raise Conflict("wrong_state", action=action, state=str(mark.make_up))
    if action == "give":
        _refuse_impossible(session, row, offering, mark.session_id, mark.makes_up_id, now)
        mark.make_up = MakeUp.GIVEN
    else:
        mark.make_up = mark.makes_up_id = None
    _write_down(session, mark, row, action, by, now)
    return mark


def withdraw(
    session: Session, enrolment_id: uuid.UUID, session_id: uuid.UUID, *, by: Actor, now: datetime
) -> None:
    """Take a make-up back that has not been held: its seat is free again."""
    row, _, mark = _missed(session, enrolment_id, session_id)
    if mark.make_up is not None:
        was, mark.makes_up_id = mark.makes_up_id, None
        mark.make_up = mark.make_up_item_id = None
        _write_down(session, mark, row, "withdraw", by, now, sitting=was)


def follow(session: Session, assignment_id: uuid.UUID, now: datetime) -> None:
    """Note a session as made up for once the material that was given for it is done."""
    marks = session.scalars(
        sa.select(Attendance)
        .join(Assignment, Assignment.enrolment_id == Attendance.enrolment_id)
        .join(LearnerRecord, LearnerRecord.assignment_id == Assignment.id)
        .where(
            Assignment.id == assignment_id,
            Attendance.make_up_item_id == Assignment.run_item_id,
            Attendance.make_up == MakeUp.GIVEN,
            LearnerRecord.status.in_(DONE),
            sa.or_(Attendance.presence.is_(None), Attendance.presence != Presence.MADE_UP),
        )
        .with_for_update(of=Attendance)
    ).all()
    for mark in marks:
        row = session.get_one(Enrolment, mark.enrolment_id)
        held = session.get_one(RunSession, mark.session_id)
        mark.presence, mark.noted_by, mark.noted_at = Presence.MADE_UP, None, now
        mark.minutes = int((held.ends_at - held.starts_at).total_seconds()) // 60
        _write_down(session, mark, row, "finish", SYSTEM, now)


def _missed(
    session: Session, enrolment_id: uuid.UUID, session_id: uuid.UUID
) -> tuple[Enrolment, Offering, Attendance]:
    """Return an enrolment, its offering, which is locked, and what is known of a missed session."""
    row = session.get(Enrolment, enrolment_id)
    if row is None:
        raise NotFound
    offering = seats.locked(session, session.get_one(Run, row.run_id).offering_id)
    session.refresh(row, with_for_update=True)
    if row.state not in SEATED:
        raise Refused("enrolment_revoked")
    mark = session.scalars(
        sa.select(Attendance)
        .where(Attendance.enrolment_id == enrolment_id, Attendance.session_id == session_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if mark is None or not queries.is_missed(mark):
        raise Refused("make_up_not_needed")
    return row, offering, mark


def _refuse_impossible(
    session: Session,
    row: Enrolment,
    offering: Offering,
    session_id: uuid.UUID,
    to_id: uuid.UUID,
    now: datetime,
) -> None:
    missed = session.get_one(RunSession, session_id)
    place = queries.place(session, row, offering.id, to_id)
    if place is None or place.sitting.number != missed.number or place.sitting.starts_at <= now:
        raise Refused("make_up_elsewhere")
    if place.is_clashing:
        raise Refused("clashes")
    if place.left == 0:
        raise Refused("make_up_full")


def _item(session: Session, run_id: uuid.UUID, material_id: uuid.UUID) -> RunItem:
    """Return a material as a part of a run that nobody else needs; added where it is none yet."""
    item = session.scalars(
        sa.select(RunItem).where(RunItem.run_id == run_id, RunItem.material_id == material_id)
    ).one_or_none()
    if item is None:
        last = session.scalar(
            sa.select(sa.func.max(RunItem.position)).where(RunItem.run_id == run_id)
        )
        item = RunItem(
            run_id=run_id, material_id=material_id, position=(last or 0) + 1, is_required=False
        )
        session.add(item)
        session.flush()
    return item


def _write_down(
    session: Session,
    mark: Attendance,
    row: Enrolment,
    action: str,
    by: Actor,
    now: datetime,
    *,
    sitting: uuid.UUID | None = None,
) -> None:
    """Write what happened into the audit, and have it told; `sitting` is where it is made up."""
    session.flush()
    audit.record(
        session,
        f"make_up.{action}",
        by=by.person_id,
        now=now,
        subject=("enrolment", row.id),
        details={"people": [str(row.person_id)]},
    )
    payload = {"table": "attendance", "id": str(mark.id), "action": f"{action}_make_up"}
    if where := sitting or mark.makes_up_id:
        payload["sitting"] = str(where)
    outbox.put(session, outbox.Kind.MOVED, payload, now)

"""Opening the door of a session, and noting who comes in.

A code is short because it is typed from a screen across a room: it opens only the sessions that
somebody has a seat in, only while they are held, and whoever guesses is held up.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import NotFound, Refused
from app.kernel.folding import code_key
from app.training.attendance.models import Attendance, MakeUp, Presence
from app.training.attendance.service import DOORS
from app.training.check_in import queries
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.plans.models import RunSession

#: Digits of a code.
DIGITS = 6
#: So many wrong codes within so long, and the next one is not looked at.
MOST_GUESSES = 5
GUESSING = timedelta(minutes=15)
#: Whoever comes later than this is late.
GRACE = timedelta(minutes=10)


@dataclass(frozen=True)
class CheckedIn:
    """Who came into which session, and whether late; `again` where that was known already."""

    sitting: RunSession
    is_late: bool
    again: bool = False


def open_door(session: Session, session_id: uuid.UUID, *, by: Actor, now: datetime) -> RunSession:
    """Give a session a code by which people check in; one that is open keeps its own.

    Raises NotFound, and Refused: "check_in_early", "check_in_over".
    """
    row = _locked(session, session_id)
    _refuse_closed(row, now)
    if row.check_in_code is None:
        row.check_in_code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        audit.record(
            session,
            "check_in.opened",
            by=by.person_id,
            now=now,
            subject=("run_session", session_id),
        )
    return row


def close_door(session: Session, session_id: uuid.UUID, *, by: Actor, now: datetime) -> RunSession:
    """Take the code away: nobody checks in by themselves any more."""
    row = _locked(session, session_id)
    if row.check_in_code is not None:
        row.check_in_code = None
        audit.record(
            session,
            "check_in.closed",
            by=by.person_id,
            now=now,
            subject=("run_session", session_id),
        )
    return row


def check_in(session: Session, code: str, *, by: Actor, now: datetime) -> CheckedIn | Refused:
    """Check in by a code, to the session of one's own that shows it now.

    Returns Refused("check_in_wrong") as a value: that it was wrong must be committed all the same.
    Raises Refused("check_in_held_up") after too many wrong ones, and what `enter` raises.
    """
    guesses = session.scalar(
        sa.select(sa.func.count()).where(
            AuditEvent.actor_id == by.known_id,
            AuditEvent.at > now - GUESSING,
            AuditEvent.action == "check_in.wrong",
        )
    )
    if (guesses or 0) >= MOST_GUESSES:
        raise Refused("check_in_held_up", minutes=int(GUESSING.total_seconds()) // 60)
    wanted = code_key(code)
    is_held = sa.and_(RunSession.starts_at <= now + DOORS, RunSession.ends_at >= now)
    for sitting, enrolment_id, _ in queries.own(session, by.known_id, is_held):
        if sitting.check_in_code and secrets.compare_digest(sitting.check_in_code, wanted):
            return enter(session, sitting.id, enrolment_id, by=by, now=now)
    audit.record(
        session, "check_in.wrong", by=by.person_id, now=now, subject=("person", by.person_id)
    )
    return Refused("check_in_wrong", left=MOST_GUESSES - (guesses or 0) - 1)


def enter(
    session: Session,
    session_id: uuid.UUID,
    enrolment_id: uuid.UUID,
    *,
    by: Actor,
    now: datetime,
) -> CheckedIn:
    """Note that somebody has come into a session: on time, or late with the minutes that are left.

    Raises NotFound, and Refused: "check_in_early", "check_in_over", "check_in_noted" where somebody
    has noted otherwise.
    """
    sitting = _locked(session, session_id)
    _refuse_closed(sitting, now)
    mark, is_guest = _mark(session, sitting, enrolment_id)
    is_late = now > sitting.starts_at + GRACE
    if mark.checked_in_at is not None:
        return CheckedIn(sitting, mark.presence == Presence.LATE, again=True)
    if mark.noted_at is not None and not is_guest:
        raise Refused("check_in_noted")
    left = sitting.ends_at - max(now, sitting.starts_at)
    whole = sitting.ends_at - sitting.starts_at
    mark.minutes = int((left if is_late else whole).total_seconds()) // 60
    mark.presence = Presence.MADE_UP if is_guest else Presence.LATE if is_late else Presence.PRESENT
    mark.checked_in_at = mark.noted_at = now
    mark.noted_by = by.person_id
    session.flush()
    row = session.get_one(Enrolment, enrolment_id)
    audit.record(
        session,
        "check_in.entered",
        by=by.person_id,
        now=now,
        subject=("run_session", session_id),
        details={"people": [str(row.person_id)], "late": is_late},
    )
    return CheckedIn(sitting, is_late)


def _mark(
    session: Session, sitting: RunSession, enrolment_id: uuid.UUID
) -> tuple[Attendance, bool]:
    """Return the row of somebody's attendance, and whether they make another session up here."""
    row = session.get(Enrolment, enrolment_id, with_for_update=True)
    if row is None or row.state not in SEATED:
        raise NotFound
    is_guest = row.run_id != sitting.run_id
    of_it = (
        sa.and_(Attendance.makes_up_id == sitting.id, Attendance.make_up == MakeUp.GIVEN)
        if is_guest
        else Attendance.session_id == sitting.id
    )
    mark = session.scalars(
        sa.select(Attendance)
        .where(Attendance.enrolment_id == enrolment_id, of_it)
        .execution_options(populate_existing=True)
    ).first()
    if mark is None:
        if is_guest:
            raise NotFound
        mark = Attendance(enrolment_id=enrolment_id, session_id=sitting.id)
        session.add(mark)
    return mark, is_guest


def _locked(session: Session, session_id: uuid.UUID) -> RunSession:
    row = session.get(RunSession, session_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def _refuse_closed(sitting: RunSession, now: datetime) -> None:
    if now < sitting.starts_at - DOORS:
        raise Refused("check_in_early")
    if now > sitting.ends_at:
        raise Refused("check_in_over")

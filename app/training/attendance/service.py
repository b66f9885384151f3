"""Giving notice of an absence, and noting how it was."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import outbox
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.training.attendance.models import Announcement, Attendance, MakeUp, Presence
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.plans.models import RunSession

#: From so long before a session it can be checked in at the door.
DOORS = timedelta(minutes=30)


class AbsenceReason(StrEnum):
    """Why somebody does not come: 公務, 休暇等, その他; never more than that."""

    DUTY = "duty"
    LEAVE = "leave"
    OTHER = "other"


#: What counts as taken when a run is cancelled halfway.
_TAKEN = (Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY, Presence.MADE_UP, Presence.EXCUSED)


@dataclass(frozen=True)
class Noted:
    """How somebody was there; minutes where it is not the whole session or none of it."""

    presence: Presence
    minutes: int | None = None
    #: The session of another run that this one is made up in.
    makes_up_id: uuid.UUID | None = None


def announce(
    session: Session,
    enrolment_id: uuid.UUID,
    session_ids: Collection[uuid.UUID],
    what: str,
    reason: str,
    *,
    by: Actor,
    now: datetime,
) -> list[Attendance]:
    """Give notice that somebody will be absent, late, or leave early, also the same morning.

    Raises NotFound, and Refused: "reason_needed", "sessions_needed", "session_over",
    "enrolment_revoked".
    """
    row = session.get(Enrolment, enrolment_id, with_for_update=True)
    if row is None or what not in list(Announcement):
        raise NotFound
    _refuse_unready(row, reason)
    chosen = _chosen(session, row.run_id, session_ids)
    if any(sitting.ends_at < now for sitting in chosen):
        raise Refused("session_over")
    known = _rows(session, row.id)
    marks = [known.get(each.id) or _new(session, row.id, each.id) for each in chosen]
    for mark in marks:
        mark.announced, mark.reason, mark.announced_at = what, reason, now
        mark.announced_by = None if by.person_id == row.person_id else by.person_id
    session.flush()
    counted = {"what": what, "sessions": len(marks)}
    _record(
        session, "attendance.announced", ("enrolment", row.id), [row.person_id], by, now, **counted
    )
    told = {"table": "attendance", "id": str(marks[0].id), "action": "announce"}
    outbox.put(session, outbox.Kind.MOVED, told, now)
    return marks


def _refuse_unready(row: Enrolment, reason: str) -> None:
    if row.state not in SEATED:
        raise Refused("enrolment_revoked")
    if reason not in list(AbsenceReason):
        raise Refused("reason_needed")


def take_back(session: Session, enrolment_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Take a notice back for what is still to come: somebody can come after all.

    What was to be made up for is not: its seat in the other run is free again.
    """
    row = session.get(Enrolment, enrolment_id, with_for_update=True)
    if row is None:
        raise NotFound
    coming = set(
        session.scalars(
            sa.select(RunSession.id).where(
                RunSession.run_id == row.run_id, RunSession.ends_at >= now
            )
        )
    )
    for session_id, mark in _rows(session, row.id).items():
        if session_id in coming and mark.announced:
            mark.announced = mark.reason = mark.announced_at = mark.announced_by = None
            if mark.make_up and mark.presence is None:
                mark.make_up = mark.makes_up_id = mark.make_up_item_id = None
    _record(session, "attendance.taken_back", ("enrolment", row.id), [row.person_id], by, now)


def note(
    session: Session,
    session_id: uuid.UUID,
    noted: Mapping[uuid.UUID, Noted],
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Note how it was in a session, by enrolment; return how many were noted.

    Who comes from another run to make a session up is noted there: as made up, or as before.
    Raises NotFound, Refused("session_not_begun"), and Refused("minutes_needed") where somebody
    was there for a part and nobody says for how long.
    """
    sitting = session.get(RunSession, session_id)
    if sitting is None:
        raise NotFound
    if sitting.starts_at - DOORS > now:
        raise Refused("session_not_begun")
    guests = guests_of(session, session_id)
    people = _seated(session, sitting.run_id, [key for key in noted if key not in guests])
    rows = session.scalars(sa.select(Attendance).where(Attendance.session_id == session_id))
    known = {mark.enrolment_id: mark for mark in rows}
    for enrolment_id, how in noted.items():
        mark = guests.get(enrolment_id) or known.get(enrolment_id)
        mark = mark or _new(session, enrolment_id, session_id)
        mark.presence, mark.minutes = how.presence, _minutes(sitting, how)
        if enrolment_id in guests:
            mark.presence = Presence.MADE_UP if mark.minutes else Presence.ABSENT
        elif how.makes_up_id is not None:
            mark.make_up, mark.makes_up_id = MakeUp.GIVEN, how.makes_up_id
        mark.noted_by, mark.noted_at = by.person_id, now
    session.flush()
    people += session.scalars(
        sa.select(Enrolment.person_id).where(Enrolment.id.in_(guests.keys() & noted.keys()))
    ).all()
    _record(session, "attendance.noted", ("run_session", session_id), people, by, now)
    return len(people)


def guests_of(session: Session, session_id: uuid.UUID) -> dict[uuid.UUID, Attendance]:
    """Return the rows of those who make a session of another run up in this one, by enrolment."""
    rows = session.scalars(
        sa.select(Attendance)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(
            Attendance.makes_up_id == session_id,
            Attendance.make_up == MakeUp.GIVEN,
            Enrolment.state.in_(SEATED),
        )
    )
    return {row.enrolment_id: row for row in rows}


def carry(session: Session, before_id: uuid.UUID, after: Enrolment) -> int:
    """Carry what somebody took in a run that was cancelled over to the same sessions of another.

    Sessions are the same by their numbers; return how many were carried (case 13).
    """
    numbers = dict(
        session.execute(
            sa.select(RunSession.number, RunSession.id).where(RunSession.run_id == after.run_id)
        ).all()
    )
    taken = session.execute(
        sa.select(Attendance, RunSession.number)
        .join(RunSession, RunSession.id == Attendance.session_id)
        .where(Attendance.enrolment_id == before_id, Attendance.presence.in_(_TAKEN))
    ).all()
    carried = [(mark, numbers[number]) for mark, number in taken if number in numbers]
    for mark, session_id in carried:
        there = _new(session, after.id, session_id)
        there.presence, there.minutes = mark.presence, mark.minutes
        there.makes_up_id = mark.makes_up_id if mark.make_up else mark.session_id
        there.noted_by, there.noted_at = mark.noted_by, mark.noted_at
    session.flush()
    return len(carried)


def _record(
    session: Session,
    action: str,
    subject: audit.Subject,
    people: Collection[uuid.UUID],
    by: Actor,
    now: datetime,
    **details: object,
) -> None:
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=subject,
        details={**audit.shown(people), **details},
    )


def _seated(
    session: Session, run_id: uuid.UUID, enrolment_ids: Collection[uuid.UUID]
) -> list[uuid.UUID]:
    """Return whose these seats of a run are; raises NotFound where one is none of it."""
    people = session.scalars(
        sa.select(Enrolment.person_id).where(
            Enrolment.run_id == run_id,
            Enrolment.state.in_(SEATED),
            Enrolment.id.in_(enrolment_ids),
        )
    ).all()
    if len(people) != len(enrolment_ids):
        raise NotFound
    return list(people)


def _minutes(sitting: RunSession, how: Noted) -> int:
    length = int((sitting.ends_at - sitting.starts_at).total_seconds()) // 60
    if how.presence in (Presence.PRESENT, Presence.MADE_UP):
        return length
    if how.presence in (Presence.ABSENT, Presence.EXCUSED):
        return 0
    if how.minutes is None or not 0 <= how.minutes <= length:
        raise Refused("minutes_needed", most=length)
    return how.minutes


def _chosen(
    session: Session, run_id: uuid.UUID, session_ids: Collection[uuid.UUID]
) -> list[RunSession]:
    rows = session.scalars(
        sa.select(RunSession).where(RunSession.run_id == run_id, RunSession.id.in_(session_ids))
    ).all()
    if not rows or len(rows) != len(set(session_ids)):
        raise Refused("sessions_needed")
    return list(rows)


def _rows(session: Session, enrolment_id: uuid.UUID) -> dict[uuid.UUID, Attendance]:
    rows = session.scalars(sa.select(Attendance).where(Attendance.enrolment_id == enrolment_id))
    return {row.session_id: row for row in rows}


def _new(session: Session, enrolment_id: uuid.UUID, session_id: uuid.UUID) -> Attendance:
    mark = Attendance(enrolment_id=enrolment_id, session_id=session_id)
    session.add(mark)
    return mark

"""Periods, holds, and erasures: proposed by one person, approved by another, done bit by bit.

A unit of work erases all of one class about one person, or some hundred rows about nobody: nobody
is ever half erased, no other writer waits for long, and what was interrupted goes on where it was.
"""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.keeping import certificates, holdings
from app.keeping.retention import queries
from app.keeping.retention.models import (
    Erasure,
    ErasureLine,
    HoldReason,
    RetentionHold,
    RetentionPeriod,
)
from app.keeping.retention.periods import LONGEST, PERIODS
from app.keeping.retention.states import ErasureState
from app.keeping.retention.text import CLASSES
from app.kernel import clock, db, jobs, pdf, workflow
from app.kernel.actor import SYSTEM, Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, Forbidden, NotFound, Refused
from app.kernel.holdings import due_before
from app.kernel.settings import Settings

LONGEST_RESPONSIBLE = 100


def set_period(
    session: Session, record_class: str, years: int, *, by: Actor, now: datetime
) -> None:
    """Keep a class for so many years from now on; raises Refused("period_out_of_range")."""
    before = queries.years_of(session, record_class)
    least = PERIODS[record_class].least
    if not least <= years <= LONGEST:
        raise Refused("period_out_of_range", least=least, most=LONGEST)
    row = RetentionPeriod(record_class=record_class, years=years, set_by=by.known_id, set_at=now)
    session.add(row)
    session.flush()
    audit.record(
        session,
        "retention_period.set",
        by=by.person_id,
        now=now,
        subject=("retention_period", row.id),
        details={"class": record_class, "from": before, "to": years},
    )


def hold(
    session: Session, person_id: uuid.UUID, reason: str, until: date, *, by: Actor, now: datetime
) -> RetentionHold:
    """Keep somebody's rows until a day, though they are due."""
    if reason not in list(HoldReason):
        raise Refused("hold_reason_unknown")
    if until < clock.today(now):
        raise Refused("hold_until_past")
    row = RetentionHold(
        person_id=person_id, reason=reason, until=until, placed_by=by.known_id, placed_at=now
    )
    session.add(row)
    session.flush()
    _note(session, "person.held", person_id, by, now, reason=reason, until=until.isoformat())
    return row


def lift(session: Session, hold_id: uuid.UUID, *, by: Actor, now: datetime) -> RetentionHold:
    """End a hold; twice is no error. Raises NotFound."""
    row = session.get(RetentionHold, hold_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.lifted_at is None:
        row.lifted_at = now
        _note(session, "person.hold_lifted", row.person_id, by, now, reason=row.reason)
    return row


def propose(session: Session, record_class: str, *, by: Actor, now: datetime) -> Erasure:
    """List all of a class that is due now and not held, for somebody else to approve.

    Raises Conflict("erasure_open") while the class has another one, Refused("nothing_due").
    """
    before = due_before(clock.today(now), queries.years_of(session, record_class))
    is_open = sa.exists().where(
        Erasure.record_class == record_class, Erasure.state.in_(queries.OPEN)
    )
    if session.scalar(sa.select(is_open)):
        raise Conflict("erasure_open")
    lines = _due(session, record_class, before, clock.today(now))
    if not lines:
        raise Refused("nothing_due")
    row = Erasure(
        record_class=record_class, before=before, proposed_by=by.known_id, proposed_at=now
    )
    session.add(row)
    session.flush()
    session.execute(
        sa.insert(ErasureLine),
        [{"id": db.new_id(), "erasure_id": row.id, **line} for line in lines],
    )
    audit.record(
        session,
        "erasure.propose",
        by=by.person_id,
        now=now,
        subject=("erasure", row.id),
        details={"class": record_class, "before": before.isoformat(), "count": len(lines)},
    )
    return row


def _due(session: Session, record_class: str, before: date, today: date) -> list[dict[str, object]]:
    held = queries.held_on(session, today)
    rows: Counter[uuid.UUID | None] = Counter()
    oldest: dict[uuid.UUID | None, date] = {}
    for query in holdings.due(record_class, before):
        for person_id, count, event in session.execute(query):
            day = queries.day_of(event)
            if count and day and person_id not in held:
                rows[person_id] += count
                oldest[person_id] = min(day, oldest.get(person_id, day))
    return [
        {"person_id": key, "rows": count, "oldest_on": oldest[key]} for key, count in rows.items()
    ]


def approve(
    session: Session,
    erasure_id: uuid.UUID,
    responsible: str,
    settings: Settings,
    *,
    by: Actor,
    now: datetime,
) -> Erasure:
    """Have a worker erase what somebody else has proposed; it cannot be undone.

    Raises Forbidden("approver_is_proposer"), Refused("responsible_needed"), Conflict.
    """
    row = _locked(session, erasure_id)
    if row.proposed_by == by.known_id:
        raise Forbidden("approver_is_proposer")
    said = " ".join(responsible.split())
    if not 0 < len(said) <= LONGEST_RESPONSIBLE:
        raise Refused("responsible_needed")
    pdf.refuse_missing(said, settings.fonts)
    workflow.move(session, row, "approve", by=by, now=now)
    row.approved_by, row.approved_at, row.responsible = by.known_id, now, said
    _ask(session, row, by, now)
    return row


def resume(session: Session, erasure_id: uuid.UUID, *, by: Actor, now: datetime) -> Erasure:
    """Have a worker go on with an erasure whose job has ended before its end."""
    row = _locked(session, erasure_id)
    job = queries.job_of(session, row)
    if row.state != ErasureState.APPROVED or (job is not None and job.ended_at is None):
        raise Conflict("wrong_state", action="resume", state=row.state)
    _ask(session, row, by, now)
    return row


def withdraw(session: Session, erasure_id: uuid.UUID, *, by: Actor, now: datetime) -> Erasure:
    """Take a proposal back; its list goes, the rows stay."""
    row = _locked(session, erasure_id)
    workflow.move(session, row, "withdraw", by=by, now=now)
    session.execute(sa.delete(ErasureLine).where(ErasureLine.erasure_id == row.id))
    row.ended_at = now
    return row


def erase_line(session: Session, line_id: uuid.UUID, settings: Settings, now: datetime) -> bool:
    """Erase one line of an approved erasure; return whether it is done with.

    A line that was done already is no error; one about nobody is done when nothing is left of it.
    Who has come to be held, or is not due any more, is left out.
    """
    line = session.get(ErasureLine, line_id, with_for_update=True)
    if line is None:
        return True
    row, person_id = _locked(session, line.erasure_id), line.person_id
    if row.state != ErasureState.APPROVED:
        raise Conflict("wrong_state", action="erase", state=row.state)
    is_held = person_id in queries.held_on(session, clock.today(now)) if person_id else False
    files = 0
    if person_id and not is_held and row.record_class == holdings.WHOLE:
        files = holdings.erase_files(session, person_id, row.before, settings)
    if person_id:
        session.delete(line)
        session.flush()
    gone = (
        Counter()
        if is_held
        else holdings.erase(session, row.record_class, person_id, row.before, now)
    )
    gone += Counter({"files": files} if files else {})
    row.counts = dict(Counter(row.counts) + gone)
    if person_id:
        row.people += bool(gone)
        row.left_out += not gone
    elif not gone:
        session.delete(line)
    return bool(person_id) or not gone


def finish(session: Session, erasure_id: uuid.UUID, settings: Settings, now: datetime) -> Erasure:
    """Certify an erasure whose lines are all done."""
    row = _locked(session, erasure_id)
    workflow.move(session, row, "finish", by=SYSTEM, now=now)
    row.ended_at = now
    notes = [f"{clock.era_date(row.before)}より前の記録を消去した。"]
    if row.left_out:
        notes.append(f"消去の保留、または対象でなくなったために残した人：{row.left_out:,}人")
    erased = certificates.Erased(
        items=CLASSES[row.record_class][0].text,
        people=row.people,
        counts=row.counts,
        dialect=session.get_bind().dialect.name,
        responsible=row.responsible,
        notes=tuple(notes),
        reference=str(row.id),
    )
    row.certificate = certificates.document(settings, erased, now)
    return row


def _locked(session: Session, erasure_id: uuid.UUID) -> Erasure:
    row = session.get(Erasure, erasure_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def _ask(session: Session, row: Erasure, by: Actor, now: datetime) -> None:
    arguments = {"erasure_id": str(row.id)}
    row.job_id = jobs.ask(session, jobs.Name.ERASE, arguments, by=by.person_id, now=now).id


def _note(
    session: Session, action: str, person_id: uuid.UUID, by: Actor, now: datetime, **details: object
) -> None:
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("person", person_id),
        details=details,
    )

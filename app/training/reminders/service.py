"""Reminding those who have not finished, once for each day of the rule; and the rule itself."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.kernel.open_days import OpenDays
from app.people.heads.queries import near_to
from app.people.permission.models import Role
from app.training.notifying.queries import counted
from app.training.notifying.service import say
from app.training.offerings.models import Offering
from app.training.reminders import queries
from app.training.reminders.queries import DUE, OVERDUE, ByHand, Deadline, Rule
from app.training.telling import queries as telling

#: Names, among PostgreSQL's advisory locks, the one of whoever does a part of the day's telling.
_DAILY = 0x72656D64
#: So many are reminded by hand at once, while somebody waits.
MOST_BY_HAND = 10_000


@dataclass(frozen=True)
class _Late:
    """Those who have not finished by a deadline, and the day of the rule that it is."""

    deadline: Deadline
    day: date
    #: Of each person the section.
    people: Mapping[uuid.UUID, uuid.UUID]

    @property
    def counts(self) -> Counter[uuid.UUID]:
        """How many there are of each section."""
        return Counter(self.people.values())


def write(
    session: Session, offering_id: uuid.UUID, rule: Rule, *, by: Actor, now: datetime
) -> Offering:
    """Have the people of an offering be reminded by a rule from now on; raises NotFound."""
    row = session.get(Offering, offering_id, with_for_update=True)
    if row is None:
        raise NotFound
    before, after = Rule.of(row.reminders).plain(), rule.plain()
    row.reminders = after
    audit.record(
        session,
        "offering.reminders_set",
        by=by.person_id,
        now=now,
        subject=("offering", offering_id),
        details={name: [before[name], after[name]] for name in after},
    )
    return row


def remind(session: Session, days: OpenDays, now: datetime) -> int:
    """Remind who has not finished, where the rule of their offering says so of today; how many.

    A few statements for each deadline, however many people have it. Called again on a day nobody
    is told anything more.
    """
    alone(session)
    today = clock.today(now)
    found = [
        _Late(deadline, day, dict(queries.late_for(session, deadline, today)))
        for deadline in queries.deadlines(session, today)
        if (day := deadline.rule.told_on(today, deadline.due_on, days))
    ]
    told = sum(_remind(session, late, now) for late in found)
    copied = [late for late in found if late.deadline.rule.with_head]
    sections = {section_id for late in copied for section_id in late.counts}
    heads = near_to(session, sections, Role.HEAD, now) if sections else {}
    return told + sum(_copy(session, late, heads, now) for late in copied)


def _remind(session: Session, late: _Late, now: datetime) -> int:
    kind = DUE if late.day <= late.deadline.due_on else OVERDUE
    matter = telling.of_run(session, late.deadline.run_id)
    data = {**matter.data, "until_on": late.deadline.due_on.isoformat()}
    dedupe = f"{kind}:{late.deadline.run_id}:{late.day}"
    return say(session, late.people, kind, data, "/", dedupe=dedupe, now=now)


def _copy(
    session: Session,
    late: _Late,
    heads: Mapping[uuid.UUID, Sequence[uuid.UUID]],
    now: datetime,
) -> int:
    """Tell the heads of those who were reminded how many of theirs they are, and no name."""
    matter = telling.of_run(session, late.deadline.run_id)
    until = late.deadline.due_on
    dedupe = f"learning.section:{late.deadline.run_id}:{until}:{late.day}"
    told = 0
    for count, people in counted(heads, late.counts).items():
        data = {"title": matter.title, "until_on": until.isoformat(), "count": count}
        told += say(session, people, "learning.section", data, "/", dedupe=dedupe, now=now)
    return told


def due_by_hand(session: Session, enrolment_ids: Collection[uuid.UUID], now: datetime) -> ByHand:
    """Return whom `remind_by_hand` would tell; raises Refused("remind_too_many", most)."""
    if len(enrolment_ids) > MOST_BY_HAND:
        raise Refused("remind_too_many", most=f"{MOST_BY_HAND:,}")
    return queries.by_hand(session, enrolment_ids, now)


def remind_by_hand(
    session: Session, enrolment_ids: Collection[uuid.UUID], *, by: Actor, now: datetime
) -> int:
    """Remind those of some enrolments who have not finished, each of a run once a day; how many.

    Whoever calls has seen to it that the actor looks after them. Raises what `due_by_hand` raises.
    """
    alone(session)
    found = due_by_hand(session, enrolment_ids, now)
    told = 0
    for (run_id, due_on), people in found.people.items():
        late = _Late(Deadline(run_id, due_on, Rule()), clock.today(now), people)
        told += _remind(session, late, now)
        audit.record(
            session,
            "run.reminded",
            by=by.person_id,
            now=now,
            subject=("run", run_id),
            details=audit.shown(people),
        )
    return told


def alone(session: Session) -> None:
    """Have whoever does the same wait until this unit of work is over, and find it done.

    SQLite has but one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_DAILY)))


def note_told(session: Session, counts: Mapping[str, int], now: datetime) -> None:
    """Note that the day's telling is done, and how many were told what."""
    subject = ("notice", None)
    audit.record(session, "reminders.told", by=None, now=now, subject=subject, details=dict(counts))

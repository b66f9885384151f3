"""Reads for reminding: the rule of an offering, and who has not finished what is due when."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.db import portions
from app.kernel.notices.models import Notice
from app.kernel.open_days import OpenDays
from app.kernel.periods import valid
from app.people.permission.queries import is_here
from app.people.register.models import Appointment, Person, PostKind
from app.people.register.queries import excluded_on
from app.training.enrolment.models import Enrolment
from app.training.enrolment.queries import progress
from app.training.enrolment.states import UNDER_WAY
from app.training.offerings.models import Offering
from app.training.plans.models import Run, Training
from app.training.plans.states import RunState

#: What they are told: that it will be due, and that it is late.
DUE, OVERDUE = "learning.due", "learning.overdue"

#: The hour in Japan from which people are told: nobody's telephone rings before.
BEGINS = 8


@dataclass(frozen=True)
class Rule:
    """When who has not finished is reminded: so many days before the due date, and after it."""

    #: Days before the due date, the furthest first; 0 is the due date itself.
    before: tuple[int, ...] = (7, 3, 0)
    #: Every so many days after it; 0: never.
    every: int = 7
    #: Whether the head of each section is told for how many.
    with_head: bool = False

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Rule:
        """Return what an offering keeps; what it says nothing of is as usual."""
        rule = cls()
        before = plain.get("before", rule.before)
        return cls(
            tuple(sorted(set(before), reverse=True)),
            plain.get("every", rule.every),
            plain.get("with_head", rule.with_head),
        )

    def plain(self) -> dict[str, Any]:
        """Return it as an offering keeps it."""
        return {"before": list(self.before), "every": self.every, "with_head": self.with_head}

    def told_on(self, today: date, due_on: date, days: OpenDays) -> date | None:
        """Return the day of the rule that today stands for; None where nobody is told today.

        What falls on a closed day is told on the open one before: of several the last one. Nobody
        is told that they are late before they are.
        """
        found = [
            day
            for day in days.standing_for(today)
            if self._is_day(day, due_on) and (day <= due_on or today > due_on)
        ]
        return found[-1] if found else None

    def _is_day(self, day: date, due_on: date) -> bool:
        left = (due_on - day).days
        return left in self.before if left >= 0 else bool(self.every) and -left % self.every == 0


@dataclass(frozen=True)
class Deadline:
    """A day on which people of a run are due who have not finished."""

    run_id: uuid.UUID
    due_on: date
    rule: Rule


@dataclass(frozen=True)
class Ruled:
    """An offering with its rule, as a page shows it."""

    id: uuid.UUID
    training_id: uuid.UUID
    title: str
    fiscal_year: int
    rule: Rule


def offering(session: Session, offering_id: uuid.UUID) -> Ruled | None:
    """Return an offering with its rule; None where there is none."""
    row = session.execute(
        sa.select(
            Offering.id,
            Offering.training_id,
            Training.title,
            Offering.fiscal_year,
            Offering.reminders,
        )
        .join(Training, Training.id == Offering.training_id)
        .where(Offering.id == offering_id)
    ).one_or_none()
    if row is None:
        return None
    return Ruled(row.id, row.training_id, row.title, row.fiscal_year, Rule.of(row.reminders))


def unfinished(
    day: date,
    *conditions: sa.ColumnElement[bool],
    among: sa.ColumnElement[bool] | None = None,
) -> sa.Select[Any]:
    """Return the query of those who can still learn on a day and have not done what is required.

    Columns: run_id, due_on, person_id, section_id (where they serve that day). Who is away, has
    left or is restricted is none of them; due is the run's last day, or their own. `among` is a
    condition on `Enrolment` beyond which no record is looked at.
    """
    rows = _open_on(day, sa.true() if among is None else among)
    own = sa.and_(Run.state == RunState.ENDED, Enrolment.extended_until >= day)
    found = (
        sa.select(
            rows.c.run_id,
            due_on().label("due_on"),
            rows.c.person_id,
            sa.func.coalesce(Appointment.section_id, rows.c.section_id).label("section_id"),
        )
        .join(Enrolment, Enrolment.id == rows.c.enrolment_id)
        .join(Run, Run.id == rows.c.run_id)
        .join(Person, Person.id == rows.c.person_id)
        .outerjoin(Appointment, main_post_on(day, rows.c.person_id))
        .where(
            rows.c.done < rows.c.components,
            sa.or_(Run.state == RunState.OPEN, own),
            is_here(day),
            Person.restricted_at.is_(None),
            Person.id.not_in(excluded_on(day)),
            *conditions,
        )
    )
    return cast("sa.Select[Any]", found)


def _open_on(day: date, among: sa.ColumnElement[bool]) -> sa.Subquery:
    runs = sa.select(Run.id).where(
        Run.state.in_((RunState.OPEN, RunState.ENDED)), Run.learn_from <= day
    )
    return progress(Enrolment.run_id.in_(runs), Enrolment.state.in_(UNDER_WAY), among)


def due_on() -> sa.ColumnElement[date]:
    """Return until when somebody has: a column over `Enrolment` and `Run`."""
    return sa.func.coalesce(Enrolment.extended_until, Run.learn_until)


def main_post_on(day: date, person_id: sa.SQLColumnExpression[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that joins somebody with the main post of a day."""
    return sa.and_(
        Appointment.person_id == person_id,
        Appointment.kind == PostKind.MAIN,
        valid(Appointment, day),
    )


def deadlines(session: Session, day: date) -> list[Deadline]:
    """Return when somebody is due who has not finished: two statements, however many they are."""
    pairs = unfinished(day).with_only_columns(Run.id, due_on(), Run.offering_id).distinct()
    found = session.execute(pairs.order_by(sa.text("2"), Run.id)).all()
    wanted = {row[2] for row in found}
    kept = session.execute(
        sa.select(Offering.id, Offering.reminders).where(Offering.id.in_(wanted))
    )
    rules = {row.id: Rule.of(row.reminders) for row in kept}
    return [Deadline(run_id, due, rules[offering_id]) for run_id, due, offering_id in found]


def late_for(session: Session, deadline: Deadline, day: date) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return who has not finished what is due on a deadline, each with the section."""
    rows = session.execute(unfinished(day, Run.id == deadline.run_id, due_on() == deadline.due_on))
    return [(row.person_id, row.section_id) for row in rows]


def last_told(session: Session) -> datetime | None:
    """Return when a day's telling was last done, as the audit has it; None before the first."""
    return session.scalar(
        sa.select(sa.func.max(AuditEvent.at)).where(AuditEvent.action == "reminders.told")
    )


def is_due(session: Session, days: OpenDays, now: datetime) -> bool:
    """Whether today's telling is still to be done: from 8:00 of an open day in Japan."""
    today = clock.today(now)
    if not days.is_open(today) or now.astimezone(clock.JST).hour < BEGINS:
        return False
    last = last_told(session)
    return last is None or clock.today(last) < today


@dataclass(frozen=True)
class ByHand:
    """Whom reminding of some enrolments would tell now, and how many of them it would not."""

    #: By run and due date each person with the section.
    people: Mapping[tuple[uuid.UUID, date], Mapping[uuid.UUID, uuid.UUID]]
    #: So many were reminded of the same today.
    told: int
    #: So many have nothing to be reminded of: done, not to be taken now, or not to be told.
    apart: int

    @property
    def count(self) -> int:
        """How many reminders it would be."""
        return sum(map(len, self.people.values()))

    @property
    def person_ids(self) -> list[uuid.UUID]:
        """Who would be told, each once."""
        return list(dict.fromkeys(key for found in self.people.values() for key in found))


def by_hand(session: Session, enrolment_ids: Collection[uuid.UUID], now: datetime) -> ByHand:
    """Return whom reminding of some enrolments would tell: two statements for some thousands."""
    today = clock.today(now)
    rows = [
        row
        for some in portions(list(enrolment_ids))
        for row in session.execute(unfinished(today, among=Enrolment.id.in_(some)))
    ]
    told = _told_today(session, {row.person_id for row in rows}, now)
    found: dict[tuple[uuid.UUID, date], dict[uuid.UUID, uuid.UUID]] = defaultdict(dict)
    for row in rows:
        if (str(row.run_id), row.person_id) not in told:
            found[row.run_id, row.due_on][row.person_id] = row.section_id
    fresh = sum(map(len, found.values()))
    return ByHand(found, len(rows) - fresh, len(enrolment_ids) - len(rows))


def _told_today(
    session: Session, person_ids: Collection[uuid.UUID], now: datetime
) -> set[tuple[str, uuid.UUID]]:
    """Return of which run whom a reminder was written for today, by a rule or by hand."""
    since = clock.start_of(clock.today(now))
    return {
        (key.split(":")[1], person_id)
        for some in portions(list(person_ids))
        for key, person_id in session.execute(
            sa.select(Notice.dedupe_key, Notice.person_id).where(
                Notice.person_id.in_(some),
                Notice.kind.in_((DUE, OVERDUE)),
                Notice.created_at >= since,
            )
        )
    }

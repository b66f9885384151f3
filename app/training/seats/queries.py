"""How many seats of an offering are taken: by sections and grades, and in each run.

Nothing is kept twice. A nomination holds its section's place until it is decided, an enrolment
holds it and a seat in its run from then on; the ledger is what these rows add up to.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.people.register.models import Title
from app.people.sections import queries as sections
from app.training.attendance.models import Attendance, MakeUp
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.offerings.models import Quota
from app.training.plans.models import Run, RunSession


@dataclass(frozen=True)
class Account:
    """One quota, and how much of it is taken."""

    id: uuid.UUID
    section_id: uuid.UUID | None
    with_children: bool
    grade: str
    at_least: int
    at_most: int
    taken: int

    @property
    def left(self) -> int:
        """How many more it takes; never below zero."""
        return max(0, self.at_most - self.taken)

    def counts(
        self, section_id: uuid.UUID, grade: str, lines: Mapping[uuid.UUID, Collection[uuid.UUID]]
    ) -> bool:
        """Whether a person of a section and a grade is charged to it; `lines` as in a ledger."""
        if self.grade not in ("", grade):
            return False
        if self.section_id is None or self.section_id == section_id:
            return True
        return self.with_children and self.section_id in lines.get(section_id, ())


@dataclass(frozen=True)
class RunAccount:
    """The seats of one run."""

    capacity: int | None
    taken: int
    #: Those of other runs who make a session up here, in the session with most of them.
    guests: int = 0

    @property
    def left(self) -> int | None:
        """How many more it takes for all its sessions; None for as many as are wanted."""
        if self.capacity is None:
            return None
        return max(0, self.capacity - self.taken - self.guests)


@dataclass(frozen=True)
class Ledger:
    """The accounts of an offering on a day."""

    quotas: tuple[Account, ...]
    runs: Mapping[uuid.UUID, RunAccount]
    #: What each section stands under, itself first.
    lines: Mapping[uuid.UUID, tuple[uuid.UUID, ...]]

    def of(self, section_id: uuid.UUID, grade: str) -> list[Account]:
        """Return the quotas that a person of a section and a grade is charged to."""
        return [quota for quota in self.quotas if quota.counts(section_id, grade, self.lines)]

    def left(self, section_id: uuid.UUID, grade: str = "") -> int | None:
        """Return how many more a section can send, of a grade; None where nothing limits it."""
        return min((quota.left for quota in self.of(section_id, grade)), default=None)


def ledger(session: Session, offering_id: uuid.UUID, day: date) -> Ledger:
    """Return the accounts of an offering: five statements."""
    above = sections.lines(session, day)
    taken = _taken(session, offering_id)
    quotas = []
    rows = session.scalars(
        sa.select(Quota).where(Quota.offering_id == offering_id).order_by(Quota.id)
    )
    for row in rows:
        empty = Account(
            row.id, row.section_id, row.with_children, row.grade, row.at_least, row.at_most, 0
        )
        count = sum(
            number
            for (section_id, grade), number in taken.items()
            if empty.counts(section_id, grade, above)
        )
        quotas.append(replace(empty, taken=count))
    return Ledger(tuple(quotas), runs(session, offering_id), above)


def runs(session: Session, offering_id: uuid.UUID) -> dict[uuid.UUID, RunAccount]:
    """Return the seats of each run of an offering, in one statement."""
    seated = sa.func.count(sa.case((Enrolment.state.in_(SEATED), 1)))
    by_session = guests(offering_id).subquery()
    most = sa.select(sa.func.coalesce(sa.func.max(by_session.c.guests), 0)).where(
        by_session.c.run_id == Run.id
    )
    rows = session.execute(
        sa.select(Run.id, Run.capacity_max, seated, most.scalar_subquery())
        .outerjoin(Enrolment, Enrolment.run_id == Run.id)
        .where(Run.offering_id == offering_id)
        .group_by(Run.id)
    )
    return {row[0]: RunAccount(row[1], row[2], row[3]) for row in rows}


def guests(offering_id: uuid.UUID) -> sa.Select[Any]:
    """Return the query of how many of other runs make each session of an offering up.

    Columns: run_id, session_id, guests. A make-up takes a seat in its one session (case 16).
    """
    found = (
        sa.select(
            RunSession.run_id, RunSession.id.label("session_id"), sa.func.count().label("guests")
        )
        .join(Run, Run.id == RunSession.run_id)
        .join(Attendance, Attendance.makes_up_id == RunSession.id)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(
            Run.offering_id == offering_id,
            Attendance.make_up == MakeUp.GIVEN,
            Enrolment.state.in_(SEATED),
        )
        .group_by(RunSession.id, RunSession.run_id)
    )
    return cast("sa.Select[Any]", found)


def places(offering_id: uuid.UUID) -> sa.Subquery:
    """Return who takes a place of an offering: person, and the section and grade it is charged to.

    `is_seated` says that a seat is decided; else they are put forward.
    """
    nominated = (
        sa.select(
            Candidacy.person_id,
            Candidacy.section_id,
            Title.grade,
            sa.false().label("is_seated"),
        )
        .select_from(Candidacy)
        .join(Title, Title.id == Candidacy.title_id)
        .where(
            Candidacy.offering_id == offering_id,
            Candidacy.state == CandidacyState.NOMINATED,
            Candidacy.is_over_quota.is_(False),
        )
    )
    # Enrolled from a nomination, somebody stays charged to the section that put them forward.
    charged = sa.func.coalesce(Candidacy.section_id, Enrolment.section_id)
    enrolled = (
        sa.select(Enrolment.person_id, charged.label("section_id"), Title.grade, sa.true())
        .select_from(Enrolment)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Title, Title.id == Enrolment.title_id)
        .outerjoin(Candidacy, Candidacy.id == Enrolment.candidacy_id)
        .where(Run.offering_id == offering_id, Enrolment.state.in_(SEATED))
    )
    return sa.union_all(nominated, enrolled).subquery()


def _taken(session: Session, offering_id: uuid.UUID) -> dict[tuple[uuid.UUID, str], int]:
    """Return how many places each section and grade has taken."""
    both = places(offering_id)
    rows = session.execute(
        sa.select(both.c.section_id, both.c.grade, sa.func.count()).group_by(
            both.c.section_id, both.c.grade
        )
    )
    return {(row[0], row[1]): row[2] for row in rows}

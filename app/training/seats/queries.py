"""How many seats of an offering are taken: by sections and grades, and in each run.

Nothing is kept twice. A nomination holds its section's place until it is decided, an enrolment
holds it and a seat in its run from then on; the ledger is what these rows add up to.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.people.register.models import Title
from app.people.sections import queries as sections
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.offerings.models import Quota
from app.training.plans.models import Run


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


@dataclass(frozen=True)
class RunAccount:
    """The seats of one run."""

    capacity: int | None
    taken: int

    @property
    def left(self) -> int | None:
        """How many more it takes; None for as many as are wanted."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)


@dataclass(frozen=True)
class Ledger:
    """The accounts of an offering on a day."""

    quotas: tuple[Account, ...]
    runs: Mapping[uuid.UUID, RunAccount]
    #: What each section stands under, itself first.
    lines: Mapping[uuid.UUID, tuple[uuid.UUID, ...]]

    def of(self, section_id: uuid.UUID, grade: str) -> list[Account]:
        """Return the quotas that a person of a section and a grade is charged to."""
        return [quota for quota in self.quotas if self._charges(quota, section_id, grade)]

    def left(self, section_id: uuid.UUID, grade: str = "") -> int | None:
        """Return how many more a section can send, of a grade; None where nothing limits it."""
        return min((quota.left for quota in self.of(section_id, grade)), default=None)

    def _charges(self, quota: Account, section_id: uuid.UUID, grade: str) -> bool:
        if quota.grade not in ("", grade):
            return False
        if quota.section_id is None or quota.section_id == section_id:
            return True
        return quota.with_children and quota.section_id in self.lines.get(section_id, ())


def ledger(session: Session, offering_id: uuid.UUID, day: date) -> Ledger:
    """Return the accounts of an offering: five statements."""
    lines = sections.lines(session, day)
    taken = _taken(session, offering_id)
    bare = Ledger((), {}, lines)
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
            if bare._charges(empty, section_id, grade)  # noqa: SLF001 - its own module
        )
        quotas.append(
            Account(
                row.id,
                row.section_id,
                row.with_children,
                row.grade,
                row.at_least,
                row.at_most,
                count,
            )
        )
    return Ledger(tuple(quotas), runs(session, offering_id), lines)


def runs(session: Session, offering_id: uuid.UUID) -> dict[uuid.UUID, RunAccount]:
    """Return the seats of each run of an offering, in one statement."""
    seated = sa.func.count(sa.case((Enrolment.state.in_(SEATED), 1)))
    rows = session.execute(
        sa.select(Run.id, Run.capacity_max, seated)
        .outerjoin(Enrolment, Enrolment.run_id == Run.id)
        .where(Run.offering_id == offering_id)
        .group_by(Run.id)
    )
    return {row[0]: RunAccount(row[1], row[2]) for row in rows}


def _taken(session: Session, offering_id: uuid.UUID) -> dict[tuple[uuid.UUID, str], int]:
    """Return how many places each section and grade has taken."""
    nominated = (
        sa.select(Candidacy.section_id, Title.grade)
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
        sa.select(charged.label("section_id"), Title.grade)
        .select_from(Enrolment)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Title, Title.id == Enrolment.title_id)
        .outerjoin(Candidacy, Candidacy.id == Enrolment.candidacy_id)
        .where(Run.offering_id == offering_id, Enrolment.state.in_(SEATED))
    )
    both = sa.union_all(nominated, enrolled).subquery()
    rows = session.execute(
        sa.select(both.c.section_id, both.c.grade, sa.func.count()).group_by(
            both.c.section_id, both.c.grade
        )
    )
    return {(row[0], row[1]): row[2] for row in rows}

"""Reads for choosing: how many are put forward by section and grade, and the seats of the runs."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.people.register.models import Title
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.candidacies import queries as candidacies
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.plans.models import Run
from app.training.plans.states import TAKING

#: Those who have come as far as the office's choice.
BEFORE_THE_OFFICE = (
    CandidacyState.NOMINATED,
    CandidacyState.SELECTED,
    CandidacyState.WAITLISTED,
    CandidacyState.NOT_SELECTED,
)
#: By which `by_state` tells for how many something is proposed.
PROPOSED = "proposed"
#: Of whom nobody has proposed anything, as a filter says it; and the button that takes it back.
NOTHING = "nothing"


@dataclass(frozen=True)
class Group:
    """How many of one section and grade stand alike: decided, proposed, or neither."""

    section_id: uuid.UUID
    section: str
    grade: str
    state: str
    proposal: str | None
    run_id: uuid.UUID | None
    count: int

    @property
    def outcome(self) -> str:
        """What was decided of them, or would be; `nominated` where nobody has said yet."""
        return self.proposal or self.state


def groups(session: Session, offering_id: uuid.UUID, day: date) -> list[Group]:
    """Return all who came as far as the office's choice, counted, in the order of the sections."""
    of_group = (
        Candidacy.section_id,
        SectionVersion.name,
        Title.grade,
        Candidacy.state,
        Candidacy.proposal,
        Candidacy.run_id,
    )
    rows = session.execute(
        sa.select(*of_group, sa.func.count())
        .select_from(Candidacy)
        .join(Section, Section.id == Candidacy.section_id)
        .join(SectionVersion, sections.version_on(day))
        .join(Title, Title.id == Candidacy.title_id)
        .where(Candidacy.offering_id == offering_id, Candidacy.state.in_(BEFORE_THE_OFFICE))
        .group_by(*of_group, *sections.ORDER)
        .order_by(*sections.ORDER, Title.grade)
    )
    return [Group(*row) for row in rows]


@dataclass(frozen=True)
class Tally:
    """How many there are, and what becomes of them; what is proposed counts as if decided."""

    total: int = 0
    selected: int = 0
    waitlisted: int = 0
    not_selected: int = 0

    @property
    def open(self) -> int:
        """Of how many nobody has said yet."""
        return self.total - self.selected - self.waitlisted - self.not_selected


def tally(counted: Iterable[Group]) -> Tally:
    """Add groups up."""
    found: dict[str, int] = defaultdict(int)
    for group in counted:
        found["total"] += group.count
        if group.outcome != CandidacyState.NOMINATED:
            found[group.outcome] += group.count
    return Tally(**found)


def people(
    offering_id: uuid.UUID,
    day: date,
    *,
    state: str,
    section: str = "",
    grade: str = "",
    proposal: str = "",
    sort: str = "",
) -> sa.Select[Any]:
    """Return the query of those in a state, with the columns of `candidacies.queries.Line`.

    By section and rank, by rank alone (`sort`), or in the order in which they wait.
    """
    conditions = [Candidacy.offering_id == offering_id, Candidacy.state == state]
    if section:
        conditions.append(Candidacy.section_id == uuid.UUID(section))
    if grade:
        conditions.append(Title.grade == grade)
    if proposal == NOTHING:
        conditions.append(Candidacy.proposal.is_(None))
    elif proposal:
        conditions.append(Candidacy.proposal == proposal)
    query = candidacies.lines(day, *conditions)
    if state == CandidacyState.WAITLISTED:
        return query.order_by(None).order_by(Candidacy.run_id, Candidacy.waiting)
    if sort == "rank":
        order = (Candidacy.rank.is_(None), Candidacy.rank, Candidacy.created_at, Candidacy.id)
        return query.order_by(None).order_by(*order)
    return query


def places(session: Session, offering_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """Return the place of each who waits in the line of their run, from 1."""
    place = sa.func.row_number().over(
        partition_by=Candidacy.run_id, order_by=(Candidacy.waiting, Candidacy.id)
    )
    rows = session.execute(
        sa.select(Candidacy.id, place).where(
            Candidacy.offering_id == offering_id, Candidacy.state == CandidacyState.WAITLISTED
        )
    )
    return {row[0]: row[1] for row in rows}


def by_section(counted: Sequence[Group]) -> dict[uuid.UUID, Tally]:
    """Return the groups added up by section, in the order of the sections."""
    keys = dict.fromkeys(group.section_id for group in counted)
    return {key: tally(group for group in counted if group.section_id == key) for key in keys}


def by_grade(counted: Sequence[Group]) -> dict[str, Tally]:
    """Return the groups added up by grade (職層)."""
    grades = sorted({group.grade for group in counted})
    return {grade: tally(group for group in counted if group.grade == grade) for grade in grades}


def by_state(counted: Sequence[Group]) -> dict[str, int]:
    """Return how many are in each state, how many are proposed, and (`""`) all of them."""
    found = {state.value: 0 for state in BEFORE_THE_OFFICE} | {PROPOSED: 0, "": 0}
    for group in counted:
        found[group.state] += group.count
        found[""] += group.count
        found[PROPOSED] += group.count if group.proposal else 0
    return found


@dataclass(frozen=True)
class RunChoice:
    """One run to choose for, with its seats and what is proposed for it."""

    id: uuid.UUID
    number: int
    state: str
    learn_from: date
    learn_until: date
    capacity_min: int | None
    capacity: int | None
    #: Seats that are given away.
    taken: int
    #: Of these, decided and not ordered yet.
    unordered: int
    #: Seats that are proposed.
    proposed: int
    #: Who waits, or would.
    waiting: int

    @property
    def left(self) -> int | None:
        """Seats that remain when the proposals come true; negative: too many."""
        return None if self.capacity is None else self.capacity - self.taken - self.proposed

    @property
    def is_taking(self) -> bool:
        """Whether people may be put into it."""
        return self.state in TAKING


def runs(session: Session, offering_id: uuid.UUID, counted: Iterable[Group]) -> list[RunChoice]:
    """Return the runs of an offering in their order, with what `groups` says of them."""
    proposed: dict[uuid.UUID | None, int] = defaultdict(int)
    waiting: dict[uuid.UUID | None, int] = defaultdict(int)
    for group in counted:
        if group.proposal == CandidacyState.SELECTED:
            proposed[group.run_id] += group.count
        if group.outcome == CandidacyState.WAITLISTED:
            waiting[group.run_id] += group.count
    seated = sa.func.count(sa.case((Enrolment.state.in_(SEATED), 1)))
    unordered = sa.func.count(sa.case((Enrolment.state == EnrolmentState.DECIDED, 1)))
    rows = session.execute(
        sa.select(
            Run.id,
            Run.number,
            Run.state,
            Run.learn_from,
            Run.learn_until,
            Run.capacity_min,
            Run.capacity_max,
            seated,
            unordered,
        )
        .outerjoin(Enrolment, Enrolment.run_id == Run.id)
        .where(Run.offering_id == offering_id)
        .group_by(Run.id)
        .order_by(Run.number)
    )
    return [RunChoice(*row, proposed=proposed[row.id], waiting=waiting[row.id]) for row in rows]

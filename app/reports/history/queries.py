"""Reads of one person's history: enrolments with their materials, portals, and old ledgers."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.content.materials.models import Material
from app.kernel import clock
from app.kernel.folding import name_key
from app.learning.records.models import LearnerRecord
from app.people.register.models import Title
from app.people.sections.models import SectionVersion
from app.reports.history import portals
from app.training.certificates.models import Certificate
from app.training.decisions.models import Decision
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.queries import progress
from app.training.enrolment.states import EnrolmentState
from app.training.ledgers.models import LedgerEntry
from app.training.offerings.models import Offering
from app.training.plans.models import Run, Training
from app.training.plans.states import RunState


@dataclass(frozen=True)
class MaterialLine:
    """One material that somebody took, and what came of it."""

    record_id: uuid.UUID
    enrolment_id: uuid.UUID
    training: str
    run_number: int
    learn_until: date
    material: str
    status: str
    score: float | None
    seconds: float
    started_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True)
class Paper:
    """A certificate that holds."""

    id: uuid.UUID
    fiscal_year: int
    number: int


@dataclass(frozen=True)
class Line:
    """One enrolment of somebody, or what a portal or an old ledger says of them."""

    training: str
    fiscal_year: int
    #: A key of `text.RESULTS`: what was decided, else how far it is.
    result: str
    #: 所属 and 職名 as they were.
    section: str
    title: str
    #: The day of the decision; of an old ledger, of completion.
    decided_on: date | None = None
    #: None for what an old ledger says.
    run_number: int | None = None
    kind: str = ""
    learn_from: date | None = None
    learn_until: date | None = None
    score: float | None = None
    certificate: Paper | None = None
    materials: list[MaterialLine] = field(default_factory=list)
    #: Where it is known from: run, ledger, portal.
    source: str = "run"


class Visible(NamedTuple):
    """Which of somebody's lines are read."""

    #: The condition on `Enrolment` with its `Training`.
    enrolments: sa.ColumnElement[bool] = sa.true()
    #: The condition on `LedgerEntry` with its `Training`, where it has one.
    entries: sa.ColumnElement[bool] = sa.true()
    #: Whether what was taken by portals is read: it belongs to nobody's trainings.
    has_portals: bool = True


def history(session: Session, person_id: uuid.UUID, visible: Visible | None = None) -> list[Line]:
    """Return what somebody has taken, the last year first: six statements."""
    which = visible or Visible()
    rows = session.execute(_enrolments(person_id).where(which.enrolments)).all()
    ids = [row.enrolment_id for row in rows]
    places, papers = _places(session, {row.section_id for row in rows}), _papers(session, ids)
    taken = _taken(session, person_id, which.enrolments)
    found = [
        _line(row, _place(places[row.section_id], clock.today(row.placed_at)), papers, taken)
        for row in rows
    ]
    found += _entries(session, person_id, which.entries)
    if which.has_portals:
        found += [Line(**values) for values in portals.lines(session, person_id)]
    return sorted(found, key=lambda line: -line.fiscal_year)


def narrowed(lines: Iterable[Line], year: int | None, words: str) -> list[Line]:
    """Return the lines of a year (None: of all), whose training is called by some words."""
    key = name_key(words)
    return [
        line
        for line in lines
        if year in (None, line.fiscal_year) and key in name_key(line.training)
    ]


def by_year(lines: Sequence[Line]) -> list[tuple[int, list[Line]]]:
    """Return the lines of each fiscal year, the last one first."""
    years: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        years[line.fiscal_year].append(line)
    return sorted(years.items(), reverse=True)


def material_line(session: Session, record_id: uuid.UUID) -> MaterialLine | None:
    """Return the one line of a record; None for one that belongs to no run."""
    row = session.execute(_materials().where(LearnerRecord.id == record_id)).one_or_none()
    return MaterialLine(*row) if row else None


def _enrolments(person_id: uuid.UUID) -> sa.Select[Any]:
    """Return the query of somebody's enrolments; a run that is being prepared tells nothing yet."""
    rows = progress(Enrolment.person_id == person_id)
    found = (
        sa.select(
            Enrolment.id.label("enrolment_id"),
            Training.title.label("training"),
            Offering.fiscal_year,
            Run.number,
            Run.kind,
            Run.learn_from,
            sa.func.coalesce(Enrolment.extended_until, Run.learn_until).label("learn_until"),
            Enrolment.section_id,
            Enrolment.decided_at.label("placed_at"),
            Title.name.label("title"),
            rows.c.result,
            rows.c.score,
            rows.c.completed_at,
            Enrolment.state,
            Decision.is_completed,
            Decision.decided_at,
        )
        .select_from(Enrolment)
        .join(rows, rows.c.enrolment_id == Enrolment.id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .join(Title, Title.id == Enrolment.title_id)
        .outerjoin(Decision, _holds())
        .where(Enrolment.person_id == person_id, Run.state != RunState.DRAFT)
        .order_by(Run.learn_from.desc(), Training.title, Enrolment.id)
    )
    return cast("sa.Select[Any]", found)


def _holds() -> sa.ColumnElement[bool]:
    """Return the condition that a decision is the newest of an enrolment: the one that holds."""
    other = aliased(Decision)
    newest = sa.select(sa.func.max(other.number)).where(other.enrolment_id == Enrolment.id)
    return sa.and_(
        Decision.enrolment_id == Enrolment.id, Decision.number == newest.scalar_subquery()
    )


def _line(
    row: sa.Row[Any],
    section: str,
    papers: dict[uuid.UUID, Paper],
    taken: dict[uuid.UUID, list[MaterialLine]],
) -> Line:
    ended_at = row.decided_at or row.completed_at
    return Line(
        training=row.training,
        fiscal_year=row.fiscal_year,
        result=_result(row),
        section=section,
        title=row.title,
        decided_on=clock.today(ended_at) if ended_at else None,
        run_number=row.number,
        kind=row.kind,
        learn_from=row.learn_from,
        learn_until=row.learn_until,
        score=row.score,
        certificate=papers.get(row.enrolment_id),
        materials=taken.get(row.enrolment_id, []),
    )


def _result(row: sa.Row[Any]) -> str:
    """Return what was decided; where nothing was, the state that says so, or how far it is."""
    if row.is_completed is not None:
        return "decided_completed" if row.is_completed else EnrolmentState.NOT_COMPLETED.value
    if row.state == EnrolmentState.COMPLETED:
        return "decided_completed"
    return str(row.result)


def _places(
    session: Session, section_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, list[SectionVersion]]:
    """Return the versions of some sections in the order of time."""
    found: dict[uuid.UUID, list[SectionVersion]] = defaultdict(list)
    rows = session.scalars(
        sa.select(SectionVersion)
        .where(SectionVersion.section_id.in_(list(section_ids)))
        .order_by(SectionVersion.valid_from)
    )
    for row in rows:
        found[row.section_id].append(row)
    return found


def _place(versions: Sequence[SectionVersion], day: date) -> str:
    """Return what a section was called on a day; on a day before it was there, at first."""
    names = [row.name for row in versions if row.valid_from <= day]
    return names[-1] if names else versions[0].name if versions else ""


def _papers(session: Session, enrolment_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Paper]:
    rows = session.execute(
        sa.select(
            Certificate.enrolment_id, Certificate.id, Certificate.fiscal_year, Certificate.number
        )
        .where(Certificate.enrolment_id.in_(enrolment_ids), Certificate.revoked_at.is_(None))
        .order_by(Certificate.issued_at)
    )
    return {row[0]: Paper(*row[1:]) for row in rows}


def _taken(
    session: Session, person_id: uuid.UUID, visible: sa.ColumnElement[bool]
) -> dict[uuid.UUID, list[MaterialLine]]:
    found: dict[uuid.UUID, list[MaterialLine]] = defaultdict(list)
    for row in session.execute(_materials().where(LearnerRecord.person_id == person_id, visible)):
        line = MaterialLine(*row)
        found[line.enrolment_id].append(line)
    return found


def _materials() -> sa.Select[Any]:
    """Return the query of records, with the columns of `MaterialLine`."""
    found = (
        sa.select(
            LearnerRecord.id,
            Enrolment.id,
            Training.title,
            Run.number,
            Run.learn_until,
            Material.title,
            LearnerRecord.status,
            LearnerRecord.score,
            LearnerRecord.seconds,
            LearnerRecord.started_at,
            LearnerRecord.completed_at,
        )
        .join(Assignment, Assignment.id == LearnerRecord.assignment_id)
        .join(Enrolment, Enrolment.id == Assignment.enrolment_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .join(Material, Material.id == LearnerRecord.material_id)
        .order_by(LearnerRecord.started_at.desc(), LearnerRecord.id.desc())
    )
    return cast("sa.Select[Any]", found)


def _entries(session: Session, person_id: uuid.UUID, visible: sa.ColumnElement[bool]) -> list[Line]:
    rows = session.scalars(
        sa.select(LedgerEntry)
        .outerjoin(Training, Training.id == LedgerEntry.training_id)
        .where(LedgerEntry.person_id == person_id, visible)
        .order_by(LedgerEntry.completed_on.desc().nulls_last(), LedgerEntry.title)
    )
    return [
        Line(
            training=row.title,
            fiscal_year=row.fiscal_year,
            result="decided_completed" if row.is_completed else EnrolmentState.NOT_COMPLETED.value,
            section=row.section,
            title=row.job_title,
            decided_on=row.completed_on,
            source="ledger",
        )
        for row in rows
    ]

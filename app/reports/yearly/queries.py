"""Reads for 年度実績報告: of each offering of a year what was planned and what became of it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material, MaterialKind, Version
from app.learning.records.models import LearnerRecord
from app.learning.records.states import RecordStatus
from app.learning.surveys.models import AnonymousResponse, NamedResponse
from app.reports.spans import Span
from app.training.attendance.models import Attendance, Presence
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.offerings import queries as plan
from app.training.offerings.models import Offering
from app.training.offerings.queries import PlanLine
from app.training.plans.models import Run, RunItem, RunKind, Training
from app.training.plans.states import RunState
from app.training.quotas import queries as quotas
from app.training.survey_results.queries import LEAST

#: Who was there, for a part of it at least, or has made up for it.
_THERE = (Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY, Presence.MADE_UP)
#: States in which somebody may have begun, or not.
_SAYING_NOTHING = (
    EnrolmentState.AWAITING,
    EnrolmentState.NOT_COMPLETED,
    EnrolmentState.SUSPENDED,
)


@dataclass(frozen=True)
class Taken:
    """How many came to an offering, and what of it."""

    #: Those who had a seat in it, to its end.
    decided: int = 0
    #: Those of them who were there, or have begun to learn.
    attended: int = 0
    completed: int = 0
    #: Time that all of them together have spent: in sessions, and with materials.
    seconds: float = 0.0

    def __add__(self, other: Taken) -> Taken:
        return Taken(
            self.decided + other.decided,
            self.attended + other.attended,
            self.completed + other.completed,
            self.seconds + other.seconds,
        )


@dataclass(frozen=True)
class YearLine:
    """One offering in the report of its year."""

    offering_id: uuid.UUID
    category: str
    code: str
    title: str
    runs: int
    #: Its seats, or what its quotas add up to; None where neither says so.
    planned: int | None
    taken: Taken
    #: From 1 to 5, by the questions of its surveys that every training asks; None without any.
    satisfaction: float | None


def report(session: Session, span: Span, year: int, day: date) -> list[YearLine]:
    """Return the report of a year, in the order of its plan: some statements for any length."""
    query = plan.plan(year, day, mine=span.of_training())
    offered = [PlanLine(*row) for row in session.execute(query)]
    sums = quotas.sums(session, [line.id for line in offered], day)
    taken = _taken(session, span, year, day)
    satisfied = satisfaction(session, year, day)
    return [
        YearLine(
            line.id,
            line.category or "",
            line.code,
            line.title,
            line.runs,
            line.capacity or (sums[line.id].most if line.id in sums else None),
            taken.get(line.id, Taken()),
            satisfied.get(line.id),
        )
        for line in offered
    ]


def _taken(session: Session, span: Span, year: int, day: date) -> dict[uuid.UUID, Taken]:
    found: dict[uuid.UUID, Taken] = defaultdict(Taken)
    of = (Offering.fiscal_year == year, span.of(Enrolment.person_id, day))
    seats = _enrolments(Run.kind, Enrolment.state, sa.func.count())
    seats = seats.where(*of, Enrolment.state.in_(SEATED))
    grouped = seats.group_by(Offering.id, Run.kind, Enrolment.state)
    for offering_id, kind, state, count in session.execute(grouped):
        found[offering_id] += _counted(kind, state, count)
    for query in (_begun().where(*of), _sittings().where(*of)):
        for offering_id, count, seconds in session.execute(query.group_by(Offering.id)):
            found[offering_id] += Taken(attended=count, seconds=seconds)
    for offering_id, seconds in session.execute(_learning(span, year, day)):
        found[offering_id] += Taken(seconds=seconds)
    return found


def _enrolments(*columns: Any) -> sa.Select[Any]:
    found = (
        sa.select(Offering.id, *columns)
        .select_from(Enrolment)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
    )
    return cast("sa.Select[Any]", found)


def _counted(kind: str, state: str, count: int) -> Taken:
    """Return what some enrolments in a state are; who learns alone has begun where it says so."""
    is_done = state == EnrolmentState.COMPLETED
    has_begun = kind == RunKind.E_LEARNING and (is_done or state == EnrolmentState.IN_PROGRESS)
    return Taken(count, count if has_begun else 0, count if is_done else 0)


def _begun() -> sa.Select[Any]:
    """Count who learnt alone and has begun, where their state does not say so."""
    return (
        _enrolments(sa.func.count(sa.distinct(Enrolment.id)), sa.literal(0))
        .join(Assignment, Assignment.enrolment_id == Enrolment.id)
        .join(LearnerRecord, LearnerRecord.assignment_id == Assignment.id)
        .where(
            Run.kind == RunKind.E_LEARNING,
            Enrolment.state.in_(_SAYING_NOTHING),
            LearnerRecord.status != RecordStatus.NOT_STARTED,
        )
    )


def _sittings() -> sa.Select[Any]:
    """Count who came where people meet, and add up for how long."""
    return (
        _enrolments(
            sa.func.count(sa.distinct(Enrolment.id)),
            60 * sa.func.coalesce(sa.func.sum(Attendance.minutes), 0),
        )
        .join(Attendance, Attendance.enrolment_id == Enrolment.id)
        .where(
            Run.kind != RunKind.E_LEARNING,
            Enrolment.state.in_(SEATED),
            Attendance.presence.in_(_THERE),
        )
    )


def _learning(span: Span, year: int, day: date) -> sa.Select[Any]:
    """Add up the time that people have spent with materials."""
    query = (
        sa.select(Run.offering_id, sa.func.sum(LearnerRecord.seconds))
        .select_from(LearnerRecord)
        .join(Assignment, Assignment.id == LearnerRecord.assignment_id)
        .join(RunItem, RunItem.id == Assignment.run_item_id)
        .join(Run, Run.id == RunItem.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Offering.fiscal_year == year, span.of(LearnerRecord.person_id, day))
        .group_by(Run.offering_id)
    )
    return cast("sa.Select[Any]", query)


def satisfaction(session: Session, year: int, day: date) -> dict[uuid.UUID, float]:
    """Return how content people were with the offerings of a year, from 1 to 5.

    The mean of the scales that every survey asks (全研修共通設問), whatever their length. As
    everywhere, a run counts once nobody can answer any more, and its answers without a name from
    LEAST on; of fewer answers in all there is no mean. Two statements, and two for each question.
    """
    items = sa.select(RunItem.id, Run.offering_id, RunItem.material_id)
    items = items.join(Run, Run.id == RunItem.run_id).join(Offering, Offering.id == Run.offering_id)
    surveys = session.execute(
        items.join(Material, Material.id == RunItem.material_id).where(
            Offering.fiscal_year == year,
            Material.kind == MaterialKind.SURVEY,
            Run.state.in_((RunState.ENDED, RunState.SETTLED)),
            ~sa.exists().where(Enrolment.run_id == Run.id, Enrolment.extended_until >= day),
        )
    ).all()
    offerings = {row[0]: row[1] for row in surveys}
    points: dict[uuid.UUID, list[tuple[float, int]]] = defaultdict(list)
    asked: dict[uuid.UUID, set[str]] = defaultdict(set)
    for (key, size), versions in _scales(session, {row[2] for row in surveys if row[2]}).items():
        for group_id, mean, count in _means(session, offerings, key, versions):
            points[offerings[group_id]].append((1 + 4 * (mean - 1) / (size - 1), count))
            asked[offerings[group_id]].add(key)
    return {
        offering_id: sum(mean * count for mean, count in found) / sum(count for _, count in found)
        for offering_id, found in points.items()
        if sum(count for _, count in found) >= LEAST * len(asked[offering_id])
    }


def _scales(
    session: Session, material_ids: Collection[uuid.UUID]
) -> dict[tuple[str, int], list[uuid.UUID]]:
    """Return the common scales of some surveys, by key and length, each with its versions."""
    found: dict[tuple[str, int], list[uuid.UUID]] = defaultdict(list)
    rows = session.execute(
        sa.select(Version.id, Version.document).where(Version.material_id.in_(material_ids))
    )
    for version_id, document in rows:
        for question in document.get("questions", ()):
            if question.get("is_common") and question.get("kind") == "scale":
                found[question["id"], question["size"]].append(version_id)
    return found


def _means(
    session: Session,
    item_ids: Collection[uuid.UUID],
    key: str,
    version_ids: Collection[uuid.UUID],
) -> list[tuple[uuid.UUID, float, int]]:
    found: list[tuple[uuid.UUID, float, int]] = []
    for table in (NamedResponse, AnonymousResponse):
        answer = table.answers[key].as_float()
        query = sa.select(table.group_id, sa.func.avg(answer), sa.func.count()).where(
            table.group_id.in_(item_ids), table.version_id.in_(version_ids), answer.is_not(None)
        )
        if table is NamedResponse:
            query = query.where(NamedResponse.submitted_at.is_not(None))
        else:
            query = query.having(sa.func.count() >= LEAST)
        found += [
            (row[0], row[1], row[2]) for row in session.execute(query.group_by(table.group_id))
        ]
    return found

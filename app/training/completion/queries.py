"""Reads of what is known of the people of a run, as far as a rule of completion may ask for it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material
from app.kernel import clock
from app.kernel.errors import NotFound
from app.learning.records.models import LearnerRecord
from app.learning.records.states import RecordStatus
from app.training.attendance import queries as attendance
from app.training.attendance.queries import Mark, Sitting
from app.training.completion.models import Facts, Part, Rule
from app.training.decisions.models import Decision
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.offerings.models import Offering
from app.training.plans.models import ItemKind, Run, RunItem, RunKind
from app.training.plans.states import RunState
from app.training.results.models import ReportForm, ResultReport
from app.training.verdicts.models import Override
from app.training.verdicts.queries import verdict

#: Days after a run's last day within which a report is due, where nobody has said otherwise.
USUAL_DUE_DAYS = 14


@dataclass(frozen=True)
class Ruled:
    """A run with the rule by which its people are judged."""

    run: Run
    rule: Rule
    version: int
    #: Percent of the time that somebody may miss.
    limit: int
    #: Until when a report is due; None where none is asked for.
    report_until: date | None


def ruled(session: Session, run_id: uuid.UUID) -> Ruled:
    """Return a run with its rule, in two statements; raises NotFound."""
    row = session.execute(
        sa.select(
            Run, Offering, sa.func.coalesce(ReportForm.due_days, USUAL_DUE_DAYS).label("due_days")
        )
        .join(Offering, Offering.id == Run.offering_id)
        .outerjoin(ReportForm, ReportForm.training_id == Offering.training_id)
        .where(Run.id == run_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    run, offering, due_days = row
    asked = session.execute(
        sa.select(RunItem.due_until)
        .where(
            RunItem.run_id == run_id,
            RunItem.kind == ItemKind.REPORT,
            RunItem.is_required.is_(True),
        )
        .order_by(RunItem.position.desc())
        .limit(1)
    ).first()
    until = None if asked is None else _due(asked.due_until, run.learn_until, due_days)
    return Ruled(
        run,
        Rule.of(offering.completion),
        offering.completion_version,
        offering.absence_limit,
        until,
    )


def _due(until: datetime | None, last_day: date, days: int) -> date:
    return clock.today(until) if until else last_day + timedelta(days=days)


def facts(
    session: Session, found: Ruled, now: datetime, only: uuid.UUID | None = None
) -> dict[uuid.UUID, Facts]:
    """Return what is known of each who has a seat in a run, by enrolment: five statements more.

    `only` asks for one enrolment.
    """
    run_id = found.run.id
    of_run = [Enrolment.run_id == run_id, Enrolment.state.in_(SEATED)]
    of_run += [Enrolment.id == only] if only else []
    attended = _attended(session, found, only, of_run)
    parts = _parts(session, *of_run)
    rows = session.execute(
        sa.select(
            Enrolment.id,
            Enrolment.state,
            Enrolment.extended_until,
            ResultReport.state,
            sa.exists().where(Decision.enrolment_id == Enrolment.id),
        )
        .outerjoin(ResultReport, ResultReport.enrolment_id == Enrolment.id)
        .where(*of_run)
    )
    return {
        key: Facts(
            *attended.of(key),
            parts=parts.get(key, ()),
            asks_report=found.report_until is not None,
            report=report,
            is_over=_is_over(found.run, attended.held, own, now),
            is_report_over=bool(found.report_until and found.report_until < clock.today(now)),
            is_recorded_failed=state == EnrolmentState.NOT_COMPLETED and not is_decided,
        )
        for key, state, own, report, is_decided in rows
    }


def facts_of(session: Session, enrolment: Enrolment, now: datetime) -> tuple[Ruled, Facts]:
    """Return by which rule one enrolment is judged, and what is known of it."""
    found = ruled(session, enrolment.run_id)
    return found, facts(session, found, now, enrolment.id).get(enrolment.id, Facts())


@dataclass(frozen=True)
class _Attended:
    """How people were there: the sessions, what is known of each, and the office's word."""

    held: list[Sitting]
    marks: dict[uuid.UUID, dict[uuid.UUID, Mark]]
    said: dict[uuid.UUID, Override]
    limit: int

    def of(self, key: uuid.UUID) -> tuple[str | None, int, int]:
        """Return one person's verdict, and the minutes that were missed and that there were."""
        if not self.held:
            return None, 0, 0
        gone = attendance.missed(self.held, self.marks.get(key, {}))
        return str(verdict(gone, self.limit, self.said.get(key))), gone.missed, gone.total


def _attended(
    session: Session,
    found: Ruled,
    only: uuid.UUID | None,
    conditions: Sequence[sa.ColumnElement[bool]],
) -> _Attended:
    run_id = found.run.id
    held = attendance.sittings(session, [run_id]).get(run_id, [])
    if not held:
        return _Attended([], {}, {}, found.limit)
    marks = (
        {only: attendance.marks_of(session, only)} if only else attendance.marks(session, run_id)
    )
    words = session.scalars(
        sa.select(Override)
        .join(Enrolment, Enrolment.id == Override.enrolment_id)
        .where(*conditions)
    )
    return _Attended(held, marks, {row.enrolment_id: row for row in words}, found.limit)


def _parts(
    session: Session, *conditions: sa.ColumnElement[bool]
) -> dict[uuid.UUID, tuple[Part, ...]]:
    """Return the required materials of each enrolment, in the run's order."""
    rows = session.execute(
        sa.select(
            Assignment.enrolment_id,
            Material.kind,
            sa.func.coalesce(LearnerRecord.status, RecordStatus.NOT_STARTED.value),
            LearnerRecord.score,
        )
        .join(Enrolment, Enrolment.id == Assignment.enrolment_id)
        .join(RunItem, RunItem.id == Assignment.run_item_id)
        .join(Material, Material.id == RunItem.material_id)
        .outerjoin(LearnerRecord, LearnerRecord.assignment_id == Assignment.id)
        .where(RunItem.is_required.is_(True), *conditions)
        .order_by(RunItem.position)
    )
    found: dict[uuid.UUID, list[Part]] = defaultdict(list)
    for key, kind, status, score in rows:
        found[key].append(Part(kind, status, score))
    return {key: tuple(parts) for key, parts in found.items()}


def _is_over(run: Run, held: list[Sitting], own: date | None, now: datetime) -> bool:
    """Whether somebody can take nothing more of a run; who was away over it has a later day."""
    today = clock.today(now)
    if own is not None and own >= today:
        return False
    if run.state in (RunState.ENDED, RunState.SETTLED):
        return True
    if run.kind == RunKind.CLASSROOM and held:
        return all(each.ends_at <= now for each in held)
    return run.learn_until < today and not run.takes_late

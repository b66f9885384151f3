"""Reads of enrolments: how far each person of a run is, and what one person has to take."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material
from app.kernel import clock
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.records.states import DONE, RecordStatus
from app.people.permission.queries import is_here
from app.people.register.models import Person
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.offerings.models import Offering
from app.training.outstanding.queries import IS_OWED
from app.training.plans.models import Run, RunItem, Training
from app.training.plans.states import RunState

#: How long a completion stays on the learner's home.
LATELY = timedelta(days=30)

_is_required = RunItem.is_required.is_(True)
_done = sa.func.count(sa.case((sa.and_(_is_required, LearnerRecord.status.in_(DONE)), 1)))
_begun = sa.func.count(sa.case((LearnerRecord.status != RecordStatus.NOT_STARTED, 1)))
_components = sa.func.count(sa.case((_is_required, Assignment.id)))

#: States that say more of somebody who has a seat than the records do.
_DECIDED_OTHERWISE = (EnrolmentState.NOT_COMPLETED, EnrolmentState.SUSPENDED)
_SAYING_MORE = (EnrolmentState.AWAITING, *_DECIDED_OTHERWISE)

#: How far an enrolment is: not_started, in_progress, completed, or the way out of the run. The
#: records say it, so that a page never waits for a worker; without any, the state does.
_standing = sa.case(
    (Enrolment.state.not_in(SEATED), Enrolment.state),
    (
        sa.and_(_components > 0, _done == _components),
        sa.case((IS_OWED, RecordStatus.IN_PROGRESS.value), else_=RecordStatus.COMPLETED.value),
    ),
    (
        sa.and_(_components == 0, Enrolment.state == EnrolmentState.COMPLETED),
        RecordStatus.COMPLETED.value,
    ),
    (
        sa.or_(
            _begun > 0,
            Enrolment.state.in_((EnrolmentState.IN_PROGRESS, *_DECIDED_OTHERWISE)),
            # Over for who never began, too: where there are records, they say so.
            sa.and_(Enrolment.state == EnrolmentState.AWAITING, _components == 0),
        ),
        RecordStatus.IN_PROGRESS.value,
    ),
    else_=RecordStatus.NOT_STARTED.value,
)


def progress(*conditions: sa.ColumnElement[bool]) -> sa.Subquery:
    """Return one row an enrolment, with its standing and what its records add up to.

    Columns: enrolment_id, run_id, person_id, section_id, title_id, standing, result, components,
    done, score, seconds, started_at, completed_at. Components are those that are required; where
    there is one, `result` is its record's status and `score` its score; several have no common one.
    """
    single = _components == 1
    return (
        sa.select(
            Enrolment.id.label("enrolment_id"),
            Enrolment.run_id,
            Enrolment.person_id,
            Enrolment.section_id,
            Enrolment.title_id,
            _standing.label("standing"),
            sa.case(
                (
                    sa.or_(Enrolment.state.not_in(SEATED), Enrolment.state.in_(_SAYING_MORE)),
                    Enrolment.state,
                ),
                (single, sa.func.coalesce(sa.func.max(LearnerRecord.status), _standing)),
                else_=_standing,
            ).label("result"),
            _components.label("components"),
            _done.label("done"),
            sa.case((single, sa.func.max(LearnerRecord.score))).label("score"),
            sa.func.coalesce(sa.func.sum(LearnerRecord.seconds), 0.0).label("seconds"),
            sa.func.min(LearnerRecord.started_at).label("started_at"),
            sa.case((_done == _components, sa.func.max(LearnerRecord.completed_at))).label(
                "completed_at"
            ),
        )
        .outerjoin(Assignment, Assignment.enrolment_id == Enrolment.id)
        .outerjoin(RunItem, RunItem.id == Assignment.run_item_id)
        .outerjoin(LearnerRecord, LearnerRecord.assignment_id == Assignment.id)
        .where(*conditions)
        .group_by(Enrolment.id)
        .subquery("progress")
    )


def still_counted(rows: sa.Subquery, day: date) -> sa.ColumnElement[bool]:
    """Return the condition on `progress` and `Person` that somebody counts on a day.

    Who has left is no longer among those who have not learnt; what they completed stays.
    """
    return sa.or_(is_here(day), rows.c.standing == RecordStatus.COMPLETED)


@dataclass(frozen=True)
class Numbers:
    """How many people of a run stand where; those whose enrolment was revoked are not counted."""

    total: int = 0
    completed: int = 0
    in_progress: int = 0
    not_started: int = 0


def numbers(
    session: Session,
    run_ids: Collection[uuid.UUID],
    day: date,
    *,
    reached: sa.ColumnElement[bool] | None = None,
) -> dict[uuid.UUID, Numbers]:
    """Return the numbers of some runs, in one statement; `reached` narrows whom they count."""
    rows = progress(Enrolment.run_id.in_(run_ids), Enrolment.state.in_(SEATED))
    found: dict[uuid.UUID, dict[str, int]] = {}
    counted = (
        sa.select(rows.c.run_id, rows.c.standing, sa.func.count())
        .join(Person, Person.id == rows.c.person_id)
        .where(still_counted(rows, day), sa.true() if reached is None else reached)
        .group_by(rows.c.run_id, rows.c.standing)
    )
    for run_id, standing, count in session.execute(counted):
        found.setdefault(run_id, {})[standing] = count
    return {
        run_id: Numbers(total=sum(counts.values()), **counts) for run_id, counts in found.items()
    }


@dataclass(frozen=True)
class Task:
    """One material that somebody has to take, with how far they are."""

    assignment_id: uuid.UUID
    enrolment_id: uuid.UUID
    run_id: uuid.UUID
    training: str
    run_number: int
    run_state: str
    run_item_id: uuid.UUID
    material_id: uuid.UUID
    material: str
    #: What kind of thing it is (materials.models.MaterialKind).
    material_kind: str
    extra_minutes: int
    #: How a video is watched, as its run and as it says itself: see `viewing.queries.watched`.
    said: Mapping[str, Any]
    play: Mapping[str, Any]
    is_required: bool
    position: int
    purpose: str
    learn_from: date
    #: The run's last day, or their own where they were away over it.
    learn_until: date
    is_extended: bool
    minutes: int
    takes_late: bool
    due_until: datetime | None
    enrolment_state: str
    record_id: uuid.UUID | None
    status: str
    score: float | None
    progress: float
    seconds: float
    started_at: datetime | None
    completed_at: datetime | None

    @property
    def is_done(self) -> bool:
        """Whether the record says that it is done."""
        return self.status in DONE

    @property
    def until(self) -> date:
        """The last day on which it can be taken: its own, or that of its run."""
        last = self.learn_until
        return min(last, clock.today(self.due_until)) if self.due_until else last

    @property
    def ends_at(self) -> datetime | None:
        """The last moment in which it can be taken; None where it can be taken late."""
        if self.takes_late:
            return None
        last = clock.end_of(self.learn_until)
        return min(last, self.due_until) if self.due_until else last


#: The columns of `Task`.
_TASK = (
    Assignment.id,
    Enrolment.id,
    Run.id,
    Training.title,
    Run.number,
    Run.state,
    RunItem.id,
    Material.id,
    Material.title,
    Material.kind,
    RunItem.extra_minutes,
    RunItem.watching,
    Material.play,
    RunItem.is_required,
    RunItem.position,
    Training.purpose,
    Run.learn_from,
    sa.func.coalesce(Enrolment.extended_until, Run.learn_until).label("learn_until"),
    Enrolment.extended_until.is_not(None),
    Run.minutes,
    Run.takes_late,
    RunItem.due_until,
    Enrolment.state,
    LearnerRecord.id,
    sa.func.coalesce(LearnerRecord.status, RecordStatus.NOT_STARTED.value),
    LearnerRecord.score,
    sa.func.coalesce(LearnerRecord.progress, 0.0),
    sa.func.coalesce(LearnerRecord.seconds, 0.0),
    LearnerRecord.started_at,
    LearnerRecord.completed_at,
)


def tasks(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the query of assignments, with the columns of `Task`, in the order of deadlines."""
    found = (
        sa.select(*_TASK)
        .join(Enrolment, Enrolment.id == Assignment.enrolment_id)
        .join(RunItem, RunItem.id == Assignment.run_item_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .join(Material, Material.id == RunItem.material_id)
        .outerjoin(LearnerRecord, LearnerRecord.assignment_id == Assignment.id)
        .where(*conditions)
        .order_by(sa.text("learn_until"), Training.title, Run.number, RunItem.position)
    )
    return cast("sa.Select[Any]", found)


def _is_extended(now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that somebody's own due date lies ahead in a run that has ended."""
    return sa.and_(Run.state == RunState.ENDED, Enrolment.extended_until >= clock.today(now))


def tasks_of(session: Session, person_id: uuid.UUID, now: datetime) -> list[Task]:
    """Return what somebody has to take in the runs that are open, and what was done lately."""
    rows = session.execute(
        tasks(
            Enrolment.person_id == person_id,
            Enrolment.state.in_(SEATED),
            sa.or_(
                Run.state == RunState.OPEN,
                _is_extended(now),
                sa.and_(Run.state == RunState.ENDED, LearnerRecord.completed_at >= now - LATELY),
            ),
        )
    )
    return [Task(*row) for row in rows]


@dataclass(frozen=True)
class Try:
    """One attempt, as its learner sees it."""

    number: int
    created_at: datetime
    committed_at: datetime | None
    seconds: float


def attempts(session: Session, record_id: uuid.UUID) -> list[Try]:
    """Return the attempts of a record, the newest first."""
    rows = session.execute(
        sa.select(
            Attempt.number,
            Attempt.created_at,
            Attempt.committed_at,
            Attempt.seconds,
        )
        .where(Attempt.record_id == record_id)
        .order_by(Attempt.number.desc())
    )
    return [Try(*row) for row in rows]

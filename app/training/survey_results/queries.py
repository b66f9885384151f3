"""What surveys come to, run by run; of answers without a name only where many have been given.

The rule for those (QST-04, 7.6 case 28): a run's count only from `LEAST` on, and only once nobody
can answer any more. Else who looks twice, before and after somebody's answer, sees what it was. A
total over several runs leaves out each run that this holds for, so that no total tells what a run
alone does not.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material, MaterialKind
from app.kernel import clock
from app.learning.records.models import LearnerRecord
from app.learning.records.states import DONE
from app.learning.surveys import queries as surveys
from app.learning.surveys.models import NamedResponse
from app.learning.surveys.queries import Group
from app.people.register.models import Person
from app.people.register.queries import newest_number
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.offerings.models import Offering
from app.training.plans.models import Run, RunItem, Training
from app.training.plans.queries import COMING
from app.training.plans.states import RunState
from content_packages.questions.sheet import (
    Answers,
    Sheet,
    SheetQuestion,
    Summary,
    merged,
    summary,
)

#: So many answers without a name there must be before anything of them is shown.
LEAST: Final = 5


@dataclass(frozen=True)
class Place:
    """One survey in one run."""

    item_id: uuid.UUID
    survey: str
    run_id: uuid.UUID
    run_number: int
    run_state: str
    fiscal_year: int
    training_id: uuid.UUID
    training: str


@dataclass(frozen=True)
class Result:
    """What came of one survey in one run."""

    place: Place
    #: How many were to answer it, how many did, and how many still can.
    assigned: int
    answered: int
    waiting: int
    group: Group
    #: What was asked, by version; the newest first.
    sheets: Mapping[uuid.UUID, Sheet]

    @property
    def is_withheld(self) -> bool:
        """Whether there are answers without a name of which nothing is shown."""
        nameless = len(self.group.anonymous)
        return bool(nameless) and (nameless < LEAST or self.waiting > 0)

    @property
    def left_out(self) -> int:
        """How many answers count nowhere."""
        return len(self.group.anonymous) if self.is_withheld else 0

    @property
    def answers(self) -> list[Answers]:
        """The answers that may be counted."""
        nameless = [] if self.is_withheld else self.group.anonymous
        return [answers for _, answers in (*self.group.named, *nameless)]

    @property
    def questions(self) -> tuple[SheetQuestion, ...]:
        """What was asked, over all versions."""
        return merged(self.sheets.values())

    @property
    def summaries(self) -> list[Summary]:
        """What the answers add up to; nothing where none may be counted."""
        return summary(self.questions, self.answers) if self.answers else []

    @property
    def is_for_heads(self) -> bool:
        """Whether heads see what it adds up to: all who answered were told so, and are many."""
        is_told = bool(self.sheets) and all(each.is_shown_to_heads for each in self.sheets.values())
        return is_told and not self.waiting and len(self.answers) >= LEAST


@dataclass(frozen=True)
class Named:
    """What one person answered, with their name."""

    person_id: uuid.UUID
    name: str
    number: str
    submitted_at: datetime
    version_id: uuid.UUID
    answers: Answers


def results(session: Session, now: datetime, *conditions: sa.ColumnElement[bool]) -> list[Result]:
    """Return what came of the surveys of some runs, the newest run first: five statements.

    `conditions` are on `Run`, `Offering` and `Training`.
    """
    places = _places(session, *conditions)
    keys = [place.item_id for place in places]
    counts, groups = _counts(session, keys, now), surveys.groups(session, keys)
    versions = {
        key: {version for version, _ in (*group.named, *group.anonymous)}
        for key, group in groups.items()
    }
    known = surveys.sheets(session, set().union(*versions.values()))
    return [
        Result(
            place,
            *counts.get(place.item_id, (0, 0, 0)),
            groups.get(place.item_id, Group()),
            {key: sheet for key, sheet in known.items() if key in versions.get(place.item_id, ())},
        )
        for place in places
    ]


def total(found: Iterable[Result]) -> list[Summary]:
    """Return what several results add up to, without those of which nothing is shown."""
    shown = [result for result in found if result.answers]
    questions = merged(sheet for result in shown for sheet in result.sheets.values())
    return summary(questions, [answers for result in shown for answers in result.answers])


def common_ids(found: Iterable[Result]) -> set[str]:
    """Return the questions that every training asks, of those that were asked."""
    return {
        question.id
        for result in found
        for sheet in result.sheets.values()
        for question in sheet.questions
        if question.is_common or sheet.is_common_set
    }


def named(item_id: uuid.UUID) -> sa.Select[Any]:
    """Return the query of what people answered with their names, with the columns of `Named`."""
    number = newest_number(Person.id)
    return (
        sa.select(
            Person.id,
            Person.name,
            number.label("number"),
            NamedResponse.submitted_at,
            NamedResponse.version_id,
            NamedResponse.answers,
        )
        .join(LearnerRecord, LearnerRecord.id == NamedResponse.record_id)
        .join(Person, Person.id == LearnerRecord.person_id)
        .where(NamedResponse.group_id == item_id, NamedResponse.submitted_at.is_not(None))
        .order_by(sa.text("number"), Person.id)
    )


def _places(session: Session, *conditions: sa.ColumnElement[bool]) -> list[Place]:
    rows = session.execute(
        sa.select(
            RunItem.id,
            Material.title,
            Run.id,
            Run.number,
            Run.state,
            Offering.fiscal_year,
            Training.id,
            Training.title,
        )
        .join(Material, Material.id == RunItem.material_id)
        .join(Run, Run.id == RunItem.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Material.kind == MaterialKind.SURVEY, *conditions)
        .order_by(Offering.fiscal_year.desc(), Training.title, Run.number.desc(), RunItem.position)
    )
    return [Place(*row) for row in rows]


def _counts(
    session: Session, item_ids: Sequence[uuid.UUID], now: datetime
) -> dict[uuid.UUID, tuple[int, int, int]]:
    """Return how many were to answer, did, and still can; who went out of the run did, or not."""
    is_done = sa.func.coalesce(LearnerRecord.status, "").in_(DONE)
    waits = sa.and_(~is_done, _may_answer(now))
    rows = session.execute(
        sa.select(
            Assignment.run_item_id,
            sa.func.count(),
            sa.func.count(sa.case((is_done, 1))),
            sa.func.count(sa.case((waits, 1))),
        )
        .join(Enrolment, Enrolment.id == Assignment.enrolment_id)
        .join(RunItem, RunItem.id == Assignment.run_item_id)
        .join(Run, Run.id == RunItem.run_id)
        .outerjoin(LearnerRecord, LearnerRecord.assignment_id == Assignment.id)
        .where(Assignment.run_item_id.in_(item_ids), sa.or_(Enrolment.state.in_(SEATED), is_done))
        .group_by(Assignment.run_item_id)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _may_answer(now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that somebody can answer, now or later: as `enrolment.refusal` has it.

    What is not open yet will be.
    """
    today = clock.today(now)
    in_time = sa.and_(
        sa.func.coalesce(Enrolment.extended_until, Run.learn_until) >= today,
        sa.or_(RunItem.due_until.is_(None), RunItem.due_until >= now),
    )
    coming = [state for state in COMING if state != RunState.OPEN]
    return sa.and_(
        Enrolment.state.in_([state for state in SEATED if state != EnrolmentState.SUSPENDED]),
        sa.or_(
            Run.state.in_(coming),
            sa.and_(Run.state == RunState.OPEN, sa.or_(Run.takes_late, in_time)),
            sa.and_(Run.state == RunState.ENDED, Enrolment.extended_until >= today),
        ),
    )

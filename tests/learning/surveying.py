"""Surveys, and people who answer them over the pages, for the tests of all wings."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.content.materials.models import Material, Version
from app.content.sheets import service as sheets
from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.db import new_id
from app.learning.owners.models import Owner
from app.learning.records import service as records
from app.learning.records.models import LearnerRecord
from app.learning.surveys import service as surveys
from app.people.register.models import Person
from app.training.enrolment import access as assignments
from app.training.enrolment.models import Assignment, Enrolment
from app.training.plans.models import Run, RunItem
from content_packages.questions.sheet import Sheet, SheetKind, SheetQuestion, options_of
from tests import factories

SCALE = SheetQuestion("scale", SheetKind.SCALE, "役に立ちましたか", low="いいえ", high="はい")
CHOICE = SheetQuestion("choice", SheetKind.SINGLE, "長さは", options=options_of(("短い", "長い")))
TEXT = SheetQuestion("words", SheetKind.TEXT, "ご意見", is_required=False)
SHORT, LONG = (option.id for option in CHOICE.options)
QUESTIONS = (SCALE, CHOICE, TEXT)


def office_of(session: Session) -> Actor:
    """Return an actor of the office, somebody new."""
    return Actor(person_id=factories.person(session, "研修 担当").id, grants=(Grant("office"),))


def survey(session: Session, *, title: str = "受講後アンケート", **facts: Any) -> Material:
    """Make a survey of a scale, a choice and a text, and publish it."""
    by, now = office_of(session), clock.now()
    sheet = Sheet(**{"questions": QUESTIONS, **facts})
    row = sheets.make(session, new_id(), title, sheet, by=by, now=now)
    sheets.publish(session, row.id, by=by, now=now)
    return row


def version_of(session: Session, material: Material) -> Version:
    """Return a survey's newest version."""
    return session.scalars(
        sa.select(Version)
        .where(Version.material_id == material.id)
        .order_by(Version.number.desc())
        .limit(1)
    ).one()


@dataclass
class Held:
    """A run with a survey, and those who are to answer it."""

    session: Session
    office: FlaskClient
    material: Material
    run: Run
    people: list[Person]

    @property
    def item_id(self) -> uuid.UUID:
        """The part of the run that the survey is: what answers are counted with."""
        return self.session.scalars(
            sa.select(RunItem.id).where(
                RunItem.run_id == self.run.id, RunItem.material_id == self.material.id
            )
        ).one()

    def launch(self, who: Person) -> str:
        """Open somebody's survey as their home does; return its path."""
        factories.enter(self.office, self.session, who)
        key = self.assignment(who)
        answer = self.office.post(f"/assignments/{key}/launch")
        assert answer.status_code == 303
        return answer.location

    def answer(self, who: Person, **answers: object) -> TestResponse:
        """Have somebody hand in these answers: a 4 and 長い where they are not said."""
        return self.office.post(self.launch(who), data=form(**answers))

    def hand_in(self, who: Person, **answers: object) -> None:
        """Have somebody hand in these answers without a page."""
        assignment_id = self.assignment(who)
        assigned = assignments.assigned_of(self.session, assignment_id, clock.now())
        assert assigned
        record = records.record_for(self.session, Owner(who.id), self.material.id, assignment_id)
        raw = {"scale": "4", "choice": LONG, **answers}
        wrong = surveys.hand_in(self.session, assigned, record.id, None, raw, clock.now())
        assert wrong == []
        self.session.flush()

    def assignment(self, who: Person) -> uuid.UUID:
        """Return the key of somebody's survey, as their home has it."""
        return self.session.scalars(
            sa.select(Assignment.id)
            .join(Enrolment, Enrolment.id == Assignment.enrolment_id)
            .where(Enrolment.person_id == who.id, Assignment.run_item_id == self.item_id)
        ).one()

    def record(self, who: Person) -> LearnerRecord:
        """Return somebody's record as it is now."""
        return self.session.scalars(
            sa.select(LearnerRecord)
            .where(LearnerRecord.person_id == who.id, LearnerRecord.material_id == self.material.id)
            .execution_options(populate_existing=True)
        ).one()

    def close(self) -> None:
        """Let the days of answering be over."""
        today = clock.today(clock.now())
        self.run.learn_from, self.run.learn_until = (
            today - timedelta(days=9),
            today - timedelta(days=1),
        )
        self.session.flush()


def held(
    session: Session,
    office: FlaskClient,
    count: int = 3,
    *,
    run: Run | None = None,
    material: Material | None = None,
    **facts: Any,
) -> Held:
    """Hold a run with a survey for so many people; `facts` are of its sheet."""
    asked = material or survey(session, **facts)
    held_run = run or factories.run(session, materials=(asked,))
    people = [factories.person(session, f"回答 {n}子") for n in range(count)]
    for who in people:
        factories.enrol(session, held_run, who)
    return Held(session, office, asked, held_run, people)


def form(**answers: object) -> dict[str, object]:
    """Return a survey's form filled in."""
    said = {"scale": "4", "choice": LONG, "words": "", **answers}
    return {f"answer-{name}": value for name, value in said.items()}

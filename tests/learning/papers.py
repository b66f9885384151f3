"""Tests that are sat, for the tests of them: a paper, its published version, and who takes it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.authoring import service as authoring
from app.content.materials import service as materials
from app.content.materials.models import Material, MaterialKind, Version
from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.learning.exams import service
from app.learning.exams.models import Sitting
from app.learning.owners.models import Owner
from app.learning.records import service as records
from app.learning.records.access import Assigned
from app.learning.records.models import LearnerRecord
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.enrolment.models import Enrolment
from app.training.plans.models import Run
from content_packages.questions.item import Blank, Kind, Number, Option, Pair, Question, choices
from content_packages.questions.paper import Paper, Rules, Section
from tests import factories

SINGLE = Question(
    "single",
    Kind.SINGLE,
    "パスワードを人に教えてよい相手はだれですか。",
    points=2,
    feedback="だれにも教えません。",
    options=(Option("o1", "上司"), Option("o2", "だれもいない", is_right=True)),
)
MULTIPLE = Question(
    "multiple",
    Kind.MULTIPLE,
    "正しいものをすべて選んでください。",
    options=(
        Option("o1", "鍵をかける", is_right=True),
        Option("o2", "放置する"),
        Option("o3", "確かめる", is_right=True),
    ),
)
TRUE_FALSE = Question("true_false", Kind.TRUE_FALSE, "USBメモリは自由に使えます。", answer=False)
FILL_IN = Question(
    "fill_in",
    Kind.FILL_IN,
    "[[1]]は[[2]]文字以上にします。",
    blanks=(Blank(("パスワード",)), Blank(number=Number(12))),
)
ORDERING = Question(
    "ordering",
    Kind.ORDERING,
    "対応の順に並べてください。",
    options=(Option("o1", "切り離す"), Option("o2", "報告する"), Option("o3", "復旧する")),
)
MATCHING = Question(
    "matching",
    Kind.MATCHING,
    "組み合わせてください。",
    pairs=(Pair("p1", "火災", "119"), Pair("p2", "事件", "110")),
)
ESSAY = Question("essay", Kind.ESSAY, "気を付けることを書いてください。", points=4, model="模範")
#: Every kind that a machine marks.
MARKED = (SINGLE, MULTIPLE, TRUE_FALSE, FILL_IN, ORDERING, MATCHING)


def right_answers() -> dict[str, object]:
    """Return the right answer to each of MARKED."""
    names = {choice.text: choice.id for choice in choices(MATCHING)}
    return {
        "single": "o2",
        "multiple": ["o1", "o3"],
        "true_false": False,
        "fill_in": ["パスワード", "12"],
        "ordering": ["o1", "o2", "o3"],
        "matching": {"p1": names["119"], "p2": names["110"]},
    }


def exam(
    session: Session, *questions: Question, rules: Rules | None = None, title: str = "確認テスト"
) -> Material:
    """Make a test of one section, and publish it."""
    paper = Paper(rules or Rules(), (Section("s1", "第1部", questions=questions or MARKED),))
    author = factories.person(session, "作成 花子")
    by, now = Actor(person_id=author.id, grants=(Grant(Role.AUTHOR),)), clock.now()
    made = authoring.make(
        session, uuid.uuid4(), MaterialKind.EXAM, title, paper.document(), by=by, now=now
    )
    version = session.scalars(sa.select(Version).where(Version.material_id == made.id)).one()
    materials.publish(session, version.id, by=by, now=now)
    session.flush()
    return made


@dataclass(frozen=True)
class Taken:
    """Somebody in a run with one test."""

    who: Person
    run: Run
    enrolment: Enrolment
    record: LearnerRecord
    assigned: Assigned


def taken(session: Session, material: Material, run: Run | None = None, name: str = "") -> Taken:
    """Enrol somebody in a run with a test, and keep a record for them."""
    run = run or factories.run(session, materials=(material,))
    who = factories.person(session, name or "受験 太郎")
    enrolment = factories.enrol(session, run, who)
    key = factories.assignment_of(session, enrolment)
    record = records.record_for(session, Owner(who.id), material.id, key)
    until = clock.end_of(run.learn_until)
    return Taken(who, run, enrolment, record, Assigned(material.id, key, until))


def sit(
    session: Session,
    of: Taken,
    answers: dict[str, object] | None = None,
    now: datetime | None = None,
) -> Sitting:
    """Sit a test from its beginning to its end, by somebody who is quick."""
    now = now or clock.now()
    by = Actor(person_id=of.who.id)
    row = service.begin(session, of.record.id, of.assigned, by=by, now=now)
    if answers is None:
        answers = right_answers()
    asked = {name: said for name, said in answers.items() if name in row.drawn}
    return service.hand_in(session, row.id, asked, now=now + timedelta(minutes=5))

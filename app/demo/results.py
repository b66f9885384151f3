"""A training with a test, a survey and a report, and people at every stage of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.authoring import service as authoring
from app.content.banks import service as banks
from app.content.materials import service as publishing
from app.content.materials.models import MaterialKind
from app.content.papers import service as papers
from app.content.readings import service as readings
from app.content.sheets import service as sheets
from app.content.sheets.text import after_training
from app.demo.exam_questions import ESSAY, QUESTIONS
from app.kernel import clock, lists
from app.kernel.actor import Actor, Grant
from app.kernel.db import new_id
from app.kernel.settings import Settings
from app.learning.exams import queries as exam_queries
from app.learning.exams import service as exams
from app.learning.exams.models import Sitting
from app.learning.marking import service as marking
from app.learning.owners.models import Owner
from app.learning.records import service as records
from app.learning.surveys import queries as survey_queries
from app.learning.surveys import service as surveys
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.certificates import service as certificates
from app.training.completion import queries as completion
from app.training.decisions import queries as proposals
from app.training.decisions import service as decisions
from app.training.enrolment import access
from app.training.enrolment import queries as enrolments
from app.training.enrolment import service as following
from app.training.enrolment.models import Enrolment
from app.training.enrolment.queries import Task
from app.training.plans import service as plans
from app.training.plans.models import ItemKind, Run
from app.training.plans.service import RunData
from app.training.programme.service import ItemData
from app.training.results import service as results
from app.training.results.service import Word
from app.training.roster import service as roster
from app.training.syllabus import service as syllabus
from content_packages.questions.paper import Feedback, Rules, Section
from content_packages.questions.sheet import SheetKind

#: How far each has come; the first ones furthest. Nobody of them has begun who is not named.
CERTIFIED = ("00202", "00304")
ACCEPTED = ("00203", "00402", "00502")
REPORTED = ("00302", "00305")
UNMARKED = ("00403", "00602")
NOT_BEGUN = ("00303", "00301", "00503")
HEADS: Mapping[str, str] = {"0020": "00201", "0030": "00301", "0040": "00401", "0050": "00501"}
_REPORT = {
    "learnt": "個人情報を持ち出すときの手順と、誤って送ったときの連絡のしかたを学びました。",
    "use": "窓口で申請書を受け取るときの確かめ方を、係で見直します。",
    "opinion": "事例が身近で分かりやすい研修でした。",
}


def add(
    session: Session,
    settings: Settings,
    people: Mapping[str, Person],
    office: Actor,
    now: datetime,
) -> None:
    """Add the training, and have its people take it as far as each has come."""
    then = now - timedelta(days=9)
    run = _run(session, _exam(session, office, then), _survey(session, office, then), office, then)
    groups = (CERTIFIED, ACCEPTED, REPORTED, UNMARKED, NOT_BEGUN)
    keys = [people[number].id for group in groups for number in group]
    roster.enrol(session, run.id, keys, by=office, now=then)
    plans.act(session, run.id, "open", by=office, now=then)
    done = CERTIFIED + ACCEPTED + REPORTED
    for place, number in enumerate(done + UNMARKED):
        who = people[number]
        exam, survey = _tasks(session, run, who)[:2]
        _sit(session, exam, who, office if number in done else None, place, then)
        _answer(session, survey, who, place, then)
        following.follow(session, exam.assignment_id, then)
    for number in done:
        _report(session, people, run, number, office, then, is_taken_in=number not in REPORTED)
    _certify(session, settings, run, [people[number].id for number in CERTIFIED], office, now)


def _exam(session: Session, by: Actor, now: datetime) -> uuid.UUID:
    """Write a test: five questions that are drawn from a bank, and one to be marked by hand."""
    bank = banks.make(session, new_id(), "個人情報の取扱い", by=by, now=now)
    for question in QUESTIONS:
        banks.add(session, bank.id, new_id(), question, by=by, now=now)
    exam = papers.make(session, new_id(), "個人情報の取扱い　確認テスト", by=by, now=now)
    rules = Rules(pass_mark=60, minutes=30, attempts=3, feedback=Feedback.EACH)
    papers.set_rules(session, exam.id, rules, by=by, now=now)
    drawn = Section(str(new_id()), "基本の知識", count=5, bank_id=str(bank.id))
    own = Section(str(new_id()), "考えて書く問題")
    for section in (drawn, own):
        papers.put_section(session, exam.id, section, by=by, now=now)
    papers.put_question(session, exam.id, own.id, ESSAY, by=by, now=now)
    first = authoring.newest(session, exam.id, MaterialKind.EXAM)
    papers.remove_section(session, exam.id, first.document["sections"][0]["id"], by=by, now=now)
    papers.publish(session, first.id, by=by, now=now)
    return exam.id


def _survey(session: Session, by: Actor, now: datetime) -> uuid.UUID:
    sheet = after_training()
    row = sheets.make(session, new_id(), "受講後アンケート", sheet, by=by, now=now)
    sheets.publish(session, row.id, by=by, now=now)
    return row.id


def _run(session: Session, exam: uuid.UUID, survey: uuid.UUID, by: Actor, now: datetime) -> Run:
    data = syllabus.TrainingData(
        "P-03",
        "個人情報の取扱い研修",
        "申請書や名簿を扱うときの決まりを学び、確認テストと報告で確かめます。",
    )
    training = syllabus.register(session, new_id(), data, by=by, now=now)
    today = clock.today(now)
    link = readings.make_link(
        session, new_id(), "個人情報の決まり（読み物）", "https://example.jp/", by=by, now=now
    )
    publishing.publish(
        session, authoring.newest(session, link, MaterialKind.LINK).id, by=by, now=now
    )
    parts = (
        ItemData(exam),
        ItemData(survey),
        ItemData(link, is_required=False),
        ItemData(kind=ItemKind.REPORT),
    )
    period = RunData(today, today + timedelta(days=25), 40, parts)
    return plans.plan(session, training.id, new_id(), period, by=by, now=now)


def _tasks(session: Session, run: Run, who: Person) -> list[Task]:
    """Return what somebody is to take, in its order."""
    query = enrolments.tasks(Enrolment.run_id == run.id, Enrolment.person_id == who.id)
    return [Task(*row) for row in session.execute(query)]


def _sit(
    session: Session, task: Task, who: Person, marker: Actor | None, place: int, now: datetime
) -> None:
    """Have somebody sit the test, most of it right, and a marker give points for the essay."""
    record = records.record_for(session, Owner(who.id), task.material_id, task.assignment_id)
    whose = access.of_task(task, now)
    by = Actor(person_id=who.id)
    sitting = exams.begin(session, record.id, whose, by=by, now=now)
    answers = _answers(session, sitting, wrong=place % 3)
    later = now + timedelta(minutes=8 + place)
    exams.hand_in(session, sitting.id, answers, now=later)
    if marker is not None:
        hand = {question.id: question.points for _, question in marking.for_hand(session, sitting)}
        marking.mark(session, sitting.id, hand, by=marker, now=later)


def _answers(session: Session, sitting: Sitting, wrong: int) -> dict[str, object]:
    """Return answers to what a sitting asks, all right but for so many."""
    paper = exam_queries.paper(session, sitting.version_id)
    found: dict[str, object] = {}
    for place, name in enumerate(sitting.drawn):
        question = paper.questions[name]
        right = [option.id for option in question.options if option.is_right]
        if question.kind == "essay":
            found[name] = (
                "上司と情報セキュリティの担当に、すぐに知らせます。相手には開かずに消してもらいます。"
            )
        elif question.kind == "true_false":
            found[name] = question.answer is (place >= wrong)
        elif place < wrong:
            found[name] = next(each.id for each in question.options if not each.is_right)
        else:
            found[name] = right if question.kind == "multiple" else right[0]
    return found


def _answer(session: Session, task: Task, who: Person, place: int, now: datetime) -> None:
    """Have somebody answer the survey."""
    record = records.record_for(session, Owner(who.id), task.material_id, task.assignment_id)
    asked = survey_queries.asked(session, record, None)
    said: dict[str, object] = {}
    for count, question in enumerate(asked.sheet.questions):
        if question.kind is SheetKind.SCALE:
            said[question.id] = 3 + (place + count) % 3
        elif question.kind is SheetKind.SINGLE:
            said[question.id] = question.options[1 if place % 4 else 2].id
        elif place % 2:
            said[question.id] = "事例が具体的で、係で話し合うきっかけになりました。"
    surveys.hand_in(session, access.of_task(task, now), record.id, asked.version_id, said, now)


def _report(
    session: Session,
    people: Mapping[str, Person],
    run: Run,
    number: str,
    office: Actor,
    now: datetime,
    *,
    is_taken_in: bool,
) -> None:
    """Have somebody report; their head and the office say that it is in order."""
    who = people[number]
    key = session.scalars(
        sa.select(Enrolment.id).where(Enrolment.run_id == run.id, Enrolment.person_id == who.id)
    ).one()
    by = Actor(person_id=who.id, grants=(Grant(Role.LEARNER, frozenset()),))
    results.submit(session, key, _REPORT, by=by, now=now)
    if is_taken_in:
        head = Actor(person_id=people[HEADS[number[:4]]].id, grants=(Grant(Role.HEAD),))
        results.confirm(session, key, Word(), by=head, now=now)
        results.accept(session, key, Word(), by=office, now=now)


def _certify(
    session: Session,
    settings: Settings,
    run: Run,
    people: list[uuid.UUID],
    by: Actor,
    now: datetime,
) -> None:
    """Decide on some who have done everything, and issue their certificates."""
    found = proposals.proposals(session, completion.ruled(session, run.id), now)
    chosen = [row for row in found if row.person_id in people]
    mark = lists.mark(*proposals.plan(chosen, is_completed=None).groups)
    keys = [row.enrolment_id for row in chosen]
    decisions.decide(
        session, run.id, keys, is_completed=None, reason=None, confirmed=mark, by=by, now=now
    )
    address = f"{settings.office_origin}/verify"
    header = certificates.Header("区長", clock.today(now), address)
    certificates.issue(session, run.id, header, keys, by=by, now=now)

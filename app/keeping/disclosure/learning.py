"""What learning has left of one person: answers, reports, history (items 12 to 14 of the list)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material, Version
from app.keeping.disclosure import reports, training
from app.keeping.disclosure.dossier import Item, Table, table, written
from app.keeping.disclosure.text import ITEMS
from app.learning.exams import queries as exams
from app.learning.exams.models import Sitting
from app.learning.records import queries as records
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.sharing.models import SharedValue
from app.learning.surveys import queries as surveys
from app.learning.surveys.models import NamedResponse
from app.learning.traces import queries as traces
from app.people.register.models import Title
from app.people.sections.models import SectionVersion
from app.training.enrolment.models import Enrolment
from app.training.enrolment.text import PROGRESS, STATES
from app.training.offerings.models import Offering
from app.training.plans.models import Run, Training
from content_packages.questions.answers import said
from content_packages.questions.sheet import Sheet


def items(session: Session, person_id: uuid.UUID) -> Iterator[Item]:
    """Yield the three items in their order."""
    attempts, sittings = _attempts(session, person_id), _sittings(session, person_id)
    tables: tuple[tuple[Table, ...], ...] = (
        (
            table("answers", (*_answers(session, attempts), *_exam_answers(session, sittings))),
            table("survey_answers", _survey_answers(session, person_id)),
        ),
        reports.tables(session, person_id),
        (
            table("enrolments", _enrolments(session, person_id)),
            *training.tables(session, person_id),
            table("records", _records(session, person_id)),
            table("attempts", (_attempt_row(*each) for each in attempts)),
            table("watched", _watched(session, attempts)),
            table("sittings", (_sitting_row(*each) for each in sittings)),
            table("shared_values", _shared(session, person_id)),
            table("traces", _traces(session, attempts)),
        ),
    )
    for number, ((title, source), held) in enumerate(zip(ITEMS[11:], tables, strict=True), 12):
        yield Item(number, title, source, "", tables=held)


def documents(session: Session, person_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return each attempt's run-time state as it is kept."""
    return [
        {"material": title, "version": version.number, "number": attempt.number,
         "document": attempt.document, "answer": attempt.answer}
        for attempt, version, title in _attempts(session, person_id)
    ]  # fmt: skip


Taken = tuple[Attempt, Version, str]
#: A sitting with the number of its version and what its test is called.
Sat = tuple[Sitting, int, str]


def _attempts(session: Session, person_id: uuid.UUID) -> list[Taken]:
    rows = session.execute(
        sa.select(Attempt, Version, Material.title)
        .join(Version, Version.id == Attempt.version_id)
        .join(Material, Material.id == Version.material_id)
        .where(Attempt.person_id == person_id)
        .order_by(Attempt.created_at, Attempt.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _answers(session: Session, attempts: list[Taken]) -> Iterator[list[object]]:
    for attempt, version, title in attempts:
        yield from _film_answers(attempt, version, title)
        for item in records.attempt_detail(session, attempt).items:
            for one in item.interactions:
                yield [
                    title, attempt.number, item.title, one.id, one.kind, one.prompt, one.response,
                    "／".join(one.correct), one.result, one.at,
                ]  # fmt: skip


def _film_answers(attempt: Attempt, version: Version, title: str) -> Iterator[list[object]]:
    """Yield what was last answered to each question in a film."""
    if not records.is_video(attempt):
        return
    asked = {each["id"]: each for each in version.document.get("questions", ())}
    for name, given in attempt.document["answers"].items():
        question = asked.get(name, {"text": "", "choices": []})
        chosen = (each for n, each in enumerate(question["choices"]) if n in given["chosen"])
        yield [
            title, attempt.number, "", name, "choice", question["text"], "／".join(chosen), "",
            "correct" if given["is_right"] else "incorrect", None,
        ]  # fmt: skip


def _sittings(session: Session, person_id: uuid.UUID) -> list[Sat]:
    rows = session.execute(
        sa.select(Sitting, Version.number, Material.title)
        .join(Version, Version.id == Sitting.version_id)
        .join(Material, Material.id == Version.material_id)
        .where(Sitting.person_id == person_id)
        .order_by(Sitting.started_at, Sitting.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _exam_answers(session: Session, sittings: list[Sat]) -> Iterator[list[object]]:
    """Yield every answer; the right ones are the test's, and nothing about the person."""
    for sitting, _, title in sittings:
        questions = exams.paper(session, sitting.version_id).questions
        for place, name in enumerate(sitting.drawn, 1):
            answer, asked = sitting.answers.get(name), questions.get(name)
            text = said(asked, answer) if asked else answer
            yield [
                title, sitting.number, place, name, asked.kind.value if asked else "",
                asked.text if asked else "", text, "", sitting.marks.get(name), sitting.saved_at,
            ]  # fmt: skip


def _sitting_row(sitting: Sitting, version: int, title: str) -> list[object]:
    passed = {True: "合格", False: "不合格", None: ""}[sitting.is_passed]
    return [
        title, version, sitting.number, passed, sitting.score, sitting.started_at,
        sitting.ends_at, sitting.saved_at, sitting.submitted_at, sitting.marked_at,
    ]  # fmt: skip


def _survey_answers(session: Session, person_id: uuid.UUID) -> Iterator[list[object]]:
    """Yield what was answered with a name; of other answers nobody knows whose they are."""
    rows = session.execute(
        sa.select(NamedResponse, Version.document, Material.title)
        .join(LearnerRecord, LearnerRecord.id == NamedResponse.record_id)
        .join(Version, Version.id == NamedResponse.version_id)
        .join(Material, Material.id == Version.material_id)
        .where(LearnerRecord.person_id == person_id)
        .order_by(NamedResponse.saved_at, NamedResponse.id)
    )
    for response, document, title in rows:
        for question, answer in surveys.in_words(Sheet.of(document), response.answers):
            yield [title, question, answer, response.saved_at, response.submitted_at]


def _attempt_row(attempt: Attempt, version: Version, title: str) -> list[object]:
    return [
        title, version.number, attempt.number, _status(attempt.status), attempt.score,
        attempt.seconds, attempt.created_at, attempt.committed_at, attempt.late_at,
        attempt.ended_at,
    ]  # fmt: skip


def _watched(session: Session, attempts: list[Taken]) -> Iterator[list[object]]:
    """Yield what was watched of each video: the stretches, and the times apart from each other."""
    for attempt, version, title in attempts:
        seen = records.attempt_detail(session, attempt).watched
        if seen is not None:
            stretches = "、".join(
                f"{written(start)}〜{written(stop)}" for start, stop in seen.played
            )
            yield [
                title, version.number, attempt.number, seen.duration, stretches, seen.position,
                seen.played_seconds, seen.present_seconds, seen.hidden_seconds, seen.hidden_times,
                seen.elsewhere_times, seen.doubted_seconds,
            ]  # fmt: skip


def _enrolments(session: Session, person_id: uuid.UUID) -> Iterator[list[object]]:
    section = (
        sa.select(SectionVersion.name)
        .where(SectionVersion.section_id == Enrolment.section_id)
        .where(SectionVersion.valid_from <= sa.func.date(Enrolment.decided_at))
        .order_by(SectionVersion.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Training.title, Run, Enrolment, sa.func.coalesce(section, ""), Title.name)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .join(Title, Title.id == Enrolment.title_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Enrolment.decided_at, Enrolment.id)
    )
    for title, run, enrolment, where, post in rows:
        period = f"{written(run.learn_from)}〜{written(run.learn_until)}"
        state = STATES[enrolment.state].text
        yield [title, run.number, period, state, where, post, enrolment.decided_at]


def _records(session: Session, person_id: uuid.UUID) -> Iterator[list[object]]:
    rows = session.execute(
        sa.select(LearnerRecord, Material.title)
        .join(Material, Material.id == LearnerRecord.material_id)
        .where(LearnerRecord.person_id == person_id)
        .order_by(LearnerRecord.id)
    )
    for record, title in rows:
        yield [
            title, _status(record.status), record.score, record.progress, record.seconds,
            record.started_at, record.completed_at, record.last_at,
        ]  # fmt: skip


def _shared(session: Session, person_id: uuid.UUID) -> Iterator[list[object]]:
    rows = session.scalars(
        sa.select(SharedValue)
        .where(SharedValue.person_id == person_id)
        .order_by(SharedValue.kind, SharedValue.target)
    )
    for row in rows:
        yield [row.kind, row.target, row.document]


def _traces(session: Session, attempts: list[Taken]) -> Iterator[list[object]]:
    for attempt, _, _ in attempts:
        for line in traces.lines(session, attempt.id):
            yield [line.at, line.source, line.what, line.about, line.value, line.said, line.error]


def _status(code: str) -> str:
    return PROGRESS[code][0].text if code in PROGRESS else code

"""A test is sat, saved, handed in once, marked, and its record follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials import service as materials
from app.content.materials.models import Version
from app.kernel.actor import SYSTEM, Actor, Grant
from app.kernel.errors import Conflict, Refused
from app.kernel.outbox import Kind, Outgoing
from app.learning.exams import queries, service
from app.learning.exams.models import Sitting
from app.people.permission.models import Role
from content_packages.questions.paper import Feedback, Paper, Rules, Section
from tests.learning import papers
from tests.learning.papers import ESSAY, SINGLE, TRUE_FALSE, Taken, exam, sit, taken


def begin(session: Session, of: Taken, now: datetime) -> Sitting:
    by = Actor(person_id=of.who.id)
    return service.begin(session, of.record.id, of.assigned, by=by, now=now)


def told(session: Session) -> int:
    """Return how often the wing above was told that a record has changed."""
    rows = sa.select(sa.func.count()).where(Outgoing.kind == Kind.PROGRESSED)
    return session.scalar(rows.select_from(Outgoing)) or 0


@pytest.mark.requirement("QST-01")
def test_every_kind_of_question_is_answered_marked_and_passed(
    session: Session, now: datetime
) -> None:
    of = taken(session, exam(session))
    row = begin(session, of, now)
    assert of.record.status == "in_progress"
    service.save(session, row.id, papers.right_answers(), now=now, sequence=1)
    row = service.hand_in(session, row.id, now=now + timedelta(minutes=3))
    assert (row.score, row.is_passed, row.is_by_time) == (100.0, True, False)
    assert set(row.marks) == set(row.drawn)
    record = of.record
    assert (record.status, record.score, record.seconds) == ("passed", 100.0, 180.0)
    assert record.completed_at == now + timedelta(minutes=3)
    assert told(session) == 2


def test_handed_in_twice_the_first_time_stands(session: Session, now: datetime) -> None:
    of = taken(session, exam(session))
    row = sit(session, of, {}, now)
    again = service.hand_in(session, row.id, papers.right_answers(), now=now + timedelta(hours=1))
    assert (again.score, again.submitted_at) == (0.0, now + timedelta(minutes=5))
    assert of.record.status == "failed"
    with pytest.raises(Conflict, match="sitting_submitted"):
        service.save(session, row.id, {}, now=now)


@pytest.mark.requirement("QST-05")
def test_a_saving_is_applied_once_and_one_that_comes_late_changes_nothing(
    session: Session, now: datetime
) -> None:
    row = begin(session, taken(session, exam(session)), now)
    for said, sequence, is_taken in (
        ("o1", 2, True),
        ("o1", 2, True),
        ("o2", 2, False),
        ("o2", 1, False),
        ("o2", 3, True),
    ):
        found = service.save(session, row.id, {"single": said}, now=now, sequence=sequence)
        assert found[1] is is_taken
    assert (row.answers, row.sequence) == ({"single": "o2"}, 3)
    service.save(session, row.id, {"single": None, "true_false": False}, now=now)
    assert (row.answers, row.sequence) == ({"true_false": False}, 4)
    with pytest.raises(Refused, match="answers_malformed"):
        service.save(session, row.id, {"nowhere": "x"}, now=now)


@pytest.mark.requirement("QST-05")
def test_after_its_end_a_sitting_takes_what_was_on_its_way_and_no_more(
    session: Session, now: datetime
) -> None:
    of = taken(session, exam(session, rules=Rules(minutes=10)))
    row = begin(session, of, now)
    end = now + timedelta(minutes=10)
    assert row.ends_at == end
    service.save(session, row.id, {"single": "o2"}, now=end + timedelta(seconds=59))
    with pytest.raises(Refused, match="sitting_over"):
        service.save(session, row.id, {"single": "o1"}, now=end + timedelta(seconds=60))
    assert list(queries.overdue(session, end + timedelta(seconds=59))) == []
    late = end + timedelta(hours=3)
    assert list(queries.overdue(session, late)) == [row.id]
    done = service.hand_in(session, row.id, {"single": "o1"}, now=late)
    assert (done.is_by_time, done.submitted_at) == (True, end)
    assert done.answers == {"single": "o2"}
    assert done.marks["single"] == 2


def test_the_end_comes_with_the_last_moment_of_the_run(session: Session, now: datetime) -> None:
    of = taken(session, exam(session, rules=Rules(minutes=30)))
    assert of.assigned.until is not None
    started = of.assigned.until - timedelta(minutes=5)
    assert begin(session, of, started).ends_at == of.assigned.until


def test_a_run_may_give_more_minutes_also_to_who_sits_already(
    session: Session, now: datetime
) -> None:
    of = taken(session, exam(session, rules=Rules(minutes=10)))
    row = begin(session, of, now)
    service.reset_ends(session, [replace(of.assigned, extra_minutes=15)])
    assert row.ends_at == now + timedelta(minutes=25)


@pytest.mark.requirement("QST-01")
def test_a_test_is_sat_so_often_and_once_more_by_leave(session: Session, now: datetime) -> None:
    of = taken(session, exam(session, SINGLE, rules=Rules(attempts=2)))
    first = begin(session, of, now)
    assert begin(session, of, now) is first
    with pytest.raises(Refused, match="sittings_left"):
        service.allow_another(session, of.record.id, by=SYSTEM, now=now)
    service.hand_in(session, first.id, now=now)
    assert sit(session, of, {"single": "o2"}, now).number == 2
    with pytest.raises(Refused, match="no_sittings_left"):
        begin(session, of, now)
    service.allow_another(session, of.record.id, by=SYSTEM, now=now)
    assert sit(session, of, {}, now).number == 3
    # The best of all stays.
    assert (of.record.status, of.record.score) == ("passed", 100.0)


def test_a_sitting_whose_time_is_over_is_handed_in_before_the_next_begins(
    session: Session, now: datetime
) -> None:
    of = taken(session, exam(session, SINGLE, rules=Rules(minutes=10)))
    first = begin(session, of, now)
    second = begin(session, of, now + timedelta(minutes=20))
    assert (first.submitted_at, second.number) == (now + timedelta(minutes=10), 2)


@pytest.mark.requirement("QST-01")
def test_questions_and_options_are_drawn_anew_for_each_sitting(
    session: Session, now: datetime
) -> None:
    many = tuple(replace(TRUE_FALSE, id=f"t{number}") for number in range(30))
    material = exam(session, *many)
    version = session.scalars(sa.select(Version).where(Version.material_id == material.id)).one()
    paper = Paper(Rules(is_shuffled=True), (Section("s", questions=many, count=5),))
    version.document = paper.document()
    of = taken(session, material)
    drawn = [tuple(sit(session, of, {}, now).drawn) for _ in range(3)]
    assert {len(each) for each in drawn} == {5}
    assert len(set(drawn)) > 1


def test_what_nobody_has_published_cannot_be_sat(session: Session, now: datetime) -> None:
    material = exam(session)
    of = taken(session, material)
    version = session.scalars(sa.select(Version).where(Version.material_id == material.id)).one()
    author = Actor(grants=(Grant(Role.AUTHOR),))
    materials.retire(session, version.id, by=author, now=now)
    assert queries.exam(session, of.record) is None
    with pytest.raises(Refused, match="exam_not_published"):
        begin(session, of, now)


def test_an_essay_waits_for_a_hand_and_none_for_what_is_passed_by_handing_in(
    session: Session, now: datetime
) -> None:
    waiting = taken(session, exam(session, SINGLE, ESSAY))
    row = sit(session, waiting, {"single": "o2", "essay": "気を付けます"}, now)
    assert (row.score, row.is_passed, row.marks["essay"]) == (None, None, None)
    assert waiting.record.status == "in_progress"
    free = taken(session, exam(session, ESSAY, rules=Rules(pass_mark=0)))
    row = sit(session, free, {"essay": "気を付けます"}, now)
    assert (row.score, row.is_passed, free.record.status) == (None, True, "passed")
    silent = sit(session, taken(session, exam(session, SINGLE, ESSAY)), {"single": "o2"}, now)
    assert silent.score == pytest.approx(100 * 2 / 6)


@pytest.mark.requirement("QST-01")
@pytest.mark.parametrize(
    ("feedback", "answer", "left", "shown"),
    [
        (Feedback.NEVER, "o2", 1, False),
        (Feedback.EACH, "o1", 2, True),
        (Feedback.PASSED, "o1", 1, False),
        (Feedback.PASSED, "o2", 2, True),
        (Feedback.OVER, "o1", 2, False),
        (Feedback.OVER, "o1", 1, True),
    ],
)
def test_explanations_are_shown_when_the_rules_say(
    session: Session, now: datetime, feedback: Feedback, answer: str, left: int, *, shown: bool
) -> None:
    rules = Rules(feedback=feedback, attempts=left)
    of = taken(session, exam(session, SINGLE, rules=rules))
    row = sit(session, of, {"single": answer}, now)
    found = queries.shows_answers(rules, row, of.record, 1, is_closed=False)
    assert found is shown

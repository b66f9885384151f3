"""What content has set is applied once, in its order, and for the newest launch alone."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict, NotFound
from app.learning.attempts import service
from app.learning.attempts.service import Message
from app.learning.records.models import Attempt, LearnerRecord
from tests.learning import made
from tests.learning.made import Sitting
from tests.training.counting import statements

LOCATION = "cmi.core.lesson_location"
STATUS = "cmi.core.lesson_status"


@pytest.fixture
def sitting(session: Session, now: datetime) -> Sitting:
    """Somebody at two SCOs of SCORM 1.2, the first of them delivered."""
    found = made.launched(session, made.version(session, made.sco("A"), made.sco("B")), now)
    found.go()
    return found


@pytest.fixture
def attempt(sitting: Sitting) -> Attempt:
    """The attempt that somebody sits at."""
    return sitting.attempt


def commit(
    session: Session, attempt: Attempt, now: datetime, *messages: Message, lease: int = 1
) -> dict[str, Any]:
    return service.commit(session, attempt.id, lease=lease, messages=messages, now=now)


def values(attempt: Attempt, item: str = "A") -> dict[str, str]:
    """Return what is stored of an item."""
    stored: dict[str, str] = attempt.document["items"][item]["values"]
    return stored


@pytest.mark.requirement("TRK-01")
def test_a_message_is_applied_and_answered(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    changes = (
        (LOCATION, "2頁"),
        ("cmi.core.score.raw", "85"),
        ("cmi.interactions.0.id", "q1"),
        ("cmi.interactions.0.result", "correct"),
        (STATUS, "passed"),
        ("cmi.core.session_time", "0000:20:00"),
        ("cmi.suspend_data", "髙﨑𠮷"),
    )
    answer = commit(session, attempt, now, made.message(1, *changes))
    assert answer == {
        "sequence": 1,
        "saved_at": now.isoformat(),
        "rejected": [],
        "statuses": {"A": "passed", "B": "not_started"},
        "controls": {
            "continue": True,
            "previous": False,
            "choices": ["A", "B"],
            "jumps": [],
            "hidden": [],
        },
        "status": "in_progress",
        "score": 85.0,
        "step": 1,
    }
    session.flush()
    session.expire_all()
    assert {name: values(attempt)[name] for name, _ in changes} == dict(changes)
    assert (attempt.sequence, attempt.committed_at, attempt.seconds) == (1, now, 1200)


def test_what_content_notes_for_itself_changes_nothing_of_what_was_told(
    session: Session, sitting: Sitting, now: datetime
) -> None:
    """After a step, too: what was told before it holds no more."""
    shown = ("statuses", "controls", "status", "score")
    told = sitting.set((STATUS, "completed"), ("cmi.core.score.raw", "40"))
    noted = sitting.set((LOCATION, "3"), ("cmi.suspend_data", "髙"))
    assert {name: noted[name] for name in shown} == {name: told[name] for name in shown}
    assert (noted["sequence"], noted["rejected"]) == (2, [])
    assert values(sitting.attempt)[LOCATION] == "3"
    sitting.go("continue")
    noted = sitting.set((LOCATION, "1"), item="B")
    assert noted["statuses"] == {"A": "completed", "B": "in_progress"}
    assert noted["controls"]["previous"] is True


def test_a_note_that_is_refused_is_told(sitting: Sitting) -> None:
    sitting.set((LOCATION, "1"))
    refused = sitting.set((LOCATION, "x" * 256))
    assert [element for element, _ in refused["rejected"]] == [LOCATION]


def test_a_stream_of_notes_is_told_to_the_record_each_minute(
    session: Session, sitting: Sitting, now: datetime
) -> None:
    sitting.set((LOCATION, "1"))
    session.flush()
    session.expire_all()
    record = session.get_one(LearnerRecord, sitting.attempt.record_id)
    assert record.last_at == now
    later = made.later(now, 2)
    note = made.message(2, (LOCATION, "2"))
    service.commit(session, sitting.attempt.id, lease=1, messages=[note], now=later)
    session.flush()
    session.expire_all()
    assert record.last_at == later


@pytest.mark.requirement("TRK-03")
def test_a_message_sent_again_gives_the_same_answer_and_is_not_applied_again(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    first = commit(session, attempt, now, made.message(1, (LOCATION, "1")))
    document = copy.deepcopy(attempt.document)
    again = commit(session, attempt, made.later(now, 5), made.message(1, (LOCATION, "2")))
    assert again == first
    assert attempt.document == document
    assert attempt.committed_at == now


def test_a_lower_number_is_answered_with_the_last_answer(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    commit(session, attempt, now, made.message(1, (LOCATION, "1")))
    last = commit(session, attempt, now, made.message(2, (LOCATION, "2")))
    assert commit(session, attempt, now, made.message(1, (LOCATION, "1"))) == last
    assert values(attempt)[LOCATION] == "2"


def test_several_messages_are_applied_in_order_and_those_known_are_passed_over(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    commit(session, attempt, now, made.message(1, (LOCATION, "1")))
    messages = [made.message(number, (LOCATION, str(number * 10))) for number in (1, 2, 3)]
    assert commit(session, attempt, now, *messages)["sequence"] == 3
    assert values(attempt)[LOCATION] == "30"


@pytest.mark.parametrize("numbers", [(2,), (3,), (10**30,), (1, 3), (2, 1)])
def test_a_gap_is_refused_and_the_number_awaited_is_told(
    session: Session, attempt: Attempt, now: datetime, numbers: tuple[int, ...]
) -> None:
    messages = [made.message(number, (LOCATION, "x")) for number in numbers]
    with pytest.raises(Conflict) as refused, session.begin_nested():
        commit(session, attempt, now, *messages)
    assert refused.value.code == "out_of_sequence"
    assert refused.value.data == {"expected": 2 if numbers[0] == 1 else 1}
    session.expire_all()
    assert LOCATION not in values(attempt)
    assert attempt.sequence == 0


def test_nothing_sent_is_nothing_answered(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    assert commit(session, attempt, now) == {}
    last = commit(session, attempt, now, made.message(1))
    assert commit(session, attempt, now) == last


def test_an_older_launch_may_write_until_the_newer_one_is_opened(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    attempt.lease = 2
    commit(session, attempt, now, made.message(1, (LOCATION, "left behind")))
    Sitting(session, attempt, now).go()
    with pytest.raises(Conflict) as refused:
        commit(session, attempt, now, made.message(2, (LOCATION, "late")))
    assert refused.value.code == "superseded"
    assert values(attempt)[LOCATION] == "left behind"


def test_a_launch_that_was_not_opened_writes_nothing(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    attempt.lease = 2
    with pytest.raises(Conflict) as refused:
        commit(session, attempt, now, made.message(1), lease=2)
    assert (refused.value.code, refused.value.data) == ("out_of_sequence", {"expected": 0})


def test_what_the_data_model_refuses_is_told_and_the_rest_is_kept(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    changes = (
        ("cmi.core.student_id", "someone else"),
        (STATUS, "very good"),
        ("cmi.no_such", "1"),
        (LOCATION, "4"),
    )
    answer = commit(session, attempt, now, made.message(1, *changes))
    assert answer["rejected"] == [
        ["cmi.core.student_id", 403],
        [STATUS, 405],
        ["cmi.no_such", 401],
    ]
    assert values(attempt)[LOCATION] == "4"
    assert values(attempt)["cmi.core.student_id"] == "00012"


@pytest.mark.parametrize("item", ["B", "Z", ""])
def test_an_item_that_was_not_delivered_takes_no_message(
    session: Session, attempt: Attempt, now: datetime, item: str
) -> None:
    messages = [made.message(1, (LOCATION, "1")), made.message(2, item=item)]
    with pytest.raises(NotFound), session.begin_nested():
        commit(session, attempt, now, *messages)
    session.expire_all()
    assert attempt.sequence == 0
    assert LOCATION not in values(attempt)


def test_a_finished_session_adds_its_time_once_and_settles_its_status(
    session: Session, attempt: Attempt, now: datetime
) -> None:
    time = ("cmi.core.session_time", "0000:05:00")
    commit(session, attempt, now, made.message(1, time, end=True))
    commit(session, attempt, now, made.message(2, end=True))
    assert values(attempt)["cmi.core.total_time"] == "0000:05:00.00"
    assert values(attempt)[STATUS] == "completed"
    assert attempt.seconds == 300


def test_what_comes_after_the_end_of_a_session_is_taken_too(sitting: Sitting) -> None:
    sitting.set(end=True)
    assert sitting.set((LOCATION, "9頁"))["rejected"] == []
    assert values(sitting.attempt)[LOCATION] == "9頁"


@pytest.mark.requirement("TRK-05")
def test_a_course_is_done_when_all_its_items_are(sitting: Sitting, now: datetime) -> None:
    attempt = sitting.attempt
    sitting.set(end=True)
    assert (attempt.status, attempt.progress) == ("in_progress", 0.5)
    sitting.go("continue")
    sitting.now = made.later(now, 3)
    answer = sitting.set(item="B", end=True)
    assert answer["status"] == "completed"
    assert (attempt.progress, attempt.completed_at) == (1, sitting.now)


def test_content_that_takes_its_completion_back_is_not_complete(
    session: Session, now: datetime
) -> None:
    sitting = made.launched(session, made.version(session), now)
    sitting.go()
    sitting.set((STATUS, "completed"))
    assert sitting.attempt.completed_at == now
    sitting.set((STATUS, "incomplete"))
    assert (sitting.attempt.status, sitting.attempt.completed_at) == ("in_progress", None)


def test_what_may_be_asked_for_next_is_told_anew_with_each_answer(
    session: Session, now: datetime
) -> None:
    course = made.version(session, made.sco("A"), made.sco("B", prerequisites="A"))
    sitting = made.launched(session, course, now)
    assert sitting.go().controls.choices == ("A",)
    assert sitting.set((STATUS, "incomplete"))["controls"]["choices"] == ["A"]
    answer = sitting.set((STATUS, "completed"))
    assert (answer["controls"]["choices"], answer["controls"]["continue"]) == (["A", "B"], True)


# The record's row, which many commits would make busy.


def test_commits_that_come_to_nothing_new_leave_the_record_alone_for_a_minute(
    session: Session, sitting: Sitting, now: datetime
) -> None:
    record = session.scalars(sa.select(LearnerRecord)).one()
    for page in range(5):
        sitting.now = now + timedelta(seconds=10 * page)
        with statements(session) as seen:
            sitting.set((LOCATION, str(page)))
        assert [text for text in seen if "UPDATE learner_record" in text] == []
    assert record.last_at == now
    sitting.now = now + timedelta(seconds=60)
    sitting.set((LOCATION, "6"))
    assert record.last_at == sitting.now


def test_a_commit_that_comes_to_something_is_on_the_record_at_once(
    session: Session, sitting: Sitting, now: datetime
) -> None:
    record = session.scalars(sa.select(LearnerRecord)).one()
    sitting.now = now + timedelta(seconds=1)
    sitting.set(("cmi.core.score.raw", "70"))
    assert (record.score, record.last_at) == (70.0, sitting.now)

"""What SCORM content does is told to the record store, once, whenever somebody looks."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.settings import Settings
from app.learning.records.models import Attempt
from app.learning.statements.models import XapiStatement
from app.learning.telling import service
from app.learning.turns.models import AttemptTold
from tests.learning import made
from tests.learning.made import FLOW, Sitting
from tests.learning.telling.conftest import Open, Teller, pass_time
from tests.training import counting

STATUS, EXIT = "cmi.core.lesson_status", "cmi.core.exit"
MINUTE = timedelta(minutes=1)
ASKED_1_2 = (
    ("cmi.interactions.0.id", "q0"),
    ("cmi.interactions.0.type", "choice"),
    ("cmi.interactions.0.student_response", "a,c"),
    ("cmi.interactions.0.correct_responses.0.pattern", "a,b"),
    ("cmi.interactions.0.result", "wrong"),
    ("cmi.interactions.0.latency", "00:00:12.5"),
)


def asked(place: int, response: str, **more: str) -> list[tuple[str, str]]:
    """Return what content of 2004 tells of a question."""
    told = {"type": "fill-in", "learner_response": response, "result": "correct", **more}
    above = f"cmi.interactions.{place}."
    return [(f"{above}id", f"q{place}"), *((f"{above}{name}", told[name]) for name in told)]


def again(sitting: Sitting, minutes: float) -> Sitting:
    """Return the next launch of an attempt."""
    sitting.attempt.lease += 1
    sitting.session.flush()
    return Sitting(sitting.session, sitting.attempt, pass_time(sitting, minutes))


def test_a_sco_of_1_2_is_told_of_from_its_beginning_to_its_end(begin: Open) -> None:
    sitting, teller = begin()
    start = sitting.now
    sitting.go()
    assert teller.at(start) == []  # its minute is not over
    assert teller.at(start + MINUTE) == ["initialized A"]
    actor = teller.last[0]["actor"]
    assert actor == {
        "objectType": "Agent",
        "account": {
            "homePage": teller.settings.office_origin,
            "name": str(sitting.attempt.person_id),
        },
    }
    assert teller.last[0]["authority"]["account"]["name"] == "kenshu"
    done = pass_time(sitting, 2)
    sitting.set(*ASKED_1_2)
    sitting.set(
        (STATUS, "passed"), ("cmi.core.score.raw", "80"), ("cmi.core.session_time", "00:01:30"),
        end=True,
    )  # fmt: skip
    assert teller.at(done + MINUTE) == [
        "responded A/q0",
        "scored A",
        "passed A",
        "completed A",
        "terminated A",
        "scored course",
        "passed course",
        "completed course",
    ]
    assert set(teller.times()) == {done}
    assert teller.one("terminated")["result"] == {
        "success": True,
        "completion": True,
        "duration": "PT90S",
        "score": {"scaled": 0.8, "raw": 80},
    }
    answer = teller.one("responded")
    assert answer["result"] == {"response": "a[,]c", "success": False, "duration": "PT12.5S"}
    definition = answer["object"]["definition"]
    assert definition["correctResponsesPattern"] == ["a[,]b"]
    assert teller.row.next_at is None  # nothing comes of it but by a turn
    assert not sitting.leave() or sitting.attempt.ended_at
    assert teller.at(done + 2 * MINUTE) == []


def test_what_1_2_suspends_is_resumed_and_its_answers_are_told_once(begin: Open) -> None:
    sitting, teller = begin()
    sitting.go()
    sitting.set(*ASKED_1_2)
    stopped = pass_time(sitting, 3)
    sitting.set((STATUS, "incomplete"), (EXIT, "suspend"), end=True)
    assert not sitting.leave()
    assert teller.at(stopped + MINUTE) == ["initialized A", "responded A/q0", "suspended A"]
    second = again(sitting, 60)
    second.go()
    resumed = second.now
    pass_time(second, 1)
    second.set((STATUS, "completed"), end=True)
    assert teller.at(resumed + 2 * MINUTE) == [
        "resumed A",
        "completed A",
        "terminated A",
        "completed course",
    ]
    assert teller.times() == [resumed, *[second.now] * 3]
    attempts = {each["context"]["contextActivities"]["grouping"][1]["id"][-2:]
                for each in teller.last[:3]}  # fmt: skip
    assert attempts == {"/1"}


def test_two_launches_that_nobody_looked_at_are_told_of_both(begin: Open) -> None:
    sitting, teller = begin()
    first = sitting.now
    sitting.go()
    left = pass_time(sitting, 2)
    sitting.set((STATUS, "incomplete"))  # and the window is closed without a word
    second = again(sitting, 30)
    second.go()
    assert teller.at(second.now + MINUTE) == ["initialized A", "suspended A", "resumed A"]
    assert teller.times() == [first, second.now, second.now]
    assert left < second.now


def test_content_that_has_ended_begins_a_second_attempt_on_it(begin: Open) -> None:
    sitting, teller = begin(made.sco("A"), made.sco("B"))
    sitting.go()
    sitting.set((STATUS, "completed"), end=True)
    sitting.go("{target=A}choice")
    assert teller.at(sitting.now + MINUTE) == [
        "initialized A",
        "completed A",
        "terminated A",
        "initialized A",
    ]
    groups = [each["context"]["contextActivities"]["grouping"][1]["id"] for each in teller.last]
    assert [group[-2:] for group in groups] == ["/1", "/1", "/1", "/2"]


def walked(begin: Open, **facts: object) -> tuple[Sitting, Teller]:
    """Return somebody at the first of two SCOs of SCORM 2004."""
    return begin(made.sco("A"), made.sco("B"), edition="2004-4", sequencing=FLOW, **facts)


@pytest.mark.parametrize("written", ["2026-11-23T13:01:00", "2026-11-23T04:01:00.0Z"])
def test_a_course_of_2004_is_told_of_item_by_item(begin: Open, written: str) -> None:
    sitting, teller = walked(begin)
    start = sitting.now
    sitting.go()
    given = pass_time(sitting, 1)
    sitting.set(*asked(0, "東", timestamp=written, latency="PT3.5S"))
    read = pass_time(sitting, 1)
    sitting.set(
        *asked(1, "7", type="numeric", description="{lang=ja}いくつ？"),
        ("cmi.completion_status", "completed"), ("cmi.score.scaled", "0.5"),
        ("cmi.success_status", "failed"), ("cmi.session_time", "PT2M"), end=True,
    )  # fmt: skip
    pass_time(sitting, 1)
    turned = sitting.now
    sitting.go("continue")
    sitting.set(("cmi.exit", "suspend"), ("cmi.completion_status", "incomplete"),
                item="B", end=True)  # fmt: skip
    gone = pass_time(sitting, 1)
    assert not sitting.leave()
    assert teller.at(gone + MINUTE) == [
        "initialized A",
        "responded A/q0",
        "responded A/q1",
        "scored A",
        "failed A",
        "completed A",
        "terminated A",
        "initialized B",
        "suspended B",
        "scored course",
        "failed course",
    ]
    assert teller.times() == [start, given, *[read] * 5, *[turned] * 2, *[gone] * 2]
    asked_of = teller.last[2]["object"]["definition"]
    assert asked_of["description"] == {"und": "いくつ？"}
    assert teller.one("terminated")["result"]["duration"] == "PT120S"
    second = again(sitting, 60)
    second.go()
    assert teller.at(second.now + MINUTE) == ["resumed B"]
    assert teller.row.next_at == second.now + 2 * MINUTE


def test_a_sco_of_2004_that_is_tried_again_is_told_of_as_each_try_came_out(begin: Open) -> None:
    sitting, teller = walked(begin)
    sitting.go()
    first = [("cmi.score.scaled", "1"), ("cmi.success_status", "passed")]
    sitting.set(*asked(0, "東"), *first, end=True)
    sitting.go("{target=A}choice")
    sitting.set(*asked(0, "西"), ("cmi.score.scaled", "0"), ("cmi.success_status", "failed"))
    told = teller.at(sitting.now + MINUTE)
    assert told[:7] == [
        "initialized A",
        "responded A/q0",
        "scored A",
        "passed A",
        "completed A",
        "terminated A",
        "initialized A",
    ]
    assert told[7:10] == ["responded A/q0", "scored A", "failed A"]
    responses = [each["result"]["response"] for each in teller.last if "q0" in each["object"]["id"]]
    assert responses == ["東", "西"]
    scores = [each["result"]["score"] for each in (teller.last[2], teller.last[8])]
    assert scores == [{"scaled": 1.0}, {"scaled": 0.0}]


def test_content_that_says_nothing_is_begun_and_in_the_end_suspended(begin: Open) -> None:
    sitting, teller = begin()
    sitting.go()
    assert teller.at(sitting.now + MINUTE) == ["initialized A"]
    waits = []
    while (due := teller.row.next_at) is not None:
        waits.append(due)
        told = teller.at(due)
    assert told == ["suspended A"]
    assert teller.times() == [sitting.now]
    hours = teller.settings.launch_hours
    assert timedelta(0) <= waits[-1] - sitting.now - timedelta(hours=hours) < timedelta(minutes=10)
    assert len(waits) < 80


def test_an_asset_and_a_course_that_is_left_by_its_end(begin: Open) -> None:
    asset = made.sco("A")
    asset = type(asset)(**{**vars(asset), "resource_type": "asset"})
    sitting, teller = begin(asset)
    sitting.go()
    sitting.go("exitAll")
    assert teller.at(sitting.now + MINUTE) == [
        "initialized A",
        "completed A",
        "terminated A",
        "completed course",
    ]
    assert teller.row.next_at is None


def test_an_attempt_that_the_office_ends_is_told_to_have_ended(
    begin: Open, session: Session
) -> None:
    sitting, teller = begin()
    sitting.go()
    attempt = made.attempt(session, sitting.attempt.id)
    attempt.ended_at = sitting.now
    session.flush()
    assert teller.at(sitting.now + MINUTE) == ["initialized A", "terminated A"]
    assert teller.row.next_at is None


def test_a_preview_is_not_told_of(session: Session, now: datetime) -> None:
    sitting = made.launched(session, made.version(session), now, is_preview=True)
    sitting.go()
    sitting.set((STATUS, "completed"), end=True)
    sitting.leave()
    assert counting.rows(session, AttemptTold) == 0


def test_a_launch_that_leads_nowhere_notes_nothing(session: Session, now: datetime) -> None:
    sitting = made.launched(session, made.version(session), now)
    sitting.go("suspendAll")
    assert counting.rows(session, AttemptTold) == 0


def test_a_step_that_is_sent_again_is_one_turn(begin: Open) -> None:
    sitting, teller = begin()
    sitting.go()
    sitting.at_step(1, "open")
    assert len(teller.row.turns) == 1


def test_what_was_there_before_is_taken_up_where_it_stands(begin: Open, session: Session) -> None:
    sitting, teller = begin()
    sitting.go()
    sitting.set(*ASKED_1_2, (STATUS, "incomplete"), (EXIT, "suspend"), end=True)
    session.execute(sa.delete(AttemptTold))  # as if nothing had been noted yet
    second = again(sitting, 60)
    second.go()
    assert teller.at(second.now + MINUTE) == ["resumed A"]
    second.set((STATUS, "completed"), end=True)
    assert teller.at(second.now + 3 * MINUTE) == [
        "completed A",
        "terminated A",
        "completed course",
    ]


def test_all_that_is_told_of_a_commit_is_told_by_a_bounded_number_of_statements(
    begin: Open, session: Session, settings: Settings
) -> None:
    sitting, teller = begin()
    sitting.go()
    teller.at(sitting.now + MINUTE)
    changes = [
        (f"cmi.interactions.{place}.{name}", f"{value}{place}")
        for place in range(20)
        for name, value in (("id", "q"), ("student_response", "r"))
    ]
    sitting.set(*changes)
    row = service.claim(session, teller.attempt.id, sitting.now + 3 * MINUTE)
    assert row is not None
    with counting.statements(session) as made_of:
        count = service.tell(session, row, settings, now=sitting.now + 3 * MINUTE)
        session.flush()
    assert count == 20
    assert len(made_of) <= 2 + 8 * count
    # And one that has nothing new is read and put to the next minute.
    row = service.claim(session, teller.attempt.id, sitting.now + 9 * MINUTE)
    assert row is not None
    with counting.statements(session) as made_of:
        assert service.tell(session, row, settings, now=sitting.now + 9 * MINUTE) == 0
        session.flush()
    assert len(made_of) <= 4


def test_a_commit_notes_nothing(begin: Open) -> None:
    sitting, teller = begin()
    sitting.go()
    noted, due = teller.row.turns, teller.row.next_at
    pass_time(sitting, 1)
    sitting.set(("cmi.suspend_data", "x"))
    sitting.set((STATUS, "completed"), end=True)
    assert (teller.row.turns, teller.row.next_at) == (noted, due)


def test_who_waits_longest_is_told_of_first(begin: Open, session: Session, now: datetime) -> None:
    keys = []
    for minutes in (2, 1, 3):
        sitting, _ = begin()
        pass_time(sitting, minutes)
        sitting.go()
        keys.append(sitting.attempt.id)
    assert service.due(session, now, 9) == []
    assert service.due(session, now + 9 * MINUTE, 2) == [keys[1], keys[0]]
    service.put_off(session, keys[1], now)
    assert service.due(session, now + 9 * MINUTE, 9) == [keys[0], keys[2]]
    assert service.claim(session, keys[1], now + 9 * MINUTE) is None
    assert service.claim(session, uuid.uuid4(), now) is None


def test_titles_are_the_offices_and_names_of_people_are_nowhere(
    begin: Open, session: Session
) -> None:
    sitting, teller = begin()
    sitting.go()
    teller.at(sitting.now + MINUTE)
    [text] = session.scalars(sa.select(XapiStatement.text)).all()
    course, _ = json.loads(text)["context"]["contextActivities"]["grouping"]
    assert course["definition"]["type"] == "http://adlnet.gov/expapi/activities/course"
    assert course["definition"]["name"]["und"]
    assert "name" not in json.loads(text)["actor"]
    assert "架空 花子" not in text


def test_the_next_attempt_on_a_course_is_told_of_by_itself(
    session: Session, settings: Settings, now: datetime
) -> None:
    version, person, assignment = made.version(session), None, uuid.uuid4()
    for _ in range(2):
        sitting = made.launched(session, version, now, person_id=person, assignment_id=assignment)
        person = sitting.attempt.person_id
        sitting.go()
        sitting.set((STATUS, "completed"), end=True)
        assert sitting.leave()
        teller = Teller(
            session, settings, sitting.attempt, read=counting.rows(session, XapiStatement)
        )
        assert teller.at(sitting.now + MINUTE) == [
            "initialized A",
            "completed A",
            "terminated A",
            "completed course",
        ]
    assert counting.rows(session, Attempt) == 2


@pytest.mark.parametrize("by_navigation", [True, False])
def test_a_silent_end_is_when_the_learner_turned(begin: Open, *, by_navigation: bool) -> None:
    sitting, teller = walked(begin)
    sitting.go()
    sitting.set(("cmi.location", "3"))
    turned = pass_time(sitting, 5)
    if by_navigation:
        sitting.go("continue")
    else:
        sitting.leave()
    teller.at(turned + MINUTE)
    ended = "terminated" if by_navigation else "suspended"
    assert teller.one(ended)["timestamp"].startswith(turned.strftime("%Y-%m-%dT%H:%M:%S"))

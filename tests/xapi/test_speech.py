"""Statements that the system makes itself: what all of them have in common."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.xapi.made import BUN, ID
from xapi import speech, statement
from xapi.speech import Speech
from xapi.statement import Version

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
VERB = "https://example.org/verbs/finished"
PROFILE = "https://example.org/profile"
COURSE = speech.activity("https://example.org/c", "https://example.org/t", "講座", moreInfo=VERB)


def begun() -> Speech:
    """Return a speech about an attempt of which two statements were made."""
    return Speech(uuid.UUID(ID), BUN, PROFILE, said=2)


def test_a_statement_says_who_did_what_when_and_in_whose_words() -> None:
    made = begun()
    made.say(VERB, COURSE, AT.astimezone(timezone(timedelta(hours=9))))
    [said] = made.statements
    assert statement.check(said, Version.OLD) == said
    assert said == {
        "id": said["id"],
        "actor": BUN,
        "verb": {"id": VERB, "display": {"en": "finished"}},
        "object": {
            "id": "https://example.org/c",
            "definition": {
                "name": {"und": "講座"},
                "type": "https://example.org/t",
                "moreInfo": VERB,
            },
        },
        "context": {
            "registration": ID,
            "contextActivities": {
                "category": [
                    {
                        "id": PROFILE,
                        "definition": {"type": "http://adlnet.gov/expapi/activities/profile"},
                    }
                ]
            },
        },
        "timestamp": "2026-11-23T04:00:00.000000Z",
    }


def test_result_context_and_extensions_are_there_where_they_are_given() -> None:
    made = begun()
    parent = {"parent": [{"id": "https://example.org/p"}]}
    made.say(
        VERB, COURSE, AT, result={"success": True}, around=parent, extensions={VERB: 1},
        is_of_profile=False,
    )  # fmt: skip
    made.say(VERB, COURSE, AT, result={}, is_of_profile=False)
    first, second = made.statements
    assert first["result"] == {"success": True}
    assert first["context"] == {
        "registration": ID,
        "contextActivities": parent,
        "extensions": {VERB: 1},
    }
    assert "result" not in second
    assert second["context"] == {"registration": ID}
    for each in made.statements:
        statement.check(each, Version.OLD)


def test_ids_are_the_same_for_the_same_and_others_for_all_else() -> None:
    first, again = begun(), begun()
    expected = first.next_id(VERB, COURSE["id"])
    for made in (first, again):
        made.say(VERB, COURSE, AT)
        made.say(VERB, COURSE, AT)
    ids = [each["id"] for each in first.statements]
    assert ids == [each["id"] for each in again.statements]
    assert ids[0] == expected
    assert len(set(ids)) == 2
    assert first.said == 4
    other = Speech(uuid.UUID(int=1), BUN, PROFILE, said=2)
    assert other.next_id(VERB, COURSE["id"]) != expected


def test_statements_stand_in_the_order_of_time_and_then_of_telling() -> None:
    made = begun()
    for minutes in (2, 1, 2):
        made.say(f"{VERB}{len(made.statements)}", COURSE, AT + timedelta(minutes=minutes))
    assert [each["verb"]["id"][-1] for each in made.in_order()] == ["1", "0", "2"]


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0, "PT0S"), (12, "PT12S"), (12.5, "PT12.5S"), (100, "PT100S"), (0.014, "PT0.01S")],
)
def test_a_period_is_written_to_the_hundredth(seconds: float, written: str) -> None:
    assert speech.period(seconds) == written


def test_what_has_no_title_has_no_name() -> None:
    assert speech.activity("a:b", "c:d") == {"id": "a:b", "definition": {"type": "c:d"}}

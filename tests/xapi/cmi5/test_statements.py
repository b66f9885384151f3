"""What we say ourselves of a course obeys xAPI and cmi5, and carries all that it must."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from tests.xapi.cmi5.made import (
    ACTIVITY,
    ACTOR,
    CMI5,
    IN_SESSION,
    JUDGING,
    MASTERY,
    REGISTRATION,
    SESSION,
    au,
    course,
    group,
    launched,
    read,
    unit,
    whole,
)
from xapi.cmi5 import statements
from xapi.cmi5.course import Block, Course, Mode, MoveOn
from xapi.statement import Version, check

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=timezone(timedelta(hours=9)))
CONTEXT = "https://w3id.org/xapi/cmi5/context/extensions"
REASON = "https://w3id.org/xapi/cmi5/result/extensions/reason"
UNIT = unit(
    "u1",
    MoveOn.PASSED,
    title={"ja": "単元", "en": "Unit"},
    description={"ja": "説明"},
    mastery_score=0.8,
    activity_type="http://adlnet.gov/expapi/activities/media",
    launch_parameters="Start=1",
)
LAUNCH_URL = "https://content.example.org/index.html"
MADE: dict[str, dict[str, Any]] = {
    "launched": statements.launched(launched(UNIT), NOW, launch_url=LAUNCH_URL),
    "abandoned": statements.abandoned(launched(UNIT), NOW, duration="PT5M"),
    "waived": statements.waived(launched(UNIT), NOW, reason="Administrative"),
}


def satisfied(of: Course | Block) -> dict[str, Any]:
    return statements.satisfied(
        of, ACTIVITY, NOW, registration=REGISTRATION, actor=ACTOR, session_id=SESSION
    )


BLOCK = group("b1", UNIT)
OF_NODES = {"block": satisfied(BLOCK), "course": satisfied(whole(UNIT))}
ALL = [*MADE.values(), *OF_NODES.values()]


@pytest.mark.parametrize("statement", ALL, ids=[*MADE, *OF_NODES])
def test_what_we_say_obeys_xapi_of_1_0_3_and_of_2_0(statement: dict[str, Any]) -> None:
    for version in Version:
        check(statement, version)


@pytest.mark.parametrize("statement", ALL, ids=[*MADE, *OF_NODES])
def test_what_we_say_is_of_one_learner_one_registration_and_one_session(
    statement: dict[str, Any],
) -> None:
    """9.2, 9.6.1, 9.6.3.1 and 9.7."""
    assert statement["actor"] == ACTOR
    assert statement["context"]["registration"] == REGISTRATION
    assert statement["context"]["extensions"][IN_SESSION] == SESSION
    assert statement["timestamp"] == "2026-11-23T04:00:00.000000Z"
    assert "id" not in statement


@pytest.mark.parametrize(
    ("statement", "publisher"),
    [
        *((each, UNIT.id) for each in MADE.values()),
        (OF_NODES["block"], "https://example.org/blocks/b1"),
        (OF_NODES["course"], "https://example.org/course"),
    ],
)
def test_what_we_say_is_of_our_own_activity_and_names_the_publishers(
    statement: dict[str, Any], publisher: str
) -> None:
    """9.4 and 9.6.2.3."""
    assert statement["object"]["id"] == ACTIVITY != publisher
    assert statement["context"]["contextActivities"]["grouping"] == [{"id": publisher}]


@pytest.mark.parametrize(
    ("statement", "verb", "iri", "categories"),
    [
        (MADE["launched"], "launched", "http://adlnet.gov/expapi/verbs/launched", [CMI5]),
        (MADE["abandoned"], "abandoned", "https://w3id.org/xapi/adl/verbs/abandoned", [CMI5]),
        (MADE["waived"], "waived", "https://w3id.org/xapi/adl/verbs/waived", [CMI5, JUDGING]),
        (OF_NODES["block"], "satisfied", "https://w3id.org/xapi/adl/verbs/satisfied", [CMI5]),
        (OF_NODES["course"], "satisfied", "https://w3id.org/xapi/adl/verbs/satisfied", [CMI5]),
    ],
)
def test_what_we_say_is_marked_as_defined_and_what_judges_as_judging(
    statement: dict[str, Any], verb: str, iri: str, categories: list[str]
) -> None:
    """9.3, 9.6.2.1 and 9.6.2.2."""
    assert statement["verb"] == {"id": iri, "display": {"en": verb}}
    found = [each["id"] for each in statement["context"]["contextActivities"]["category"]]
    assert found == categories
    result = statement.get("result", {})
    assert (JUDGING in categories) == bool(result.keys() & {"success", "completion"})


def test_a_unit_is_told_with_its_words_and_its_kind() -> None:
    for statement in MADE.values():
        assert statement["object"] == {
            "objectType": "Activity",
            "id": ACTIVITY,
            "definition": {
                "type": "http://adlnet.gov/expapi/activities/media",
                "name": {"ja": "単元", "en": "Unit"},
                "description": {"ja": "説明"},
            },
        }


def test_what_a_unit_does_not_say_is_not_told_of_it() -> None:
    bare = unit("u1", MoveOn.NOT_APPLICABLE, title={}, description={})
    statement = statements.launched(launched(bare, Mode.BROWSE), NOW, launch_url=LAUNCH_URL)
    check(statement, Version.OLD)
    assert statement["object"]["definition"] == {}
    assert statement["context"]["extensions"] == {
        IN_SESSION: SESSION,
        f"{CONTEXT}/launchmode": "Browse",
        f"{CONTEXT}/launchurl": LAUNCH_URL,
        f"{CONTEXT}/moveon": "NotApplicable",
    }


def test_a_launch_says_how_and_where_and_by_what_it_is_judged() -> None:
    """9.6.3.2 to 9.6.3.7."""
    assert "result" not in MADE["launched"]
    assert MADE["launched"]["context"]["extensions"] == {
        IN_SESSION: SESSION,
        f"{CONTEXT}/launchmode": "Normal",
        f"{CONTEXT}/launchurl": LAUNCH_URL,
        f"{CONTEXT}/moveon": "Passed",
        MASTERY: 0.8,
        f"{CONTEXT}/launchparameters": "Start=1",
    }


def test_a_mastery_score_of_nothing_is_one() -> None:
    session = launched(unit("u1", mastery_score=0.0))
    statement = statements.launched(session, NOW, launch_url=LAUNCH_URL)
    assert statement["context"]["extensions"][MASTERY] == 0


def test_an_abandoned_session_has_a_length_and_no_verdict() -> None:
    """9.5.4.2."""
    assert MADE["abandoned"]["result"] == {"duration": "PT5M"}
    assert MADE["abandoned"]["context"]["extensions"] == {IN_SESSION: SESSION}


def test_what_is_waived_is_a_success_and_complete_for_a_reason() -> None:
    """9.5.2, 9.5.3 and 9.5.5.2."""
    assert MADE["waived"]["result"] == {
        "success": True,
        "completion": True,
        "extensions": {REASON: "Administrative"},
    }


def test_what_is_satisfied_is_a_block_or_the_course_and_nothing_more_is_said_of_it() -> None:
    """9.3.9 and 9.4."""
    types = "https://w3id.org/xapi/cmi5/activitytype"
    for kind, name in (("block", "章 b1"), ("course", "講座")):
        definition = OF_NODES[kind]["object"]["definition"]
        assert definition == {"type": f"{types}/{kind}", "name": {"ja": name}}
        assert "result" not in OF_NODES[kind]
        assert OF_NODES[kind]["context"]["extensions"] == {IN_SESSION: SESSION}


@pytest.mark.parametrize("kind", ["media", "lesson", "教材", "a b:c"])
def test_a_kind_that_is_no_iri_does_not_make_what_we_say_invalid(kind: str) -> None:
    """The schema of courses has any text for `activityType`; xAPI has an IRI (Data 2.4.4.1)."""
    (made,) = read(course(au(activityType=kind))).units
    check(statements.launched(launched(made), NOW, launch_url=LAUNCH_URL), Version.OLD)


def test_what_is_said_shares_nothing_that_a_reader_could_change() -> None:
    statement = statements.launched(launched(UNIT), datetime.now(UTC), launch_url=LAUNCH_URL)
    statement["actor"]["name"] = "架空 あみ"
    statement["object"]["definition"]["name"]["fr"] = "Unité"
    assert "name" not in ACTOR
    assert UNIT.title == {"ja": "単元", "en": "Unit"}

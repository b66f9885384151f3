"""Each rule of what content may say, broken by the one thing in which a statement differs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.xapi.cmi5.made import (
    ACTIVITY,
    ACTOR,
    CMI5,
    IN_SESSION,
    JUDGING,
    LOOKED,
    MASTERY,
    PROGRESS,
    REGISTRATION,
    allowed,
    defined,
    held,
)
from xapi.cmi5.course import Mode
from xapi.cmi5.session import CLAUSES, Breach, judge
from xapi.cmi5.words import OF_CONTENT, Verb
from xapi.statement import VOIDED, Version, check

#: Stands in a table for a part that is not there.
GONE = object()
OTHER = "0190c7a1-cccc-7abc-8def-0123456789ab"
#: A test that is passed with 0.8, and is to be.
SCORED = {"score": {"scaled": 0.8, "raw": 80, "min": 0, "max": 100}}
JUDGED = {Verb.PASSED: 0.8, Verb.FAILED: 0.81}
Place = tuple[str | int, ...]

EXTENSIONS: Place = ("context", "extensions")
ACTIVITIES: Place = ("context", "contextActivities")
SCORE: Place = ("result", "score")


def said(verb: str) -> dict[str, Any]:
    """Return an allowed statement; one that judges has a score, and the score to reach."""
    if verb not in OF_CONTENT:
        return allowed(verb)
    if verb not in JUDGED:
        return defined(verb)
    statement = defined(verb, **SCORED)
    statement["context"]["extensions"][MASTERY] = JUDGED[verb]
    return statement


def before(verb: str, **parts: Any) -> Any:
    """Return what an allowed statement is held against."""
    begun = {} if verb != Verb.INITIALIZED else {"said": frozenset()}
    return held(**{"mastery_score": JUDGED.get(verb), **begun, **parts})


def changed(statement: dict[str, Any], place: Place, value: Any) -> dict[str, Any]:
    """Return a statement with this at a place, or with nothing there."""
    *path, last = place
    part: Any = statement
    for step in path:
        part = part.setdefault(step, {}) if isinstance(part, dict) else part[step]
    if value is GONE:
        del part[last]
    else:
        part[last] = value
    return statement


def broken(statement: dict[str, Any], against: Any) -> str:
    """Return the rule that a statement breaks, which obeys xAPI all the same."""
    check(statement, Version.OLD)
    with pytest.raises(Breach) as caught:
        judge(statement, against)
    assert (str(caught.value), caught.value.clause) == (
        caught.value.rule,
        CLAUSES[caught.value.rule],
    )
    return caught.value.rule


#: The rule, the verb, and what differs of an allowed statement: where, and what stands there.
OF_STATEMENTS: list[tuple[str, str, Place, Any]] = [
    ("statement_id", LOOKED, ("id",), GONE),
    ("statement_id", Verb.INITIALIZED, ("id",), GONE),
    ("timestamp", LOOKED, ("timestamp",), GONE),
    ("timestamp", Verb.TERMINATED, ("timestamp",), GONE),
    ("timestamp_utc", LOOKED, ("timestamp",), "2026-11-23T13:00:00+09:00"),
    ("timestamp_utc", Verb.PASSED, ("timestamp",), "2026-11-23T04:00:00"),
    ("actor", LOOKED, ("actor", "account", "name"), "0190c7a2"),
    ("actor", Verb.PASSED, ("actor", "account", "homePage"), "https://other.example.org"),
    ("actor", Verb.PASSED, ("actor",), {"mbox": "mailto:ami@example.org"}),
    ("actor", Verb.PASSED, ("actor", "objectType"), "Group"),
    ("actor", LOOKED, ("actor",), {"objectType": "Group", "member": [ACTOR]}),
    ("registration", LOOKED, ("context", "registration"), GONE),
    ("registration", Verb.COMPLETED, ("context", "registration"), OTHER),
    ("registration", LOOKED, ("context",), GONE),
    ("session_id", LOOKED, (*EXTENSIONS, IN_SESSION), GONE),
    ("session_id", LOOKED, EXTENSIONS, GONE),
    ("session_id", Verb.TERMINATED, (*EXTENSIONS, IN_SESSION), OTHER),
    ("session_id", Verb.TERMINATED, (*EXTENSIONS, IN_SESSION), None),
    ("publisher_id", LOOKED, (*ACTIVITIES, "grouping"), GONE),
    ("publisher_id", LOOKED, ACTIVITIES, GONE),
    ("publisher_id", Verb.PASSED, (*ACTIVITIES, "grouping"), []),
    ("publisher_id", Verb.PASSED, (*ACTIVITIES, "grouping", 0, "id"), ACTIVITY),
    ("verb", Verb.COMPLETED, ("verb", "id"), LOOKED),
    ("verb", Verb.COMPLETED, ("verb", "id"), "http://adlnet.gov/expapi/verbs/Completed"),
    *(
        ("verb", Verb.INITIALIZED, ("verb", "id"), each.value)
        for each in sorted(set(Verb) - OF_CONTENT)
    ),
    ("object", Verb.INITIALIZED, ("object", "id"), "https://example.org/units/u1"),
    ("object", Verb.PASSED, ("object",), {"objectType": "StatementRef", "id": OTHER}),
    ("object", Verb.PASSED, ("object",), {"objectType": "Agent", **ACTOR}),
    ("score", Verb.COMPLETED, SCORE, {"scaled": 1}),
    ("score", Verb.INITIALIZED, SCORE, {}),
    ("score", Verb.TERMINATED, SCORE, {"raw": 1, "min": 0, "max": 2}),
    ("score", Verb.FAILED, (*SCORE, "scaled"), -0.1),
    ("score_bounds", Verb.PASSED, (*SCORE, "min"), GONE),
    ("score_bounds", Verb.PASSED, (*SCORE, "max"), GONE),
    ("score_bounds", Verb.FAILED, SCORE, {"raw": 80}),
    ("score_passed", Verb.PASSED, (*SCORE, "scaled"), 0.7999),
    ("score_failed", Verb.FAILED, (*SCORE, "scaled"), 0.81),
    ("score_failed", Verb.FAILED, (*SCORE, "scaled"), 1),
    ("success", Verb.PASSED, ("result", "success"), False),
    ("success", Verb.PASSED, ("result", "success"), GONE),
    ("success", Verb.FAILED, ("result", "success"), True),
    ("success", Verb.COMPLETED, ("result", "success"), True),
    ("success", Verb.TERMINATED, ("result", "success"), False),
    ("completion", Verb.COMPLETED, ("result", "completion"), False),
    ("completion", Verb.COMPLETED, ("result", "completion"), GONE),
    ("completion", Verb.PASSED, ("result", "completion"), True),
    ("completion", Verb.INITIALIZED, ("result", "completion"), False),
    *(
        ("duration", each, ("result", "duration"), GONE)
        for each in sorted(OF_CONTENT - {Verb.INITIALIZED})
    ),
    *(
        ("progress", Verb.TERMINATED, ("result", "extensions", PROGRESS), each)
        for each in (-1, 101, 0.5, True, "50", None, [50])
    ),
    ("move_on", Verb.COMPLETED, (*ACTIVITIES, "category"), [{"id": CMI5}]),
    ("move_on", Verb.PASSED, (*ACTIVITIES, "category", 1, "id"), ACTIVITY),
    ("move_on", Verb.TERMINATED, (*ACTIVITIES, "category"), [{"id": CMI5}, {"id": JUDGING}]),
    ("move_on", LOOKED, (*ACTIVITIES, "category"), [{"id": JUDGING}]),
    ("move_on", LOOKED, (*ACTIVITIES, "category"), {"id": JUDGING}),
    ("mastery_score", Verb.PASSED, (*EXTENSIONS, MASTERY), GONE),
    ("mastery_score", Verb.FAILED, (*EXTENSIONS, MASTERY), 0.8),
    ("mastery_score", Verb.PASSED, (*EXTENSIONS, MASTERY), "0.8"),
]
#: The rule, the verb, and what differs of what an allowed statement is held against.
OF_SESSIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("preferences", Verb.INITIALIZED, {"is_prepared": False}),
    ("first", LOOKED, {"said": frozenset()}),
    *(("first", each, {"said": frozenset()}) for each in sorted(OF_CONTENT - {Verb.INITIALIZED})),
    ("last", LOOKED, {"said": frozenset({Verb.INITIALIZED, Verb.TERMINATED})}),
    ("last", Verb.COMPLETED, {"said": frozenset({Verb.INITIALIZED, Verb.TERMINATED})}),
    *(
        ("verb_twice", each, {"said": frozenset({Verb.INITIALIZED, each})})
        for each in sorted(OF_CONTENT - {Verb.TERMINATED})
    ),
    ("both_judgements", Verb.PASSED, {"said": frozenset({Verb.INITIALIZED, Verb.FAILED})}),
    ("both_judgements", Verb.FAILED, {"said": frozenset({Verb.INITIALIZED, Verb.PASSED})}),
    ("passed_before", Verb.PASSED, {"is_passed": True}),
    ("passed_before", Verb.FAILED, {"is_passed": True}),
    ("completed_before", Verb.COMPLETED, {"is_completed": True}),
    *(
        ("mode", verb, {"mode": mode})
        for verb in (Verb.COMPLETED, Verb.PASSED, Verb.FAILED)
        for mode in (Mode.BROWSE, Mode.REVIEW)
    ),
]


@pytest.mark.parametrize("verb", [LOOKED, *sorted(OF_CONTENT)])
def test_what_differs_in_nothing_is_allowed(verb: str) -> None:
    assert judge(check(said(verb), Version.OLD), before(verb)) == (verb if verb != LOOKED else None)


@pytest.mark.parametrize(("rule", "verb", "place", "value"), OF_STATEMENTS)
def test_a_statement_that_differs_in_one_thing_breaks_one_rule(
    rule: str, verb: str, place: Place, value: Any
) -> None:
    assert broken(changed(said(verb), place, value), before(verb)) == rule


@pytest.mark.parametrize(("rule", "verb", "parts"), OF_SESSIONS)
def test_a_session_that_differs_in_one_thing_refuses_the_same_statement(
    rule: str, verb: str, parts: dict[str, Any]
) -> None:
    assert broken(said(verb), before(verb, **parts)) == rule


@pytest.mark.parametrize("categories", [[], [CMI5]])
def test_no_statement_may_void_another(categories: list[str]) -> None:
    """6.3."""
    statement = allowed(VOIDED, *categories)
    assert judge(allowed(), held()) is None
    reference = {"objectType": "StatementRef", "id": OTHER}
    assert broken({**statement, "object": reference}, held()) == "voiding"


def test_every_rule_is_broken_by_some_statement() -> None:
    told = {row[0] for row in OF_STATEMENTS} | {row[0] for row in OF_SESSIONS} | {"voiding"}
    assert told == set(CLAUSES)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("timestamp",), "2026-11-23T04:00:00.123+00:00"),
        (("timestamp",), "2026-11-23 04:00:00z"),
        (("actor",), {"objectType": "Agent", "name": "架空 あみ", **ACTOR}),
        (("context", "registration"), REGISTRATION.upper()),
        ((*ACTIVITIES, "grouping"), {"id": "https://example.org/units/u1"}),
        ((*ACTIVITIES, "grouping", 0, "objectType"), "Activity"),
        ((*ACTIVITIES, "other"), [{"id": ACTIVITY}]),
        (("object", "objectType"), "Activity"),
        (("object", "definition"), {"name": {"ja": "単元"}}),
        (("verb", "display"), {"ja": "合格した"}),
        (("context", "platform"), "架空学習"),
        ((*EXTENSIONS, "https://example.org/ext"), [1]),
        (("result", "response"), "a"),
        (("result", "extensions"), {PROGRESS: 100}),
        (("result", "extensions"), {PROGRESS: 0, "https://example.org/ext": None}),
        (("result", "duration"), "P1W"),
        (SCORE, {}),
        (SCORE, GONE),
        (SCORE, {"scaled": 0.8}),
        (SCORE, {"min": 0, "max": 1}),
        (SCORE, {"raw": 0, "min": 0, "max": 1}),
    ],
)
def test_what_no_rule_forbids_is_allowed(place: Place, value: Any) -> None:
    statement = check(changed(said(Verb.PASSED), place, value), Version.OLD)
    assert judge(statement, before(Verb.PASSED)) == Verb.PASSED


@pytest.mark.parametrize("thing", [{"id": "x:1"}, {"objectType": "Agent", **ACTOR}])
def test_what_cmi5_does_not_define_may_be_of_anything(thing: dict[str, Any]) -> None:
    """7.1.3."""
    result = {"score": {"raw": 7}, "success": True, "completion": False}
    statement = {**allowed(Verb.PASSED), "object": thing, "result": result}
    assert judge(statement, held(is_passed=True, mode=Mode.REVIEW, mastery_score=0.9)) is None


def test_a_clause_is_told_as_the_specification_numbers_it() -> None:
    assert (Breach("actor").clause, Breach("mode").clause) == ("9.2", "10.2.2")
    assert [each for each in CLAUSES.values() if not re.fullmatch(r"[0-9]+(\.[0-9]+)+", each)] == []

"""Whatever content says that obeys xAPI: it counts as what it is, or breaks a rule that is told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.xapi.cmi5.made import (
    ACTIVITY,
    ACTOR,
    CMI5,
    IN_SESSION,
    JUDGING,
    LOOKED,
    MASTERY,
    PROGRESS,
    PUBLISHER,
    REGISTRATION,
    SESSION,
    allowed,
    defined,
    held,
    known,
)
from tests.xapi.made import fresh
from xapi.cmi5 import session, standing, tincan_session
from xapi.cmi5.course import Mode
from xapi.cmi5.session import CLAUSES, Breach, Held
from xapi.cmi5.words import OF_CONTENT, Verb
from xapi.errors import Invalid
from xapi.statement import VOIDED, Version, check

NUMBERS = st.integers(-2, 120) | st.floats(-1, 1) | st.sampled_from([0, 1, 0.8, 10**400])
TEXTS = st.sampled_from(
    ["Activity", "Agent", "Group", "StatementRef", "SubStatement", ACTIVITY, REGISTRATION, SESSION,
     LOOKED, VOIDED, CMI5, JUDGING, "PT1S", "2026-11-23", "2026-11-23T04:00:00Z", "題", ""]
)  # fmt: skip
WITHIN = {"actor": ACTOR, "verb": {"id": LOOKED}, "object": {"id": ACTIVITY}}
WHOLES = st.sampled_from(
    [ACTOR, {"objectType": "Group", "member": [ACTOR]}, {"id": ACTIVITY}, [{"id": PUBLISHER}],
     {"objectType": "StatementRef", "id": REGISTRATION}, {"objectType": "Agent", **ACTOR}, {}, [],
     {"objectType": "SubStatement", **WITHIN}]
)  # fmt: skip
VALUES = st.none() | st.booleans() | NUMBERS | TEXTS | st.sampled_from(list(Verb)).map(str) | WHOLES
#: Where something else may stand, or nothing; what is not there yet is made.
PLACES = st.sampled_from(
    [
        *((name,) for name in ("id", "timestamp", "actor", "object", "result", "context")),
        ("actor", "account", "name"),
        ("actor", "objectType"),
        ("verb", "id"),
        ("object", "id"),
        ("object", "objectType"),
        *(("result", name) for name in ("success", "completion", "duration", "score", "response")),
        *(("result", "score", name) for name in ("scaled", "raw", "min", "max")),
        ("result", "extensions"),
        ("result", "extensions", PROGRESS),
        *(("context", name) for name in ("registration", "extensions", "contextActivities")),
        *(("context", "extensions", name) for name in (IN_SESSION, MASTERY)),
        *(("context", "contextActivities", name) for name in ("grouping", "category", "other")),
    ]
)
CHANGES = st.lists(st.tuples(PLACES, VALUES, st.booleans()), max_size=3)
VERBS = st.sampled_from([*sorted(OF_CONTENT), Verb.WAIVED, LOOKED])
HELD = st.builds(
    held,
    mode=st.sampled_from(Mode),
    mastery_score=st.sampled_from([None, 0.0, 0.8, 1.0]),
    is_prepared=st.booleans(),
    said=st.just(frozenset({Verb.INITIALIZED}))
    | st.frozensets(st.sampled_from(sorted(OF_CONTENT)), max_size=2),
    is_completed=st.booleans(),
    is_passed=st.booleans(),
)


def changed(whole: dict[str, Any], place: tuple[str, ...], value: Any, *, is_gone: bool) -> None:
    """Put something at a place, or take away what is there."""
    *path, last = place
    part: Any = whole
    for step in path:
        part = part.setdefault(step, {}) if isinstance(part, dict) else {}
    if isinstance(part, dict):
        part[last] = fresh(value)
        if is_gone:
            del part[last]


def said(verb: str, changes: list[tuple[tuple[str, ...], Any, bool]]) -> dict[str, Any] | None:
    """Return a changed statement; None where it no longer obeys xAPI."""
    statement = defined(verb) if verb != LOOKED else allowed()
    for place, value, is_gone in changes:
        changed(statement, place, value, is_gone=is_gone)
    try:
        return check(statement, Version.OLD)
    except Invalid:
        return None


@pytest.mark.parametrize("rules", [session, tincan_session])
@settings(max_examples=300)
@given(VERBS, CHANGES, HELD)
def test_whatever_is_said_counts_or_breaks_a_rule(
    rules: Any, verb: str, changes: list[tuple[tuple[str, ...], Any, bool]], against: Held
) -> None:
    statement = said(verb, changes)
    if statement is None:
        return
    answer = judged(rules, statement, against)
    if isinstance(answer, Breach):
        assert answer.clause == CLAUSES[answer.rule]
    else:
        assert answer in {None, *OF_CONTENT}
        document = known()
        standing.take(document, "u1", answer, statement)
        told = standing.of(document, "u1")
        assert told["scaled"] is None or 0 <= told["scaled"] <= 1
        assert told["progress"] is None or 0 <= told["progress"] <= 100


def judged(rules: Any, statement: dict[str, Any], against: Held) -> Verb | Breach | None:
    """Return what a statement counts as, or the rule that it breaks; all else is raised."""
    try:
        found: Verb | None = rules.judge(statement, against)
    except Breach as broken:
        return broken
    return found

"""Content of the time before cmi5 says what it likes, of its own learner in its registration."""

from __future__ import annotations

from typing import Any

import pytest

from tests.xapi.cmi5.made import ACTOR, LOOKED, PUBLISHER, REGISTRATION, SESSION, allowed, held
from xapi.cmi5.session import Breach
from xapi.cmi5.tincan_session import judge
from xapi.cmi5.words import OF_CONTENT, Verb
from xapi.statement import VOIDED

COUNTED = {Verb.COMPLETED, Verb.PASSED, Verb.FAILED}


@pytest.mark.parametrize("verb", [*sorted(Verb), LOOKED, "http://example.org/passed"])
def test_completion_and_judgements_of_the_whole_are_counted(verb: str) -> None:
    answer = judge(allowed(verb), held(said=frozenset(), is_prepared=False))
    assert answer == (verb if verb in COUNTED else None)


@pytest.mark.parametrize("verb", sorted(OF_CONTENT))
@pytest.mark.parametrize(
    "thing",
    [
        {"id": "https://example.org/questions/1"},
        {"objectType": "Agent", **ACTOR},
        {"objectType": "StatementRef", "id": SESSION},
    ],
)
def test_what_is_said_of_something_else_counts_for_nothing(
    verb: str, thing: dict[str, Any]
) -> None:
    assert judge({**allowed(verb), "object": thing}, held()) is None


def test_no_order_no_session_and_no_category_is_asked_for() -> None:
    statement = allowed(Verb.PASSED)
    statement["context"] = {"registration": REGISTRATION.upper()}
    del statement["timestamp"], statement["id"]
    assert judge(statement, held(is_passed=True, is_completed=True)) == Verb.PASSED


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        ({"actor": {"mbox": "mailto:ami@example.org"}}, "actor"),
        ({"actor": {"objectType": "Group", **ACTOR}}, "actor"),
        ({"actor": {"objectType": "Group", "member": [ACTOR]}}, "actor"),
        ({"verb": {"id": VOIDED}}, "voiding"),
        ({"context": {}}, "registration"),
        ({"context": {"registration": SESSION}}, "registration"),
        ({"context": {"registration": PUBLISHER}}, "registration"),
    ],
)
def test_another_learner_another_registration_and_voiding_are_refused(
    parts: dict[str, Any], rule: str
) -> None:
    with pytest.raises(Breach) as caught:
        judge({**allowed(Verb.PASSED), **parts}, held())
    assert caught.value.rule == rule


def test_a_statement_without_a_context_is_of_no_registration() -> None:
    statement = allowed(Verb.PASSED)
    del statement["context"]
    with pytest.raises(Breach, match="registration"):
        judge(statement, held())

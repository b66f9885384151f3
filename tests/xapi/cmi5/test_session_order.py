"""What content says comes in an order: within a session, and over those of a registration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.xapi.cmi5.made import LOOKED, MASTERY, allowed, defined, held, launched, unit
from xapi.cmi5.course import Mode
from xapi.cmi5.session import Breach, judge
from xapi.cmi5.statements import context_template
from xapi.cmi5.words import CATEGORY, OF_CONTENT, Verb

BEGUN, DONE, PASSED, FAILED, OVER = (
    Verb.INITIALIZED,
    Verb.COMPLETED,
    Verb.PASSED,
    Verb.FAILED,
    Verb.TERMINATED,
)


def answer(statement: dict[str, Any], **parts: Any) -> str | None:
    """Return the verb that a statement counts as, None for none, or the rule that it breaks."""
    try:
        return judge(statement, held(**parts))
    except Breach as broken:
        return broken.rule


def heard(*sessions: Sequence[str], mode: str = Mode.NORMAL) -> list[str]:
    """Return the rules that are broken in the sessions of a registration, one after another."""
    broken = []
    known = {"is_completed": False, "is_passed": False}
    for session in sessions:
        said: frozenset[str] = frozenset()
        for verb in session:
            statement = defined(verb) if verb in OF_CONTENT else allowed(verb)
            found = answer(statement, said=said, mode=mode, **known)
            if found == verb:
                said |= {verb}
                known["is_completed"] |= verb == DONE
                known["is_passed"] |= verb == PASSED
            elif found is not None:
                broken.append(found)
    return broken


@pytest.mark.parametrize(
    "session",
    [
        [BEGUN],
        [BEGUN, OVER],
        [BEGUN, LOOKED, LOOKED, OVER],
        [BEGUN, DONE, PASSED, OVER],
        [BEGUN, PASSED, LOOKED, DONE, OVER],
        [BEGUN, FAILED, DONE, OVER],
        [BEGUN, DONE, FAILED, LOOKED, OVER],
    ],
)
def test_a_session_may_go_like_this(session: list[str]) -> None:
    assert heard(session) == []


@pytest.mark.parametrize(
    ("session", "broken"),
    [
        ([LOOKED], ["first"]),
        ([DONE, BEGUN, DONE], ["first"]),
        ([OVER], ["first"]),
        ([BEGUN, BEGUN], ["verb_twice"]),
        ([BEGUN, DONE, DONE], ["verb_twice"]),
        ([BEGUN, PASSED, PASSED], ["verb_twice"]),
        ([BEGUN, FAILED, FAILED], ["verb_twice"]),
        ([BEGUN, PASSED, FAILED], ["both_judgements"]),
        ([BEGUN, FAILED, PASSED], ["both_judgements"]),
        ([BEGUN, OVER, LOOKED], ["last"]),
        ([BEGUN, OVER, DONE, PASSED], ["last", "last"]),
    ],
)
def test_a_session_may_not_go_like_this(session: list[str], broken: list[str]) -> None:
    """9.3, within a session."""
    assert heard(session) == broken


@pytest.mark.parametrize(
    ("sessions", "broken"),
    [
        ([[BEGUN, DONE, OVER], [BEGUN, PASSED, OVER]], []),
        ([[BEGUN, PASSED, OVER], [BEGUN, DONE, OVER]], []),
        ([[BEGUN, FAILED, OVER], [BEGUN, FAILED, OVER], [BEGUN, PASSED, OVER]], []),
        ([[BEGUN, DONE, FAILED], [BEGUN, PASSED, OVER]], []),
        ([[BEGUN, DONE, OVER], [BEGUN, DONE, OVER]], ["completed_before"]),
        ([[BEGUN, PASSED, OVER], [BEGUN, PASSED, OVER]], ["passed_before"]),
        ([[BEGUN, PASSED, OVER], [BEGUN, FAILED, OVER]], ["passed_before"]),
        ([[BEGUN, DONE, PASSED], [BEGUN, FAILED], [BEGUN, DONE]],
         ["passed_before", "completed_before"]),
        ([[BEGUN, OVER], [LOOKED, BEGUN, LOOKED]], ["first"]),
    ],
)  # fmt: skip
def test_a_registration_remembers_what_was_completed_and_passed(
    sessions: list[list[str]], broken: list[str]
) -> None:
    """9.3, within a registration."""
    assert heard(*sessions) == broken


@pytest.mark.parametrize("mode", [Mode.BROWSE, Mode.REVIEW])
def test_who_only_looks_is_not_judged(mode: Mode) -> None:
    """10.2.2."""
    assert heard([BEGUN, LOOKED, OVER], mode=mode) == []
    assert heard([BEGUN, DONE, PASSED, FAILED, OVER], mode=mode) == ["mode"] * 3


def test_content_that_has_not_read_what_its_learner_likes_has_not_begun() -> None:
    """11.0."""
    nothing: frozenset[str] = frozenset()
    assert answer(defined(BEGUN), said=nothing, is_prepared=False) == "preferences"
    assert answer(defined(DONE), is_prepared=False) == DONE


@pytest.mark.parametrize(
    ("verb", "wanted", "said", "score", "expected"),
    [
        (PASSED, None, None, None, PASSED),
        (PASSED, None, None, {"scaled": 0}, PASSED),
        (PASSED, None, 0.8, {"scaled": 0.1}, PASSED),
        (FAILED, None, None, {"scaled": 1}, FAILED),
        (PASSED, 0.8, None, None, PASSED),
        (FAILED, 0.8, None, {"raw": 90, "min": 0, "max": 100}, FAILED),
        (PASSED, 0.8, 0.8, None, PASSED),
        (PASSED, 0.8, 0.7, None, "mastery_score"),
        (PASSED, 0.8, 0.8, {"scaled": 0.8}, PASSED),
        (PASSED, 0.8, 0.8, {"scaled": 0.7999}, "score_passed"),
        (PASSED, 0.8, None, {"scaled": 0.9}, "mastery_score"),
        (FAILED, 0.8, 0.8, {"scaled": 0.7999}, FAILED),
        (FAILED, 0.8, 0.8, {"scaled": 0.8}, "score_failed"),
        (PASSED, 0.0, 0, {"scaled": 0}, PASSED),
        (FAILED, 0.0, 0.0, {"scaled": 0}, "score_failed"),
        (PASSED, 1.0, 1, {"scaled": 1}, PASSED),
        (PASSED, 1.0, True, {"scaled": 1}, "mastery_score"),
    ],
)
def test_a_judgement_is_the_one_that_the_mastery_score_asks_for(
    verb: Verb, wanted: float | None, said: Any, score: dict[str, Any] | None, expected: str
) -> None:
    """9.3.4, 9.3.5, 9.5.1 and 9.6.3.2."""
    statement = defined(verb, **({} if score is None else {"score": score}))
    if said is not None:
        statement["context"]["extensions"][MASTERY] = said
    assert answer(statement, mastery_score=wanted) == expected


def test_what_is_made_of_our_own_template_is_allowed() -> None:
    """10.2.1: content adds to it, and takes nothing away."""
    ours = context_template(launched(unit()))
    statement = defined(BEGUN)
    statement["context"] = {
        "registration": statement["context"]["registration"],
        "extensions": ours["extensions"],
        "contextActivities": {**ours["contextActivities"], "category": [{"id": CATEGORY}]},
    }
    assert answer(statement, said=frozenset()) == BEGUN

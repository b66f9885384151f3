"""What content has said is noted of its unit, and what is satisfied by it, inner blocks first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.xapi.cmi5.made import LOOKED, PROGRESS, allowed, defined, group, known, unit, whole
from xapi.cmi5 import standing
from xapi.cmi5.course import Course, MoveOn
from xapi.cmi5.words import OF_CONTENT, Verb

COMPLETED, PASSED, FAILED = {"is_completed": True}, {"is_passed": True}, {"is_failed": True}
#: What was said of a unit, and which criteria it meets.
MET: list[tuple[Mapping[str, Any], set[MoveOn]]] = [
    ({}, {MoveOn.NOT_APPLICABLE}),
    (FAILED, {MoveOn.NOT_APPLICABLE}),
    ({"progress": 100, "scaled": 1.0, "is_begun": True}, {MoveOn.NOT_APPLICABLE}),
    (COMPLETED, {MoveOn.COMPLETED, MoveOn.EITHER, MoveOn.NOT_APPLICABLE}),
    (COMPLETED | FAILED, {MoveOn.COMPLETED, MoveOn.EITHER, MoveOn.NOT_APPLICABLE}),
    (PASSED, {MoveOn.PASSED, MoveOn.EITHER, MoveOn.NOT_APPLICABLE}),
    (COMPLETED | PASSED, set(MoveOn)),
]
NESTED = whole(
    group("b1", unit("u1", MoveOn.PASSED)),
    group(
        "b2",
        unit("u2"),
        group("b3", unit("u3", MoveOn.BOTH), unit("u4", MoveOn.NOT_APPLICABLE)),
        group("b4", group("b5", unit("u5", MoveOn.EITHER))),
    ),
    unit("u6"),
)


def taken(
    *said: tuple[str, Mapping[str, Any]], document: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return what is known of a unit of which verbs were said with these results."""
    document = document or known()
    for verb, result in said:
        statement = defined(verb, **result)
        standing.take(document, "u1", verb if verb in OF_CONTENT else None, statement)
    return standing.of(document, "u1")


# --- what is noted


def test_of_what_nobody_has_begun_nothing_is_known() -> None:
    document = standing.fresh()
    assert document == {"units": {}, "satisfied": []}
    assert standing.of(document, "u1") == {
        "is_begun": False, "is_completed": False, "is_passed": False, "is_failed": False,
        "waived": None, "scaled": None, "progress": None, "seconds": 0.0,
    }  # fmt: skip
    assert document["units"] == {}


def test_what_is_known_of_one_unit_is_nothing_of_another() -> None:
    document = standing.fresh()
    standing.noted(document, "u1")["is_begun"] = True
    standing.of(document, "u3")["is_begun"] = True
    assert standing.of(document, "u1")["is_begun"] is True
    assert standing.of(document, "u2") == standing.of(standing.fresh(), "u2")
    assert standing.noted(document, "u1") is document["units"]["u1"]
    assert json.loads(json.dumps(document)) == document


@pytest.mark.parametrize(
    ("verb", "noted"),
    [
        (Verb.INITIALIZED, {}),
        (Verb.COMPLETED, {"is_completed": True}),
        (Verb.PASSED, {"is_passed": True}),
        (Verb.FAILED, {"is_failed": True}),
        (Verb.TERMINATED, {}),
        (LOOKED, {}),
    ],
)
def test_a_verb_is_noted_as_what_it_says(verb: str, noted: dict[str, Any]) -> None:
    assert taken((verb, {})) == standing.of(standing.fresh(), "u1") | noted


def test_what_cmi5_does_not_define_judges_nothing() -> None:
    """7.1.3: `session.judge` has no verb for a statement without the category."""
    document = known()
    result = {"score": {"scaled": 1}, "success": True, "completion": True}
    statement = {**allowed(Verb.PASSED), "result": result}
    standing.take(document, "u1", None, statement)
    assert standing.of(document, "u1") == standing.of(standing.fresh(), "u1")


def test_of_two_judgements_the_last_one_stands() -> None:
    first = taken((Verb.PASSED, {"score": {"scaled": 0.9}}), (Verb.FAILED, {"score": {"raw": 3}}))
    assert (first["is_passed"], first["is_failed"], first["scaled"]) == (False, True, 0.03)
    then = taken((Verb.FAILED, {"score": {"scaled": 0.2}}), (Verb.PASSED, {}))
    assert (then["is_passed"], then["is_failed"], then["scaled"]) == (True, False, 0.2)


@pytest.mark.parametrize(
    ("score", "scaled"),
    [
        ({}, None),
        ({"scaled": 0.85}, 0.85),
        ({"scaled": 0}, 0),
        ({"scaled": 1, "raw": 1, "min": 0, "max": 100}, 1),
        ({"scaled": -0.5}, 0),
        ({"raw": 40, "min": 0, "max": 50}, 0.8),
        ({"raw": 15, "min": 10, "max": 20}, 0.5),
        ({"raw": -5, "min": -10, "max": 10}, 0.25),
        ({"raw": 80}, 0.8),
        ({"raw": 120}, 1),
        ({"raw": 5, "max": 10}, 0.5),
        ({"raw": 60, "min": 20}, 0.5),
        ({"min": 0, "max": 10}, None),
    ],
)
@pytest.mark.parametrize("verb", [Verb.PASSED, Verb.FAILED])
def test_a_score_is_brought_between_0_and_1(
    verb: Verb, score: dict[str, float], scaled: float | None
) -> None:
    assert taken((verb, {"score": score}))["scaled"] == scaled


@pytest.mark.parametrize(
    ("said", "progress"),
    [(0, 0), (40, 40), (100, 100), (-1, None), (101, None), ("40", None), (None, None),
     (40.5, None), (True, None), ([40], None)],
)  # fmt: skip
def test_progress_is_a_whole_share_of_a_hundred(said: Any, progress: int | None) -> None:
    """9.5.5.1."""
    found = taken((LOOKED, {"extensions": {PROGRESS: said}}))["progress"]
    assert (found, type(found)) == (progress, type(progress))


def test_progress_stays_what_it_was_where_a_statement_says_none() -> None:
    found = taken((Verb.INITIALIZED, {"extensions": {PROGRESS: 40}}), (Verb.TERMINATED, {}))
    assert found["progress"] == 40
    back = taken((LOOKED, {"extensions": {PROGRESS: 90}}), (LOOKED, {"extensions": {PROGRESS: 10}}))
    assert back["progress"] == 10


# --- what is satisfied


@pytest.mark.parametrize("move_on", list(MoveOn))
@pytest.mark.parametrize(("said", "met"), MET)
def test_a_unit_is_satisfied_by_what_it_asks_for(
    move_on: MoveOn, said: Mapping[str, Any], met: set[MoveOn]
) -> None:
    """13.1.4, moveOn."""
    document = known(u1=said)
    assert standing.is_satisfied(unit("u1", move_on), document) is (move_on in met)
    assert standing.is_satisfied(unit("u1", move_on.value), document) is (move_on in met)


@pytest.mark.parametrize("move_on", list(MoveOn))
@pytest.mark.parametrize("said", [said for said, _ in MET])
def test_what_was_waived_is_satisfied_whatever_was_said(
    move_on: MoveOn, said: Mapping[str, Any]
) -> None:
    """9.3.9."""
    document = known(u1={**said, "waived": "Administrative"})
    assert standing.is_satisfied(unit("u1", move_on), document)


def satisfied(document: dict[str, Any], course: Course = NESTED) -> list[str]:
    """Return the ids of what has become satisfied, without what leads to them."""
    nodes = standing.newly_satisfied(course, document)
    return [node.id.rpartition("/")[2] for node in nodes]


def test_blocks_are_satisfied_from_the_inside_and_the_course_last() -> None:
    document = known()
    assert satisfied(document) == []
    steps = [
        ("u1", Verb.COMPLETED, []),
        ("u1", Verb.PASSED, ["b1"]),
        ("u3", Verb.PASSED, []),
        ("u3", Verb.COMPLETED, ["b3"]),
        ("u2", Verb.COMPLETED, []),
        ("u6", Verb.FAILED, []),
        ("u6", Verb.COMPLETED, []),
        ("u5", Verb.PASSED, ["b5", "b4", "b2", "course"]),
        ("u5", Verb.COMPLETED, []),
    ]
    for key, verb, expected in steps:
        standing.take(document, key, verb, defined(verb))
        assert satisfied(document) == expected
    assert document["satisfied"] == ["b1", "b3", "b5", "b4", "b2", "course"]
    assert document["satisfied"][-1] == standing.WHOLE


def test_what_nothing_is_asked_of_is_satisfied_from_the_start() -> None:
    """9.6.1."""
    free = whole(
        group("b1", unit("u1", MoveOn.NOT_APPLICABLE)),
        group("b2", unit("u2", MoveOn.PASSED), unit("u3", MoveOn.NOT_APPLICABLE)),
    )
    document = standing.fresh()
    assert satisfied(document, free) == ["b1"]
    assert satisfied(document, free) == []
    standing.noted(document, "u2")["waived"] = "Tested Out"
    assert satisfied(document, free) == ["b2", "course"]


def test_what_holds_no_unit_is_never_satisfied() -> None:
    assert satisfied(standing.fresh(), whole()) == []
    assert satisfied(standing.fresh(), whole(group("b1"), group("b2", group("b3")))) == []
    beside = whole(group("b1"), unit("u1", MoveOn.NOT_APPLICABLE))
    assert satisfied(standing.fresh(), beside) == ["course"]


def test_what_was_satisfied_stays_so_when_a_later_judgement_fails() -> None:
    course = whole(group("b1", unit("u1", MoveOn.PASSED)))
    document = known(u1=PASSED)
    assert satisfied(document, course) == ["b1", "course"]
    standing.take(document, "u1", Verb.FAILED, defined(Verb.FAILED))
    assert satisfied(document, course) == []
    assert document["satisfied"] == ["b1", standing.WHOLE]


STEPS = st.tuples(
    st.sampled_from(["u1", "u2", "u3", "u5", "u6"]),
    st.sampled_from([Verb.COMPLETED, Verb.PASSED, Verb.FAILED]) | st.none(),
)


@given(st.lists(STEPS, max_size=20))
def test_in_any_order_each_is_satisfied_once_and_after_what_is_in_it(
    steps: list[tuple[str, Verb | None]],
) -> None:
    document = known()
    for key, verb in steps:
        if verb is None:
            standing.noted(document, key)["waived"] = "Administrative"
        else:
            standing.take(document, key, verb, defined(verb))
        satisfied(document)
        document = json.loads(json.dumps(document))
    order = document["satisfied"]
    assert len(set(order)) == len(order)
    for block in NESTED.blocks:
        inner = [each.key for each in NESTED.blocks if each in block.children]
        told = [order.index(key) < order.index(block.key) for key in inner if block.key in order]
        assert all(told)
    assert (standing.WHOLE in order) == (len(order) == len(NESTED.blocks) + 1)

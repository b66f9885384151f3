"""The tree of activities: what is one, where it stands, what its manifest says of it."""

import pytest

from scorm.edition import Edition
from scorm.sequencing.definition import Sequencing
from scorm.sequencing.tree import common_ancestor
from scorm.structure import CompletionThreshold
from tests.scorm.sequencing.made import SECOND, THIRD, item, objective, rules, tree


def test_activities_are_listed_clusters_before_what_they_hold() -> None:
    found = tree("a", item("m", "b", item("n", "c")), "d")
    assert [one.identifier for one in found.activities] == ["root", "a", "m", "b", "n", "c", "d"]
    assert [one.order for one in found.activities] == [0, 1, 2, 3, 4, 5, 6]
    assert found.by_identifier["c"].depth == 3
    assert [one.identifier for one in found.by_identifier["c"].path()] == ["root", "m", "n", "c"]


def test_what_can_never_be_delivered_is_no_activity() -> None:
    heading = item("h", href=None)
    found = tree("a", heading, item("m", heading), item("n", heading, "b"))
    assert [*found.by_identifier] == ["root", "a", "n", "b"]


def test_an_activity_that_says_nothing_has_the_defaults_of_the_book() -> None:
    found = tree("a").by_identifier["a"]
    assert found.definition == Sequencing()
    assert (found.primary.identifier, found.completed_by_measure) == ("", False)
    assert (found.minimum_progress, found.progress_weight) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("minimum", "weight", "expected"),
    [("0.5", "0.25", (0.5, 0.25)), ("", "many", (1.0, 1.0)), ("-1", "2", (1.0, 1.0))],
)
def test_a_threshold_outside_its_bounds_is_the_default(
    minimum: str, weight: str, expected: tuple[float, float]
) -> None:
    threshold = CompletionThreshold(by_measure=True, minimum=minimum, weight=weight)
    found = tree(item("a", threshold=threshold)).by_identifier["a"]
    assert (found.minimum_progress, found.progress_weight) == expected
    assert found.completed_by_measure


@pytest.mark.parametrize("edition", [SECOND, THIRD])
def test_earlier_editions_know_no_completion_by_measure(edition: Edition) -> None:
    threshold = CompletionThreshold(by_measure=True)
    found = tree(item("a", threshold=threshold), edition=edition).by_identifier["a"]
    assert not found.completed_by_measure


def test_rules_before_a_delivery_are_found_by_their_action() -> None:
    pre = (*rules("skip", "always"), *rules("disabled", "always"), *rules("skip", "never"))
    found = tree(item("a", pre=pre)).by_identifier["a"]
    assert found.rules("skip") == [pre[0], pre[2]]
    assert found.rules("hiddenFromChoice") == []
    assert found.can_be_disabled


def test_objectives_are_found_by_their_names_and_the_primary_by_none() -> None:
    found = tree(item("a", primary=objective("p"), objectives=(objective("o"),))).by_identifier["a"]
    assert found.objective(None) is found.primary
    assert found.objective("p") is found.primary
    assert found.objective("x") is None
    other = found.objective("o")
    assert other is not None
    assert other.identifier == "o"


def test_who_reads_a_shared_objective_is_known() -> None:
    writing = item("a", primary=objective("p", writes={"h": "satisfied"}))
    found = tree(writing, item("b", objectives=(objective("o", reads={"g": "raw"}),)))
    a, b = found.by_identifier["a"], found.by_identifier["b"]
    assert found.readers == {"g": [b]}
    assert found.targets == ["g", "h"]
    assert (a.has_writes, a.reads_shared) == (True, False)
    assert (b.has_writes, b.reads_shared) == (False, True)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a", "a", "m"),
        ("a", "b", "m"),
        ("a", "c", "root"),
        ("a", "m", "m"),
        ("m", "a", "m"),
        ("m", "c", "root"),
        ("n", "n", "n"),
        ("root", "c", "root"),
    ],
)
def test_the_closest_cluster_that_holds_two_activities(one: str, other: str, expected: str) -> None:
    found = tree(item("m", "a", "b"), item("n", "c")).by_identifier
    assert common_ancestor(found[one], found[other]) is found[expected]


def test_a_course_of_one_activity_holds_itself() -> None:
    root = tree().root
    assert root.is_leaf
    assert common_ancestor(root, root) is root


def test_an_activity_is_within_itself_and_all_above() -> None:
    found = tree(item("m", "a"), "b").by_identifier
    assert [found["a"].is_within(found[name]) for name in ("a", "m", "root", "b")] == [
        True,
        True,
        True,
        False,
    ]
    assert not found["m"].is_within(found["a"])

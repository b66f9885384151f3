"""A paper draws the same for the same seed, and its marks add up to a score."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_packages.questions import paper
from content_packages.questions.item import Kind, Option, Question
from content_packages.questions.paper import Paper, Rules, Section

QUESTIONS = tuple(
    Question(
        str(number), Kind.SINGLE, f"問{number}", points=number,
        options=(Option("a", "はい", is_right=True), Option("b", "いいえ")),
    )
    for number in range(1, 6)
)  # fmt: skip
ESSAY = Question("e", Kind.ESSAY, "述べなさい", points=5)


def _paper(count: int | None = None, *, is_shuffled: bool = False) -> Paper:
    own = Section("s1", "知識", "読みなさい", QUESTIONS, count, bank_id="bank")
    return Paper(Rules(is_shuffled=is_shuffled), (own, Section("s2", questions=(ESSAY,))))


def test_a_document_says_it_all() -> None:
    made = _paper(3)
    assert Paper.of(made.document()) == made
    assert Paper.of({}) == Paper()


@pytest.mark.requirement("QST-01")
@given(st.text(max_size=20), st.integers(0, 7), st.booleans())
def test_a_seed_draws_the_same_questions_again(seed: str, count: int, is_shuffled: bool) -> None:
    made = _paper(count, is_shuffled=is_shuffled)
    names = paper.drawn(made, seed)
    assert names == paper.drawn(made, seed)
    assert len(set(names)) == len(names) == min(count, 5) + 1
    assert set(names) <= set(made.questions)
    if not is_shuffled:
        assert names == sorted(names)
    found = paper.asked(made, names, seed)
    assert [each.id for part in found for each in part.questions] == names


def test_all_are_asked_where_nothing_is_drawn() -> None:
    made = _paper()
    assert paper.drawn(made, "x") == ["1", "2", "3", "4", "5", "e"]
    orders = {tuple(paper.drawn(_paper(is_shuffled=True), str(seed))) for seed in range(9)}
    assert len(orders) > 1


def test_a_score_waits_until_all_is_marked() -> None:
    made = _paper()
    names = paper.drawn(made, "x")
    given_points = paper.marks(made, names, {"1": "a", "5": "a", "4": "b", "e": "こう考える"})
    assert given_points == {"1": 1, "2": 0, "3": 0, "4": 0, "5": 5, "e": None}
    assert paper.score(made, names, given_points) is None
    assert paper.score(made, names, given_points | {"e": 4}) == 50
    assert paper.score(made, [], {}) is None


def test_a_pass_mark_is_reached_to_the_point() -> None:
    rules = Rules(pass_mark=60)
    assert paper.is_passed(rules, 60)
    assert paper.is_passed(rules, 100 * (0.1 + 0.2 + 0.3))
    assert not paper.is_passed(rules, 59.99)
    assert paper.is_passed(Rules(pass_mark=0), 0)

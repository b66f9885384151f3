"""Lists: what an address asks of one, and what was chosen in it."""

from __future__ import annotations

import uuid

import flask
import pytest
import sqlalchemy as sa

from app.kernel import lists
from app.kernel.errors import Conflict, Refused
from app.kernel.language import lazy
from app.kernel.lists import Column, Listing, Sort
from app.kernel.web import lists as asking

name, score = sa.column("name"), sa.column("score")
LIST = Listing(
    (
        Column("name", lazy("氏名"), (name,), may_hide=False),
        Column("score", lazy("得点"), (score,)),
        Column("state", lazy("状態"), is_shown=False),
    ),
    filters=("q", "section"),
    order=(name,),
)
REQUESTS = flask.Flask("requests")
ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def keys(*pairs: tuple[str, str]) -> list[str]:
    return [column.key for column in LIST.asked(pairs).columns]


def order(*pairs: tuple[str, str]) -> str:
    return str(LIST.asked(pairs).ordered(sa.select(name).order_by(score))).partition("ORDER BY ")[2]


def test_columns_are_those_that_were_chosen_in_the_order_of_the_list() -> None:
    assert keys() == ["name", "score"]
    assert keys(("columns", "state"), ("columns", "name")) == ["name", "state"]
    # What names a row stays, and what the list does not know is no choice.
    assert keys(("columns", "name")) == ["name"]
    assert keys(("columns", "gone")) == ["name", "score"]


def test_rows_are_ordered_by_several_columns_and_the_lists_own_order_within() -> None:
    assert order() == "name"
    asked = order(("sort", "-score"), ("sort", "name"))
    assert asked == "score DESC NULLS LAST, name ASC NULLS LAST, name"
    assert order(("sort", "state"), ("sort", "gone"), ("sort", "--name")) == "name"


@pytest.mark.parametrize(
    ("present", "pressed", "then"),
    [
        ((), "a", ("a",)),
        (("a",), "a", ("-a",)),
        (("-a",), "a", ("a",)),
        (("a", "b"), "b", ("b", "a")),
        (("a", "-b", "c"), "d", ("d", "a", "-b")),
    ],
)
def test_a_head_that_is_pressed_comes_first_and_again_turns_round(
    present: tuple[str, ...], pressed: str, then: tuple[str, ...]
) -> None:
    assert tuple(each.written for each in lists.turned(lists.sorts(present), pressed)) == then


def test_a_list_carries_on_what_was_asked_of_it_and_nothing_else() -> None:
    pairs = [("q", "山"), ("section", ""), ("page", "3"), ("sort", "-score"), ("columns", "score")]
    view = LIST.asked(pairs)
    assert view.narrowing == (("q", "山"),)
    assert view.arrangement == (("columns", "name"), ("columns", "score"), ("sort", "-score"))
    assert LIST.asked([*view.narrowing, *view.arrangement]).arrangement == view.arrangement
    assert view.sorts == (Sort("score", is_descending=True),)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", None),
        ("q=x", None),
        (f"chosen=rows&row={ONE}&row={ONE}&row=zzz&q=x", ("rows", str(ONE))),
        (f"chosen=rows&chosen=all&row={ONE}&q=x", ("all",)),
    ],
)
def test_a_choice_is_the_rows_or_all_that_is_found(
    query: str, found: tuple[str, ...] | None
) -> None:
    with REQUESTS.test_request_context(f"/?{query}"):
        choice = asking.choice(asking.asked(LIST))
        if found is None:
            assert choice is None
        else:
            assert choice is not None
            assert choice.pairs[0] == ("q", "x")
            assert tuple(value for _, value in choice.pairs[1:]) == found


@pytest.mark.parametrize("query", ["chosen=rows", "chosen=rows&row=zzz", "chosen=x"])
def test_to_choose_nothing_is_refused(query: str) -> None:
    with REQUESTS.test_request_context(f"/?{query}"), pytest.raises(Refused, match="nothing"):
        asking.choice(asking.asked(LIST))


def test_more_rows_than_a_page_has_are_no_choice() -> None:
    rows = "&".join(f"row={uuid.UUID(int=count)}" for count in range(asking.MOST_ROWS + 1))
    with (
        REQUESTS.test_request_context(f"/?chosen=rows&{rows}"),
        pytest.raises(Refused, match="bad_request"),
    ):
        asking.choice(asking.asked(LIST))


def test_what_is_confirmed_is_these_keys_and_no_others() -> None:
    said = lists.mark([ONE, OTHER], [])
    lists.check(said, [OTHER, ONE], [])
    for changed in (([ONE], []), ([ONE], [OTHER]), ([ONE, OTHER, uuid.UUID(int=3)], [])):
        with pytest.raises(Conflict, match="choice_changed"):
            lists.check(said, *changed)
    with pytest.raises(Conflict):
        lists.check("", [], [])

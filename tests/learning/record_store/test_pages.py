"""A list in pages: nothing is lost and nothing comes twice, while others add to it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.learning.record_store.conftest import STATEMENTS, Speaker
from tests.xapi.made import AMI, BUN, COURSE, ID, VERB, statement


def pages(store: Speaker, **asked: object) -> Iterator[list[str]]:
    """Yield the ids of each page to the end, as its address leads on."""
    answer = store.get(**asked)
    while True:
        assert answer.status_code == 200, answer.text
        told = answer.get_json()
        yield [each["id"] for each in told["statements"]]
        if not told["more"]:
            return
        assert told["more"].startswith(f"{STATEMENTS}?")
        answer = store.ask("GET", told["more"])


@pytest.mark.requirement("TRK-02")
def test_the_newest_come_first_and_what_is_added_meanwhile_does_not_move_them(
    store: Speaker,
) -> None:
    there = store.tell(*(statement() for _ in range(11)))
    found = []
    for page in pages(store, limit="4"):
        found.append(page)
        store.tell(statement(), statement(), statement())
    assert [len(page) for page in found] == [4, 4, 3]
    assert list(itertools.chain(*found)) == there[::-1]


def test_the_oldest_come_first_and_what_is_added_meanwhile_comes_last(store: Speaker) -> None:
    there = store.tell(*(statement() for _ in range(10)))
    found: list[str] = []
    for number, page in enumerate(pages(store, limit="4", ascending="true")):
        found += page
        if number < 3:
            there += store.tell(statement(), statement())
    assert found == there
    assert len(found) == 16


def test_a_page_leads_on_to_what_was_asked_for_and_nothing_else(store: Speaker) -> None:
    mine = [
        store.tell(statement(context={"registration": ID}), statement(actor=BUN))[0]
        for _ in range(5)
    ]
    asked = {
        "agent": AMI,
        "verb": VERB["id"],
        "activity": COURSE["id"],
        "registration": ID,
        "related_agents": "true",
        "related_activities": "true",
        "since": "2001-01-01T00:00:00+09:00",
        "until": "2999-01-01",
        "limit": "2",
        "format": "ids",
    }
    assert list(itertools.chain(*pages(store, **asked))) == mine[::-1]
    said = parse_qs(urlsplit(store.get(**asked).get_json()["more"]).query)
    assert said.keys() == {*asked, "past"}
    assert said["since"] == [asked["since"]]


def test_the_last_page_that_is_full_leads_nowhere(store: Speaker) -> None:
    store.tell(*(statement() for _ in range(4)))
    assert [len(page) for page in pages(store, limit="2")] == [2, 2]
    assert [len(page) for page in pages(store, limit="4")] == [4]


def test_a_page_is_of_a_hundred_and_never_of_more_than_five_hundred(store: Speaker) -> None:
    store.tell(*(statement() for _ in range(501)))
    for asked, most in (({}, 100), ({"limit": "0"}, 100), ({"limit": "999999999"}, 500)):
        answer = store.get(**asked).get_json()
        assert len(answer["statements"]) == most
        assert answer["more"]

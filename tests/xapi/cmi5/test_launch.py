"""A unit is launched by an address with our parameters, and finds there what it is to know."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.xapi.cmi5.made import (
    ACTIVITY,
    ACTOR,
    IN_SESSION,
    REGISTRATION,
    SESSION,
    launched,
    unit,
)
from xapi.cmi5 import statements
from xapi.cmi5.addresses import LAUNCH_NAMES
from xapi.cmi5.course import Mode, MoveOn
from xapi.cmi5.statements import Session, launch_data, with_parameters

ENDPOINT = "https://content.example.org/xapi/"
FETCH = "https://content.example.org/xapi/fetch?key=a_b-c&d=1"
#: Paths, queries and fragments as authors write them, none of it escaped anew.
PATHS = st.text("a日 +&=%2;/.", max_size=8).map(lambda path: f"https://a.example/{path}")
QUERIES = st.none() | st.text("ab日 +&=%2;?/", max_size=12)
FRAGMENTS = st.none() | st.text("a日?&=#/", max_size=8)
NAMES = st.text("abcXYZ_", min_size=1, max_size=6)


def address(own: str, *, query: str | None = None, fragment: str | None = None) -> str:
    return (
        own + ("" if query is None else f"?{query}") + ("" if fragment is None else f"#{fragment}")
    )


def launch(own: str) -> str:
    return statements.launch_address(own, launched(), endpoint=ENDPOINT, fetch=FETCH)


def said(address: str) -> list[tuple[str, str]]:
    """Return the parameters of an address as content reads them."""
    return parse_qsl(urlsplit(address).query, keep_blank_values=True, strict_parsing=True)


def test_a_launch_has_five_parameters_that_are_read_as_they_were_given() -> None:
    """8.1."""
    read = said(launch("index.html"))
    assert [name for name, _ in read] == list(LAUNCH_NAMES)
    told = dict(read)
    assert (told["endpoint"], told["fetch"]) == (ENDPOINT, FETCH)
    assert (told["registration"], told["activityId"]) == (REGISTRATION, ACTIVITY)
    assert json.loads(told["actor"]) == ACTOR


def test_a_launch_of_tin_can_has_the_names_of_its_time() -> None:
    made = statements.tin_can_address(
        "index.html?a=1#b", launched(), endpoint=ENDPOINT, auth="Basic YTpi+/="
    )
    (name, value), *read = said(made)
    assert (name, value, urlsplit(made).fragment) == ("a", "1", "b")
    told = dict(read)
    assert json.loads(told.pop("actor")) == ACTOR
    assert told == {
        "endpoint": ENDPOINT,
        "auth": "Basic YTpi+/=",
        "activity_id": ACTIVITY,
        "registration": REGISTRATION,
    }


@pytest.mark.parametrize("name", ["0190c7a1", "架空 あみ", 'a"&=+#%?/\\', "\u2028\x7f𠮷"])
def test_any_learner_can_be_told(name: str) -> None:
    actor = {"objectType": "Agent", "account": {"homePage": "https://x.example", "name": name}}
    session = Session(SESSION, REGISTRATION, actor, unit(), ACTIVITY, Mode.NORMAL)
    for made in (
        statements.launch_address("a", session, endpoint=ENDPOINT, fetch=FETCH),
        statements.tin_can_address("a", session, endpoint=ENDPOINT, auth=""),
    ):
        assert made.isascii()
        compact = json.dumps(actor, ensure_ascii=False, separators=(",", ":"))
        assert dict(said(made))["actor"] == compact


@pytest.mark.parametrize(
    ("own", "made"),
    [
        ("index.html", "index.html?x=%20"),
        ("index.html#top", "index.html?x=%20#top"),
        ("index.html?", "index.html?&x=%20"),
        ("index.html?a=1", "index.html?a=1&x=%20"),
        ("index.html?a=1&", "index.html?a=1&x=%20"),
        ("index.html?a=日本&b=c d%20e+f", "index.html?a=日本&b=c d%20e+f&x=%20"),
        ("index.html?pages=1&complete=launch#?p", "index.html?pages=1&complete=launch&x=%20#?p"),
        ("index.html#/page?a=1", "index.html?x=%20#/page?a=1"),
        ("a/?b?c#d#e", "a/?b?c&x=%20#d#e"),
        ("https://a.example", "https://a.example?x=%20"),
        ("", "?x=%20"),
    ],
)
def test_an_address_keeps_its_own_query_unescaped_and_its_fragment(own: str, made: str) -> None:
    assert with_parameters(own, {"x": " "}) == made


@example("https://a.example/Q&", None, None, {"x": ""})
@given(PATHS, QUERIES, FRAGMENTS, st.dictionaries(NAMES, st.text(max_size=8), min_size=1))
def test_parameters_are_read_back_as_they_were_given_behind_the_own_ones(
    path: str, query: str | None, fragment: str | None, parameters: dict[str, str]
) -> None:
    made = with_parameters(address(path, query=query, fragment=fragment), parameters)
    parts = urlsplit(made)
    assert parts.fragment == (fragment or "")
    assert made.partition("?")[0] == path
    assert parts.query.startswith((query or "").rstrip("&"))
    before = parse_qsl(query or "", keep_blank_values=True)
    read = parse_qsl(parts.query, keep_blank_values=True)
    assert read == [*before, *parameters.items()]


# --- what content is launched with


def test_launch_data_says_what_content_must_know() -> None:
    """10.2."""
    assert launch_data(launched(), return_url="https://a.example/returned/") == {
        "contextTemplate": {
            "contextActivities": {"grouping": [{"id": "https://example.org/units/u1"}]},
            "extensions": {IN_SESSION: SESSION},
        },
        "launchMode": "Normal",
        "moveOn": "Completed",
        "returnURL": "https://a.example/returned/",
    }


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"launch_parameters": "Start=1,Quiz=1"}, {"launchParameters": "Start=1,Quiz=1"}),
        ({"mastery_score": 0.85}, {"masteryScore": 0.85}),
        ({"mastery_score": 0.0}, {"masteryScore": 0.0}),
        ({"mastery_score": 1.0}, {"masteryScore": 1.0}),
        ({"entitlement_key": "xyz-123"}, {"entitlementKey": {"courseStructure": "xyz-123"}}),
    ],
)
def test_what_the_author_has_said_is_passed_on(
    parts: dict[str, object], told: dict[str, object]
) -> None:
    """10.2.3, 10.2.4 and 10.2.7."""
    bare = launch_data(launched(), return_url="x:y")
    found = launch_data(launched(unit("u1", **parts)), return_url="x:y")
    assert found == {**bare, **told}
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("move_on", list(MoveOn))
def test_mode_and_criterion_are_told_as_words(mode: Mode, move_on: MoveOn) -> None:
    """10.2.2 and 10.2.5."""
    found = json.loads(
        json.dumps(launch_data(launched(unit("u1", move_on), mode), return_url="x:y"))
    )
    assert (found["launchMode"], found["moveOn"]) == (mode.value, move_on.value)

"""What is asked of the Statement resource: each parameter, and those that do not go together."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.xapi.made import AMI, BUN, ID, OTHER_ID, TEAM, VERB, refused, tried
from xapi import query, values
from xapi.actors import identity
from xapi.errors import Invalid
from xapi.query import Query

AGENT = ("agent", json.dumps(AMI))


def test_who_asks_nothing_asks_for_all() -> None:
    assert query.parse([]) == Query()


@pytest.mark.parametrize(
    ("name", "said", "asked"),
    [
        ("statementId", ID.upper(), {"statement_id": ID}),
        ("voidedStatementId", ID.upper(), {"voided_id": ID}),
        ("verb", VERB["id"], {"terms": frozenset({("verb", VERB["id"])})}),
        ("activity", "x:y", {"terms": frozenset({("activity", "x:y")})}),
        ("agent", json.dumps(AMI), {"terms": frozenset({("agent", identity(AMI))})}),
        ("registration", ID.upper(), {"terms": frozenset({("registration", ID)})}),
        ("since", "2026-11-23T13:00:00+09:00", {"since": datetime(2026, 11, 23, 4, tzinfo=UTC)}),
        ("until", "2026-11-23T04:00:00Z", {"until": datetime(2026, 11, 23, 4, tzinfo=UTC)}),
        ("limit", "0", {}),
        ("limit", "25", {"limit": 25}),
        ("ascending", "true", {"is_ascending": True}),
        ("ascending", "false", {}),
        ("format", "ids", {"format": "ids"}),
        ("format", "canonical", {"format": "canonical"}),
        ("attachments", "true", {"has_attachments": True}),
        ("related_agents", "true", {}),
    ],
)
def test_each_parameter_asks_for_its_own(name: str, said: str, asked: dict[str, Any]) -> None:
    assert query.parse([(name, said)]) == Query(**asked, said={name: said})


@pytest.mark.parametrize("agent", [AMI, BUN, {"objectType": "Group", **BUN, "member": [AMI]}])
def test_an_agent_is_asked_for_narrowly_or_broadly(agent: dict[str, Any]) -> None:
    said = ("agent", json.dumps(agent))
    assert query.parse([said]).terms == {("agent", identity(agent))}
    broadly = query.parse([said, ("related_agents", "true")])
    assert broadly.terms == {("any_agent", identity(agent))}


def test_an_activity_is_asked_for_narrowly_or_broadly() -> None:
    said = ("activity", "https://example.org/講座")
    broadly = query.parse([said, ("related_activities", "true")])
    assert broadly.terms == {("any_activity", said[1])}
    narrowly = query.parse([said, ("related_activities", "false"), ("related_agents", "true")])
    assert narrowly.terms == {("activity", said[1])}


def test_all_that_is_asked_for_is_asked_for_together() -> None:
    found = query.parse([AGENT, ("verb", "x:v"), ("activity", "x:a"), ("registration", ID)])
    assert {kind for kind, _ in found.terms} == {"agent", "verb", "activity", "registration"}


@pytest.mark.parametrize(
    ("name", "said", "rule", "place"),
    [
        ("statementid", ID, "unknown", ()),
        ("Agent", json.dumps(AMI), "unknown", ()),
        ("more", "1", "unknown", ()),
        ("statementId", "1", "uuid", ()),
        ("voidedStatementId", "", "uuid", ()),
        ("verb", "finished", "iri", ()),
        ("verb", "", "iri", ()),
        ("activity", "course", "iri", ()),
        ("registration", ID[1:], "uuid", ()),
        ("since", "yesterday", "timestamp", ()),
        ("until", "2026-11-23T04:00:00-00:00", "timestamp_zone", ()),
        ("limit", "-1", "integer", ()),
        ("limit", "1.5", "integer", ()),
        ("limit", "", "integer", ()),
        ("limit", "３", "integer", ()),
        ("format", "full", "one_of", ()),
        ("format", "IDs", "one_of", ()),
        ("ascending", "True", "boolean", ()),
        ("ascending", "1", "boolean", ()),
        ("attachments", "yes", "boolean", ()),
        ("related_agents", "", "boolean", ()),
        ("related_activities", "null", "boolean", ()),
        ("agent", "ami", "json", ()),
        ("agent", "", "json", ()),
        ("agent", "[]", "object", ()),
        ("agent", "{}", "identifier", ()),
        ("agent", json.dumps({**AMI, **BUN}), "identifier", ()),
        ("agent", json.dumps(TEAM), "identifier", ()),
        ("agent", '{"mbox": "ami"}', "mailto", ("mbox",)),
        ("agent", '{"mbox": null}', "null", ("mbox",)),
        ("agent", '{"mbox": "x", "mbox": "x"}', "same_name", ()),
    ],
)  # fmt: skip
def test_a_parameter_of_another_kind_is_refused(
    name: str, said: str, rule: str, place: tuple[str, ...]
) -> None:
    assert refused(query.parse, [(name, said)]) == (rule, (name, *place))


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        AGENT, ("verb", "x:v"), ("activity", "x:a"), ("registration", ID), ("limit", "1"),
        ("related_agents", "false"), ("related_activities", "true"), ("ascending", "true"),
        ("since", "2026-11-23T04:00:00Z"), ("until", "2026-11-23T04:00:00Z"),
    ],
)  # fmt: skip
def test_beside_the_id_of_one_statement_nothing_else_is_asked(beside: str, said: str) -> None:
    for name in ("statementId", "voidedStatementId"):
        assert refused(query.parse, [(name, ID), (beside, said)]) == ("beside_id", (beside,))


@pytest.mark.parametrize("name", ["statementId", "voidedStatementId"])
def test_one_statement_may_be_asked_for_in_a_format_and_with_its_attachments(name: str) -> None:
    asked = query.parse([(name, ID), ("format", "ids"), ("attachments", "true")])
    assert (asked.format, asked.has_attachments) == ("ids", True)


def test_a_statement_is_asked_for_as_voided_or_not() -> None:
    both = [("statementId", ID), ("voidedStatementId", OTHER_ID)]
    assert refused(query.parse, both) == ("beside_id", ("voidedStatementId",))


def test_a_parameter_comes_once() -> None:
    twice = [("verb", "x:v"), ("verb", "x:v")]
    assert refused(query.parse, twice) == ("same_name", ("verb",))


def test_names_that_others_read_are_let_through_and_not_kept() -> None:
    asked = query.parse([("page", "3"), ("limit", "2")], {"page"})
    assert asked == Query(limit=2, said={"limit": "2"})


def test_a_parameter_may_be_one_that_there_must_be() -> None:
    assert query.required({"stateId": "a"}, "stateId", values.text) == "a"
    assert refused(query.required, {}, "stateId", values.text) == ("missing", ("stateId",))
    assert refused(query.required, {"a": "b"}, "a", values.iri) == ("iri", ("a",))


def test_a_parameter_that_there_is_not_is_none() -> None:
    assert query.who({}) is None
    assert query.time({}, "since") is None
    assert query.checked({}, "registration", values.uuid) is None
    assert query.who({"whom": json.dumps(AMI)}, "whom") == AMI


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["agent", "verb", "since", "limit", "format", "statementId", "ascending"]
            ),
            st.text(max_size=8) | st.sampled_from([ID, "x:y", "ids", "true", "5", json.dumps(AMI)]),
        ),
        max_size=3,
    )
)
def test_any_query_is_understood_or_refused(pairs: list[tuple[str, str]]) -> None:
    found = tried(query.parse, pairs)
    assert found.place if isinstance(found, Invalid) else found.said == dict(pairs)

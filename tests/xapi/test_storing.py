"""What is kept of a statement: the letters that came, and what the store itself must say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.xapi.made import (
    ATTACHMENT,
    BUN,
    CHI,
    CHOICES,
    COURSE,
    ID,
    OTHER_ID,
    REFERENCE,
    SHA2,
    VOIDING,
    came,
    full,
    statement,
    within,
)
from xapi import reading, storing, terms
from xapi.statement import Version
from xapi.storing import Prepared, Received

NOW = datetime(2026, 11, 24, 1, 2, 3, 456_000, tzinfo=UTC)
STORED = "2026-11-24T01:02:03.456000Z"
NEW_ID = "0190c7a1-0000-7000-8000-000000000000"


def _kept(value: dict[str, Any], version: Version = Version.OLD) -> Prepared:
    return storing.prepare(came(value), NEW_ID, Received(version, CHI))


def _back(value: dict[str, Any], version: Version = Version.OLD) -> dict[str, Any]:
    return dict(json.loads(_kept(value, version).told(NOW)))


@pytest.mark.parametrize(("version", "said"), [(Version.OLD, "1.0.0"), (Version.NEW, "2.0.0")])
def test_the_store_says_what_a_statement_does_not(version: Version, said: str) -> None:
    assert _back(statement(), version) == statement(
        id=NEW_ID, stored=STORED, timestamp=STORED, authority=CHI, version=said
    )


@pytest.mark.parametrize("version", list(Version))
def test_the_store_keeps_what_a_statement_says_of_itself(version: Version) -> None:
    value = full(version) | {"version": "1.0.2", "timestamp": "2026-11-23T04:00:00.5Z"}
    back = _back(value, version)
    assert {name: back[name] for name in ("id", "timestamp", "version")} == {
        name: value[name] for name in ("id", "timestamp", "version")
    }
    assert (back["stored"], back["authority"]) == (STORED, CHI)


def test_every_letter_that_came_is_kept() -> None:
    body = (
        '{"verb":{ "id":"https:\\/\\/example.org\\/v" },\n"actor" : {"name":"\\u67b6空",'
        ' "mbox":"mailto:ami@example.org"}, "object":{"id":"x:y"},'
        ' "result":{"score":{"raw":1.50e0}}, "context":{"platform":"A"}}'
    )
    found, _ = reading.read(body.encode())
    text = storing.prepare(found[0], NEW_ID, Received(Version.OLD, CHI)).told(NOW)
    for name, part in found[0].parts.items():
        assert f'"{name}":{part}' in text
    assert json.loads(text).items() >= json.loads(body).items()


def test_an_id_is_found_in_small_letters_and_kept_as_it_came() -> None:
    kept = _kept(statement(id=ID.upper()))
    assert kept.id == ID
    assert json.loads(kept.told(NOW))["id"] == ID.upper()
    assert _kept(statement()).id == NEW_ID


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("2026-11-23T13:00:00.5+09:00", "2026-11-23T04:00:00.500000Z"),
        ("2026-11-23T13:00:00+0000", "2026-11-23T13:00:00.000000Z"),
        ("2026-11-23T13:00:00", "2026-11-23T13:00:00.000000Z"),
        ("2026-11-23T13:00:00Z", "2026-11-23T13:00:00Z"),
        ("2026-11-23T13:00:00+00:00", "2026-11-23T13:00:00+00:00"),
    ],
)
def test_a_time_is_told_in_utc_by_2_0_and_as_it_came_by_1_0(said: str, told: str) -> None:
    assert _back(statement(timestamp=said), Version.NEW)["timestamp"] == told
    assert _back(within(timestamp=said), Version.NEW)["object"]["timestamp"] == told
    assert _back(statement(timestamp=said))["timestamp"] == said
    assert _back(within(timestamp=said))["object"]["timestamp"] == said


@pytest.mark.parametrize("name", ["parent", "grouping", "category", "other"])
def test_a_single_activity_around_becomes_a_list(name: str) -> None:
    around = {"contextActivities": {name: COURSE}}
    gathered = {"contextActivities": {name: [COURSE]}}
    assert _back(statement(context=around))["context"] == gathered
    assert _back(within(context=around))["object"]["context"] == gathered
    assert _back(statement(context=gathered))["context"] == gathered
    assert _back(within())["object"] == within()["object"]


def test_a_statement_tells_what_it_is_about_and_what_it_voids() -> None:
    voiding = _kept(statement(verb=VOIDING, object=REFERENCE))
    assert (voiding.target, voiding.is_voiding) == (OTHER_ID, True)
    other = _kept(statement())
    assert (other.target, other.is_voiding) == (None, False)


def test_a_statement_is_found_by_who_stored_it_not_by_who_it_says_did() -> None:
    value = statement(authority=BUN)
    assert _kept(value).terms == terms.of({**value, "authority": CHI})


def test_definitions_are_kept_by_their_activities() -> None:
    named = {"id": "x:parent", "definition": {"name": {"ja": "親"}}}
    empty = {"id": "x:empty", "definition": {}}
    value = statement(
        object={**COURSE, "definition": CHOICES},
        context={"contextActivities": {"parent": named, "other": [empty, {"id": "x:none"}]}},
    )
    assert _kept(value).definitions == {COURSE["id"]: CHOICES, "x:parent": named["definition"]}
    assert _kept(within(object=named)).definitions == {"x:parent": named["definition"]}


def test_attachments_are_told_by_their_hashes() -> None:
    other = {**ATTACHMENT, "sha2": "CD" * 32, "fileUrl": "https://example.org/f"}
    both = ((SHA2, False), ("cd" * 32, True))
    assert _kept(statement(attachments=[ATTACHMENT, other])).attachments == both
    assert _kept(within(attachments=[ATTACHMENT, other])).attachments == both
    assert _kept(statement()).attachments == ()
    assert terms.attachments(within(attachments=[ATTACHMENT, other])) == [SHA2, "cd" * 32]

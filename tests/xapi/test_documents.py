"""Documents: merged one level deep, and not overwritten unseen."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.xapi.made import refused
from xapi import documents

OLD = b'{"a": 1}'
TAG = f'"{hashlib.sha1(OLD, usedforsecurity=False).hexdigest()}"'


def test_the_tag_of_a_document_is_its_sha1_in_quotes() -> None:
    assert documents.etag(OLD) == TAG
    assert len(TAG) == 42
    assert documents.etag(b"") != TAG


@pytest.mark.parametrize(
    ("content_type", "is_json"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        (" application/json ", True),
        ("application/json+x", False),
        ("text/json", False),
        ("", False),
    ],
)
def test_a_document_says_that_it_is_json(content_type: str, is_json: bool) -> None:
    assert documents.is_json(content_type) is is_json


@pytest.mark.parametrize(
    ("known", "said", "merged"),
    [
        ({}, {}, {}),
        ({"a": 1}, {}, {"a": 1}),
        ({"a": 1, "b": 2}, {"b": 3, "c": 4}, {"a": 1, "b": 3, "c": 4}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"x": 3}}, {"a": {"x": 3}}),
        ({"a": 1}, {"a": None}, {"a": None}),
        ({"あ": "い"}, {"う": ["え"]}, {"あ": "い", "う": ["え"]}),
    ],
)
def test_a_document_is_merged_one_level_deep(
    known: dict[str, object], said: dict[str, object], merged: dict[str, object]
) -> None:
    found = documents.merged(json.dumps(known).encode(), json.dumps(said).encode())
    assert json.loads(found) == merged


@pytest.mark.parametrize(
    ("known", "said", "rule"),
    [
        (b"[]", b"{}", "merge"),
        (b"{}", b"[1]", "merge"),
        (b"{}", b'"a"', "merge"),
        (b"null", b"null", "merge"),
        (b"{}", b"{", "json"),
        (b"picture", b"{}", "json"),
        (b"{}", b"\xff", "utf_8"),
        (b"{}", b'{"a": 1, "a": 2}', "same_name"),
        (b"{}", b'{"a": "\\ud800"}', "utf_8"),
        (b"{}", b'{"a": 1e999}', "number"),
    ],
)
def test_what_is_no_object_is_not_merged(known: bytes, said: bytes, rule: str) -> None:
    assert refused(documents.merged, known, said)[0] == rule


@pytest.mark.parametrize(
    ("known", "if_match", "if_none_match", "may"),
    [
        (None, None, None, True),
        (OLD, None, None, True),
        (OLD, TAG, None, True),
        (OLD, TAG.strip('"'), None, True),
        (OLD, f"W/{TAG}", None, True),
        (OLD, f'"x", {TAG}', None, True),
        (OLD, "*", None, True),
        (OLD, '"x"', None, False),
        (OLD, "", None, False),
        (None, TAG, None, False),
        (None, "*", None, False),
        (OLD, None, "*", False),
        (OLD, None, TAG, False),
        (OLD, None, f'"x",{TAG}', False),
        (OLD, None, '"x"', True),
        (None, None, "*", True),
        (None, None, TAG, True),
        (OLD, TAG, "*", False),
        (OLD, TAG, '"x"', True),
    ],
)
def test_a_document_is_written_where_the_conditions_hold(
    known: bytes | None, if_match: str | None, if_none_match: str | None, may: bool
) -> None:
    assert documents.may_write(known, if_match, if_none_match) is may

"""Each rule has a code, a clause of the specification, and something that breaks it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.xapi.made import (
    AMI,
    CHI,
    CHOICES,
    COURSE,
    ID,
    REFERENCE,
    SHA2,
    TEAM,
    VOIDING,
    full,
    put,
    refused,
    statement,
)
from tests.xapi.test_multipart import HEAD, attached, body, made
from tests.xapi.test_signature import CERTIFICATE, KIND, jws
from xapi import documents, multipart, query, reading, signature, values
from xapi.rules import CLAUSES
from xapi.statement import Version, check

ROOT = Path(__file__).parents[2]


def _at(place: str, value: Any) -> Callable[[], object]:
    return partial(check, put(full(Version.NEW), place, value), Version.NEW)


def _opened(*parts: str) -> Callable[[], object]:
    return partial(multipart.opened, "multipart/mixed; boundary=b", body(*parts))


def _matched(wanted: list[tuple[str, bool]], *, is_mixed: bool) -> Callable[[], object]:
    return partial(multipart.match, wanted, [], is_mixed=is_mixed)


def _signed(jws: bytes, kind: str = KIND) -> Callable[[], object]:
    return partial(signature.examine, statement(), kind, jws, Version.OLD, lambda *given: not given)


#: Something that breaks each rule of the library.
BREAKING: dict[str, Callable[[], object]] = {
    "json": partial(reading.read, b"{"),
    "json_depth": partial(reading.read, b"[" * 300 + b"]" * 300),
    "utf_8": partial(reading.read, b"\xff"),
    "same_name": partial(reading.read, b'{"a": 1, "a": 1}'),
    "missing": partial(check, {"actor": AMI, "verb": {"id": "x:y"}}, Version.OLD),
    "unknown": _at("title", "x"),
    "null": _at("actor", None),
    "object": _at("actor", "ami"),
    "list": _at("attachments", {}),
    "string": _at("actor/name", 1),
    "boolean": _at("result/success", "true"),
    "number": _at("result/score/raw", "1"),
    "integer": _at("attachments/0/length", -1),
    "one_of": _at("object/objectType", "Course"),
    "range": _at("result/score/scaled", 2),
    "too_few": _at("context/contextAgents/0/relevantTypes", []),
    "iri": _at("verb/id", "finished"),
    "uuid": _at("id", "1"),
    "mailto": _at("actor/mbox", "ami"),
    "sha1": _at("actor", {"mbox_sha1sum": "ab"}),
    "sha2": _at("attachments/0/sha2", "ab"),
    "media_type": _at("attachments/0/contentType", "text"),
    "language": _at("context/language", "ja_JP"),
    "duration": _at("result/duration", "1h"),
    "timestamp": _at("timestamp", "now"),
    "timestamp_zone": _at("timestamp", "2026-11-23T00:00:00-00:00"),
    "identifier": _at("actor", {**AMI, **CHI}),
    "members": _at("context/team", {"objectType": "Group"}),
    "authority": _at("authority", {**TEAM, "member": [AMI]}),
    "same_id": _at("object/definition/choices", [{"id": "a"}, {"id": "a"}]),
    "interaction_list": _at("object", {**COURSE, "definition": {**CHOICES, "scale": []}}),
    "of_activities": _at("object", REFERENCE),
    "voids": _at("verb", VOIDING),
    "version": _at("version", "x"),
    "boundary": partial(multipart.opened, "multipart/mixed", b""),
    "part": _opened("nonsense\r\n\r\n"),
    "first_part": _opened(attached()),
    "binary": _opened(HEAD, attached(Content_Transfer_Encoding="base64")),
    "hash": _opened(HEAD, attached(X_Experience_API_Hash=None)),
    "hash_differs": _opened(HEAD, attached(X_Experience_API_Hash=SHA2)),
    "not_named": partial(multipart.match, [], [made(b"")], is_mixed=True),
    "not_brought": _matched([(SHA2, False)], is_mixed=True),
    "not_mixed": _matched([(SHA2, False)], is_mixed=False),
    "signature_type": _signed(jws(statement()), "text/plain"),
    "signature_form": _signed(CERTIFICATE),
    "signature_algorithm": _signed(jws(statement(), {"alg": "none"})),
    "signature_differs": _signed(jws(statement(actor=CHI))),
    "signature_false": _signed(jws(statement())),
    "beside_id": partial(query.parse, [("statementId", ID), ("limit", "1")]),
    "merge": partial(documents.merged, b"[]", b"{}"),
}


def _codes(path: Path) -> Iterator[str]:
    """Return the codes of rules that a source raises."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        said: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            said = {"Invalid": node.args[:1], "_matching": node.args[1:]}.get(node.func.id, [])
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith(".rule"):
            said = [node.value]
        for each in (inner for one in said for inner in ast.walk(one)):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                yield each.value


def _raised(folder: str) -> set[str]:
    return {
        code
        for path in (ROOT / folder).rglob("*.py")
        if folder == "xapi" or "from xapi.errors import Invalid" in path.read_text("utf-8")
        for code in _codes(path)
    }


def test_every_rule_that_is_raised_has_its_clause_and_none_is_raised_nowhere() -> None:
    assert _raised("xapi") | _raised("app") == set(CLAUSES)


def test_every_rule_of_the_library_is_broken_here() -> None:
    assert set(BREAKING) == _raised("xapi")


@pytest.mark.parametrize("rule", BREAKING)
def test_what_breaks_a_rule_is_refused_by_it(rule: str) -> None:
    assert refused(BREAKING[rule])[0] == rule


def test_a_clause_is_one_of_the_data_or_of_the_communication() -> None:
    wrong = [said for said in CLAUSES.values() if not re.fullmatch(r"[DC] \d\.\d+(\.\d+)*", said)]
    assert wrong == []


def test_a_value_of_each_kind_breaks_the_rule_that_is_named_after_it() -> None:
    for rule in ("iri", "uuid", "mailto", "sha1", "sha2", "media_type", "language", "duration"):
        assert refused(getattr(values, rule), "?") == (rule, ())

"""Structures nobody could think of: each is read or refused by a code, told of, and kept."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorm.findings import MOST, Finding
from scorm.xml import XmlError
from tests.xapi.cmi5.made import (
    ACTIVITY,
    ACTOR,
    NAMES,
    REGISTRATION,
    SPACE,
    URL,
    attributes,
    au,
    block,
    course,
    launched,
    texts,
)
from xapi.cmi5 import statements, structure, tincan
from xapi.cmi5.course import Course, MoveOn, from_document, to_document
from xapi.cmi5.report import SEVERITIES, NotACourse
from xapi.statement import Version, check

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CODES = {"not_a_course", "xml_encoding", "xml_doctype", "xml_malformed", "xml_too_complex"}
RANKS = ["error", "warning", "notice"]
CHANCES = st.randoms(use_true_random=True)
TEXTS = ["title", "title", "description"]
#: What usually stands in what; anything else may stand there, too.
BELOW = {
    "courseStructure": ["course", "objectives", "au", "au", "block", "block"],
    "course": TEXTS,
    "block": [*TEXTS, "objectives", "au", "au", "block"],
    "au": [*TEXTS, "url", "url", "objectives", "launchParameters", "entitlementKey"],
    "objectives": ["objective", "objective"],
    "objective": TEXTS,
    "title": ["langstring", "langstring"],
    "description": ["langstring"],
    "tincan": ["activities", "activities"],
    "activities": ["activity", "activity"],
    "activity": ["name", "name", "description", "launch", "launch"],
}
NAMED = sorted({name for names in BELOW.values() for name in names} | {"x", "x:au", "x:title"})
USUAL = {
    "course": ["id"],
    "block": ["id"],
    "au": ["id", "moveOn", "masteryScore", "launchMethod", "activityType"],
    "objective": ["id", "idref"],
    "langstring": ["lang"],
    "activity": ["id", "type"],
    "name": ["lang"],
    "launch": ["lang"],
}
OTHERS = ["x:id", "xml:lang", "xml:id", "ID", "moveon", "x:moveOn", "é"]
IDS = ["x:1", "x:1", "x:2", "https://example.org/日本", "1", "a b", "", " x:3 ", "x:%"]
VALUES = [
    "題", "", " \n ", "𠮷", "&<>\"'", "true", "0", "0.85", "1", "1e5", "nan", "-1", "٣", "x" * 300,
    "course", "lesson", "http://adlnet.gov/expapi/activities/media",
]  # fmt: skip
POOLS = {
    "id": IDS,
    "idref": IDS,
    "moveOn": [*MoveOn, "passed", ""],
    "masteryScore": ["0.5", "1", "0", "2", "0.123456", "1e400", "x"],
    "launchMethod": ["OwnWindow", "AnyWindow", "Window"],
    "lang": ["ja", "en-US", "", "日本", "en_US", "x-any", "JA"],
    "url": [*NAMES, "INDEX.HTML", "a\\b", "//h/x", "http://[::1", "javascript:x", "C:\\x", "?", "#",
            "index.html?actor=1&&=&fetch", "%", "%ZZ", "%95%5C", "https://h/a?b#c", "x" * 3000],
}  # fmt: skip
POOLS["launch"] = POOLS["url"]


def value(chance: Random, name: str) -> str:
    """One time in ten what belongs to another place."""
    return chance.choice(VALUES if chance.random() < 0.1 else POOLS.get(name, VALUES))


def element(chance: Random, name: str, depth: int) -> str:
    """An element: mostly what the schema allows at its place, now and then what it does not."""
    said = [each for each in USUAL.get(name, []) if chance.random() < 0.8]
    said += chance.sample(OTHERS, 1) if chance.random() < 0.1 else []
    start = name + attributes({each: value(chance, each) for each in said})
    usual = BELOW.get(name, [])
    if depth == 0 or not usual:
        text = value(chance, name).replace("&", "&amp;").replace("<", "&lt;")
        return f"<{start}>{text}</{name}>"
    below = chance.choices(usual, k=chance.randint(0, 5))
    below += [chance.choice(NAMED)] if chance.random() < 0.1 else []
    return f"<{start}>{''.join(element(chance, each, depth - 1) for each in below)}</{name}>"


def document(chance: Random, root: str) -> bytes:
    """A document with the parts of a course, some of them twice or missing."""
    space = f' xmlns="{SPACE}" xmlns:x="https://example.org/x"'
    parts = [*BELOW[root], *chance.choices(BELOW[root], k=chance.choice([0, 1, 2]))]
    inner = "".join(
        element(chance, each, chance.randint(2, 6)) for each in parts if chance.random() < 0.8
    )
    declared = chance.choice(["UTF-8", "UTF-16", "Shift_JIS", "no-such", ""])
    ahead = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    written = f"{ahead}<{root}{space}>{inner}</{root}>"
    encoding = chance.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp932"])
    return written.encode(encoding, "xmlcharrefreplace")


def damaged(chance: Random, root: str) -> bytes:
    """A document with some bytes changed, taken out or doubled."""
    data = bytearray(document(chance, root))
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data))
        end = at + chance.randint(0, 20)
        data[at:end] = chance.choice([b"", data[at:end] * 2, b"<", b"\0", b"\xff"])
    return bytes(data)


def is_told_and_kept(made: Course, findings: list[Finding]) -> None:
    """Expect what holds of every course whatsoever."""
    assert from_document(json.loads(json.dumps(to_document(made)))) == made
    keys = [each.key for each in (*made.units, *made.blocks)]
    assert len(set(keys)) == len(keys)
    assert all(each.severity == SEVERITIES[each.code] for each in findings)
    ranks = [RANKS.index(each.severity) for each in findings]
    assert ranks == sorted(ranks)
    told = Counter(each.code for each in findings if each.code != "more_of_the_same")
    assert max(told.values(), default=0) <= MOST
    assert all(isinstance(part, str | int) for each in findings for part in each.data.values())
    json.dumps([each.data for each in findings])


def can_be_launched(made: Course) -> None:
    """Expect that all we have to say of a course obeys xAPI."""
    for unit in made.units:
        check(statements.launched(launched(unit), NOW, launch_url=unit.url), Version.OLD)
    for node in (*made.blocks, made):
        told = statements.satisfied(
            node, ACTIVITY, NOW, registration=REGISTRATION, actor=ACTOR, session_id="1"
        )
        check(told, Version.OLD)


def tried(
    data: bytes, root: str, names: tuple[str, ...] | None
) -> tuple[Course, list[Finding]] | str:
    """Return what is read and found, or the code of a refusal; whatever else is raised passes."""
    try:
        if root == "tincan":
            return tincan.read(data, names or ())
        return structure.read(data, names)
    except XmlError as refused:
        return refused.code
    except NotACourse:
        return "not_a_course"


def is_read_or_refused(data: bytes, root: str, names: tuple[str, ...] | None) -> None:
    answer = tried(data, root, names)
    if isinstance(answer, str):
        assert answer in CODES
    else:
        is_told_and_kept(*answer)


@pytest.mark.parametrize("root", ["courseStructure", "tincan"])
@settings(max_examples=150)
@given(CHANCES, st.sampled_from([NAMES, None]))
def test_whatever_is_written_is_read_or_refused(
    root: str, chance: Random, names: tuple[str, ...] | None
) -> None:
    is_read_or_refused(document(chance, root), root, names)


@pytest.mark.parametrize("root", ["courseStructure", "tincan"])
@settings(max_examples=100)
@given(CHANCES)
def test_whatever_is_damaged_is_read_or_refused(root: str, chance: Random) -> None:
    is_read_or_refused(damaged(chance, root), root, NAMES)


@given(st.binary(max_size=60))
def test_whatever_comes_as_bytes_is_read_or_refused(data: bytes) -> None:
    is_read_or_refused(data, "courseStructure", None)


@given(
    *(st.sampled_from(POOLS[name]) for name in ("id", "moveOn", "masteryScore", "lang")),
    st.sampled_from([*VALUES, None]),
    st.sampled_from(VALUES),
)
def test_a_course_without_an_error_can_be_launched(
    iri: str, move_on: str, score: str, lang: str, kind: str | None, title: str
) -> None:
    """What is let in is served: a statement of ours that broke a rule would be a fault of ours."""
    said = {"moveOn": move_on, "masteryScore": score, "activityType": kind}
    inner = au(texts(title, title, lang) + URL, **{**said, "id": iri})
    text = course(block(inner, texts(title, language=lang), id=iri), id=iri)
    made, findings = structure.read(text.encode(), NAMES)
    if "error" not in {each.severity for each in findings}:
        can_be_launched(made)

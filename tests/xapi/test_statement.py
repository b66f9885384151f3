"""What a statement may hold: every part at its place, in both versions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.xapi.made import (
    AMI,
    BUN,
    COURSE,
    EXTENSIONS,
    ID,
    REFERENCE,
    TEAM,
    VOIDING,
    cut,
    full,
    put,
    refused,
    statement,
    steps,
    within,
)
from xapi.statement import Version, check, is_voiding, target

BOTH = pytest.mark.parametrize("version", list(Version))
#: What a statement may be about.
THINGS = [
    COURSE,
    {"objectType": "Activity", **COURSE},
    {"objectType": "Agent", **AMI},
    TEAM,
    REFERENCE,
]


@BOTH
def test_the_least_and_the_fullest_statement_pass(version: Version) -> None:
    for value in (statement(), full(version)):
        assert check(value, version) is value


@BOTH
@pytest.mark.parametrize("thing", THINGS)
def test_a_statement_is_about_a_thing_also_within_another(
    version: Version, thing: dict[str, Any]
) -> None:
    check(statement(object=thing), version)
    check(within(object=thing), version)


@pytest.mark.parametrize(
    ("place", "value", "rule"),
    [
        ("id", "1", "uuid"),
        ("id", "", "uuid"),
        ("ID", ID, "unknown"),
        ("actor", [AMI], "object"),
        ("actor/mbox", "ami@example.org", "mailto"),
        ("actor/objectType", "Activity", "one_of"),
        ("verb", "finished", "object"),
        ("verb/id", "finished", "iri"),
        ("verb/id", "", "iri"),
        ("verb/display", "finished", "object"),
        ("verb/display/en_US", "finished", "language"),
        ("verb/display/ja", True, "string"),
        ("verb/name", "finished", "unknown"),
        ("object", None, "null"),
        ("object", "course", "object"),
        ("object/objectType", "Course", "one_of"),
        ("object/objectType", "activity", "one_of"),
        ("object/objectType", None, "one_of"),
        ("object/objectType", ["Activity"], "one_of"),
        ("object/id", "course", "iri"),
        ("object/definition/choices/1/id", "a", "same_id"),
        ("result", [], "object"),
        ("result/grade", 1, "unknown"),
        ("result/success", "true", "boolean"),
        ("result/success", 1, "boolean"),
        ("result/completion", None, "null"),
        ("result/response", 1, "string"),
        ("result/duration", "1 hour", "duration"),
        ("result/duration", "P4W1D", "duration"),
        ("result/extensions", [], "object"),
        ("result/extensions/ext", 1, "iri"),
        ("result/score", 1, "object"),
        ("result/score/grade", 1, "unknown"),
        ("result/score/scaled", "0.5", "number"),
        ("result/score/raw", True, "number"),
        ("timestamp", "yesterday", "timestamp"),
        ("timestamp", "2026-11-23T13:00:00-00:00", "timestamp_zone"),
        ("stored", 0, "timestamp"),
        ("authority", {}, "identifier"),
        ("authority", {**TEAM, "member": [AMI]}, "authority"),
        ("version", 1.0, "string"),
        ("version", "", "version"),
        ("version", "one", "version"),
        ("attachments", {}, "list"),
        ("attachments/0", [], "object"),
        ("attachments/0/usageType", "essay", "iri"),
        ("attachments/0/display", "Essay", "object"),
        ("attachments/0/display/e", "Essay", "language"),
        ("attachments/0/description", 1, "object"),
        ("attachments/0/contentType", "text", "media_type"),
        ("attachments/0/length", -1, "integer"),
        ("attachments/0/length", 1.5, "integer"),
        ("attachments/0/length", "5", "integer"),
        ("attachments/0/sha2", "ab", "sha2"),
        ("attachments/0/fileUrl", "file.txt", "iri"),
        ("attachments/0/name", "x", "unknown"),
        ("title", "x", "unknown"),
    ],
)  # fmt: skip
def test_a_part_of_another_kind_is_refused(place: str, value: object, rule: str) -> None:
    at = steps(place)[:-2] if rule == "same_id" else steps(place)
    for version in Version:
        assert refused(check, put(full(version), place, value), version) == (rule, at)


@pytest.mark.parametrize(
    "place",
    [
        "actor", "verb", "object", "verb/id", "object/id", "attachments/0/usageType",
        "attachments/0/display", "attachments/0/contentType", "attachments/0/length",
        "attachments/0/sha2", "context/statement/id", "context/statement/objectType",
    ],
)  # fmt: skip
def test_a_part_that_must_be_there_is_missed(place: str) -> None:
    for version in Version:
        assert refused(check, cut(full(version), place), version) == ("missing", steps(place))


@BOTH
@pytest.mark.parametrize("value", [None, [], "statement", 1, True])
def test_a_statement_is_an_object(version: Version, value: object) -> None:
    assert refused(check, value, version) == ("object", ())


@pytest.mark.parametrize(
    "score",
    [
        {},
        {"scaled": -1},
        {"scaled": 1.0},
        {"min": 0, "max": 10, "raw": 0},
        {"min": 0, "max": 10, "raw": 10},
        {"min": -10, "max": 0},
        {"min": 5},
        {"max": -5},
        {"raw": -300.5},
        {"raw": 5, "max": 5},
        {"raw": 5, "min": 5},
    ],
)
def test_a_score_lies_within_its_bounds(score: dict[str, float]) -> None:
    check(statement(result={"score": score}), Version.OLD)


@pytest.mark.parametrize(
    ("score", "name"),
    [
        ({"scaled": 1.001}, "scaled"),
        ({"scaled": -2}, "scaled"),
        ({"min": 10, "max": 0}, "min"),
        ({"min": 10, "max": 10}, "min"),
        ({"raw": -1, "min": 0}, "raw"),
        ({"raw": 11, "max": 10}, "raw"),
        ({"raw": 11, "min": 0, "max": 10}, "raw"),
    ],
)
def test_a_score_outside_its_bounds_is_refused(score: dict[str, float], name: str) -> None:
    value = statement(result={"score": score})
    assert refused(check, value, Version.OLD) == ("range", ("result", "score", name))


@pytest.mark.parametrize(
    ("part", "value", "rule"),
    [
        ("id", ID, "unknown"),
        ("stored", "2026-11-23T04:00:00Z", "unknown"),
        ("version", "1.0.0", "unknown"),
        ("authority", AMI, "unknown"),
        ("timestamp", "now", "timestamp"),
        ("verb", {"id": "x"}, "iri"),
        ("actor", BUN["account"], "unknown"),
    ],
)
def test_a_statement_within_has_nothing_that_a_store_sets(part: str, value: Any, rule: str) -> None:
    for version in Version:
        found, place = refused(check, within(**{part: value}), version)
        assert (found, place[:2]) == (rule, ("object", part))


@BOTH
def test_a_statement_within_may_have_all_else(version: Version) -> None:
    own = ("id", "stored", "version", "authority")
    inner = {name: part for name, part in full(version).items() if name not in own}
    check(statement(object={"objectType": "SubStatement", **inner}), version)


@BOTH
def test_a_statement_within_one_has_none_within(version: Version) -> None:
    value = within(object=within()["object"])
    assert refused(check, value, version) == ("one_of", ("object", "object", "objectType"))


@BOTH
def test_a_statement_that_voids_is_about_a_statement(version: Version) -> None:
    voiding = statement(verb=VOIDING, object=REFERENCE)
    check(voiding, version)
    assert (is_voiding(voiding), target(voiding)) == (True, REFERENCE["id"])
    for thing in (*THINGS[:-1], within()["object"]):
        value = statement(verb=VOIDING, object=thing)
        assert refused(check, value, version) == ("voids", ("object",))
    assert refused(check, within(verb=VOIDING), version) == ("voids", ("object", "object"))


def test_a_statement_is_about_the_one_that_its_object_names() -> None:
    upper = {**REFERENCE, "id": REFERENCE["id"].upper()}
    assert target(statement(object=upper)) == REFERENCE["id"]
    assert target(statement()) is None
    assert target(statement(context={"statement": REFERENCE})) is None
    assert not is_voiding(statement(object=upper))


@BOTH
def test_an_extension_may_hold_anything(version: Version) -> None:
    said: dict[str, Any] = {
        **EXTENSIONS,
        "x:y": [None, True, -1e300, "\x00", [[[]]], {"": {"a": None}}],
    }
    check(statement(result={"extensions": said}, context={"extensions": said}), version)
    check(statement(object={**COURSE, "definition": {"extensions": said}}), version)

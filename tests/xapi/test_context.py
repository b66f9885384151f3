"""What stands around a statement: activities, people, and what 2.0 adds to them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.xapi.made import (
    AMI,
    BUN,
    COURSE,
    ID,
    REFERENCE,
    TEAM,
    Place,
    cut,
    full,
    put,
    refused,
    relations,
    statement,
    steps,
    within,
)
from xapi.statement import CONTEXT_ACTIVITIES, Version, check

BOTH = pytest.mark.parametrize("version", list(Version))
NEW = Version.NEW


@pytest.mark.parametrize(
    ("place", "value", "rule"),
    [
        ("context", "course", "object"),
        ("context/place", "x", "unknown"),
        ("context/registration", "1", "uuid"),
        ("context/registration", None, "null"),
        ("context/instructor", {}, "identifier"),
        ("context/instructor/objectType", "Person", "one_of"),
        ("context/team/objectType", "Agent", "one_of"),
        ("context/team/member/1", {}, "identifier"),
        ("context/team/member/1", TEAM, "one_of"),
        ("context/contextActivities", [COURSE], "object"),
        ("context/contextActivities/Parent", COURSE, "unknown"),
        ("context/contextActivities/children", [], "unknown"),
        ("context/contextActivities/parent", COURSE["id"], "object"),
        ("context/contextActivities/parent", None, "null"),
        ("context/contextActivities/parent/id", "x", "iri"),
        ("context/contextActivities/grouping/1", COURSE["id"], "object"),
        ("context/contextActivities/grouping/1/id", 3, "iri"),
        ("context/contextActivities/other/0/objectType", "Agent", "one_of"),
        ("context/revision", 3, "string"),
        ("context/platform", [], "string"),
        ("context/language", "", "language"),
        ("context/language", "ja_JP", "language"),
        ("context/statement", ID, "object"),
        ("context/statement/id", "1", "uuid"),
        ("context/statement/objectType", "Statement", "one_of"),
        ("context/extensions/ext", 1, "iri"),
    ],
)  # fmt: skip
def test_a_part_of_another_kind_is_refused(place: str, value: object, rule: str) -> None:
    at = (*steps(place), "objectType") if value is TEAM else steps(place)
    for version in Version:
        assert refused(check, put(full(version), place, value), version) == (rule, at)


@pytest.mark.parametrize("instructor", [AMI, TEAM, {"objectType": "Group", **BUN}])
def test_an_instructor_may_be_a_group(instructor: dict[str, Any]) -> None:
    check(statement(context={"instructor": instructor}), Version.OLD)


def test_a_team_is_a_group() -> None:
    value = statement(context={"team": AMI})
    assert refused(check, value, Version.OLD) == ("missing", ("context", "team", "objectType"))


@BOTH
@pytest.mark.parametrize("around", [COURSE, [], [COURSE], [COURSE, COURSE]])
def test_activities_around_are_one_or_several(version: Version, around: object) -> None:
    for name in CONTEXT_ACTIVITIES:
        check(statement(context={"contextActivities": {name: around}}), version)


@BOTH
@pytest.mark.parametrize("name", ["revision", "platform"])
@pytest.mark.parametrize("thing", [{"objectType": "Agent", **AMI}, TEAM, REFERENCE])
def test_a_revision_and_a_platform_are_of_activities(
    version: Version, name: str, thing: dict[str, Any]
) -> None:
    said = {name: "3"}
    check(statement(context=said), version)
    check(statement(object=thing, context={"language": "ja"}), version)
    found = refused(check, statement(object=thing, context=said), version)
    assert found == ("of_activities", ("context", name))
    found = refused(check, within(object=thing, context=said), version)
    assert found == ("of_activities", ("object", "context", name))
    # The statement about a statement is about no activity, whatever that one is about.
    found = refused(check, {**within(), "context": said}, version)
    assert found == ("of_activities", ("context", name))


@pytest.mark.parametrize("name", ["contextAgents", "contextGroups"])
def test_those_who_are_related_are_of_2_0(name: str) -> None:
    value = statement(context={name: relations()[name]})
    check(value, NEW)
    check(within(context=value["context"]), NEW)
    check(statement(context={name: []}), NEW)
    assert refused(check, value, Version.OLD) == ("unknown", ("context", name))


@pytest.mark.parametrize(
    ("place", "value", "rule", "deeper"),
    [
        ("contextAgents", AMI, "list", ()),
        ("contextAgents/0", None, "object", ()),
        ("contextAgents/0/objectType", "Agent", "one_of", ()),
        ("contextAgents/0/objectType", "contextGroup", "one_of", ()),
        ("contextAgents/0/agent", {}, "identifier", ()),
        ("contextAgents/0/agent", TEAM, "one_of", ("objectType",)),
        ("contextAgents/0/group", TEAM, "unknown", ()),
        ("contextAgents/0/relevantTypes", "x:y", "list", ()),
        ("contextAgents/0/relevantTypes", [], "too_few", ()),
        ("contextAgents/0/relevantTypes/0", "guide", "iri", ()),
        ("contextGroups", {}, "list", ()),
        ("contextGroups/0/objectType", "Group", "one_of", ()),
        ("contextGroups/0/group", {"objectType": "Group"}, "members", ()),
        ("contextGroups/0/group", AMI, "missing", ("objectType",)),
        ("contextGroups/0/agent", AMI, "unknown", ()),
        ("contextGroups/0/relevantTypes", [], "too_few", ()),
    ],
)
def test_a_relation_of_another_kind_is_refused(
    place: str, value: object, rule: str, deeper: Place
) -> None:
    found = refused(check, put(full(NEW), f"context/{place}", value), NEW)
    assert found == (rule, ("context", *steps(place), *deeper))


@pytest.mark.parametrize(
    "place",
    [
        "contextAgents/0/objectType",
        "contextAgents/0/agent",
        "contextGroups/0/objectType",
        "contextGroups/0/group",
    ],
)
def test_a_relation_says_what_it_is_and_who(place: str) -> None:
    value = cut(full(NEW), f"context/{place}")
    assert refused(check, value, NEW) == ("missing", ("context", *steps(place)))


@pytest.mark.parametrize("thing", [TEAM, {"objectType": "Group", **BUN}])
def test_a_related_group_may_have_a_name_or_members(thing: dict[str, Any]) -> None:
    check(put(full(NEW), "context/contextGroups/0/group", thing), NEW)

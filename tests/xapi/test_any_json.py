"""Whatever is put anywhere into a statement: it is kept as it came, or a rule refuses it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.xapi.made import (
    AMI,
    CHI,
    COURSE,
    ID,
    REFERENCE,
    TEAM,
    Place,
    full,
    put,
    refused,
    statement,
    tried,
)
from xapi import formats, reading, storing
from xapi.errors import Invalid
from xapi.rules import CLAUSES
from xapi.statement import CONTEXT_ACTIVITIES, Version, check
from xapi.storing import Prepared, Received
from xapi.values import moment

NOW = datetime(2026, 11, 24, tzinfo=UTC)
OWN = {"id", "stored", "authority", "version", "timestamp"}
VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=5)
    | st.sampled_from([10**400, -(10**400), "Agent", "Group", "SubStatement", "StatementRef", ID])
    | st.sampled_from(["x:y", "mailto:a@example.org", "2026-11-23", "ja", "PT1S", "2.0.0"])
    | st.sampled_from([AMI, TEAM, COURSE, REFERENCE]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["id", "objectType", "member", "parent", "x:y", "ja", ""]),
            inner,
            max_size=2,
        )
    ),
    max_leaves=4,
)


def _within(version: Version) -> dict[str, Any]:
    """Return the fullest statement within the fullest statement."""
    inner = {name: part for name, part in full(version).items() if name not in OWN - {"timestamp"}}
    outer = full(version)
    for name in ("revision", "platform"):
        del outer["context"][name]
    return {**outer, "object": {"objectType": "SubStatement", **inner}}


def _places(value: Any, at: Place = ()) -> Iterator[Place]:
    named: Any = ()
    if isinstance(value, dict):
        named = value.items()
    elif isinstance(value, list):
        named = enumerate(value)
    for name, part in named:
        yield (*at, name)
        yield from _places(part, (*at, name))


WHOLE = {version: (full(version), _within(version)) for version in Version}
PLACES = {
    version: tuple(list(_places(whole)) for whole in wholes) for version, wholes in WHOLE.items()
}


def _changed(data: st.DataObject, version: Version) -> dict[str, Any]:
    """Return a statement with something put, put beside, or taken away at any place."""
    which = data.draw(st.integers(0, 1))
    whole = statement(**WHOLE[version][which])
    *path, last = data.draw(st.sampled_from(PLACES[version][which]))
    part: Any = whole
    for step in path:
        part = part[step]
    act = data.draw(st.sampled_from(["put", "put", "beside", "cut"]))
    if act == "cut":
        del part[last]
    elif act == "beside" and isinstance(part, dict):
        part[data.draw(st.sampled_from(["objectType", "name", "id", "member", "x:y", "Id"]))] = (
            data.draw(VALUE)
        )
    else:
        part[last] = data.draw(VALUE)
    return whole


def _kept(body: bytes, version: Version) -> tuple[reading.Read, Prepared]:
    found, _ = reading.read(body)
    assert check(found[0].value, version) is found[0].value
    return found[0], storing.prepare(found[0], ID, Received(version, CHI))


def _settled(part: Any) -> Any:
    """Return a part with lists for the single activities of its contexts, its time as a moment."""
    around = part.get("contextActivities", {}) if isinstance(part, dict) else {}
    for name in CONTEXT_ACTIVITIES:
        if isinstance(around.get(name), dict):
            around[name] = [around[name]]
    if isinstance(part, dict) and part.get("objectType") == "SubStatement":
        _settled(part.get("context"))
        part["timestamp"] = moment(part["timestamp"]) if "timestamp" in part else None
    return part


@pytest.mark.parametrize("version", list(Version))
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_statement_is_kept_as_it_came_or_refused_by_a_rule(
    version: Version, data: st.DataObject
) -> None:
    body = json.dumps(_changed(data, version)).encode()
    found = tried(_kept, body, version)
    if isinstance(found, Invalid):
        assert found.rule in CLAUSES
        return
    read, kept = found
    text = kept.told(NOW)
    came, back = json.loads(body), json.loads(text)
    assert set(back) == set(came) | OWN
    for name in set(came) - OWN:
        assert _settled(back[name]) == _settled(came[name])
    assert moment(back["timestamp"]) == moment(came.get("timestamp", back["stored"]))
    assert (back["stored"], back["authority"]) == ("2026-11-24T00:00:00.000000Z", CHI)
    assert storing.fingerprint(read.value) == storing.fingerprint(json.loads(text))
    for shown in (formats.canonical(text, kept.definitions, ["ja"]), formats.ids(text)):
        shown.encode()
        check(json.loads(shown), version)


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("which", [0, 1])
def test_what_is_kept_passes_and_is_kept_the_same_again(version: Version, which: int) -> None:
    _, kept = _kept(json.dumps(WHOLE[version][which]).encode(), version)
    text = kept.told(NOW)
    read, again = _kept(text.encode(), version)
    assert again == kept
    assert json.loads(again.told(NOW)) == json.loads(text)
    assert set(read.parts) == set(json.loads(text))


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("place", ["actor", "object/definition/name", "result/score"])
def test_however_deep_it_is_a_rule_refuses_it(version: Version, place: str) -> None:
    whole = json.dumps(put(full(version), place, "here"))
    for depth in (100, 190, 250, 950, 985, 990, 995, 2000):
        body = whole.replace('"here"', "[" * depth + "]" * depth).encode()
        assert refused(_kept, body, version)[0] in {"json_depth", "object"}

"""Whatever is sent: it is kept and can be read, or a rule refuses it; never a fault of ours."""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.learning.record_store.conftest import STATEMENTS, Speak, Speaker, broken
from tests.learning.record_store.test_attachments import attachment, naming
from tests.learning.record_store.test_documents import RESOURCES, STATE, about, get, names, put
from tests.xapi.made import AMI, COURSE, ID, Place, cut, full, letters, statement
from xapi import multipart
from xapi.statement import Version

MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
WORDS = st.sampled_from(
    [
        "",
        "\0",
        "Agent",
        "Group",
        "StatementRef",
        "SubStatement",
        "x:y",
        "mailto:a@example.org",
        "ja",
    ]
)
TEXT = st.text(st.characters(), max_size=5) | WORDS | st.sampled_from(["\ud800", "\udfff", "😀"])
SCALAR = (
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.sampled_from([10**400, ID])
)
VALUE = st.recursive(
    SCALAR,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(TEXT | st.sampled_from(["id", "member", "objectType"]), inner, max_size=2)
    ),
    max_leaves=5,
)
#: Half a letter, as an escape and in a query.
HALF, HALF_ASKED = b'"\\ud800"', "%ED%A0%80"


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Yield the place of every part of a value."""
    within = enumerate(value) if isinstance(value, list) else ()
    for name, part in value.items() if isinstance(value, dict) else within:
        yield (*at, name)
        yield from places(part, (*at, name))


WHOLE = {version: cut(cut(full(version), "attachments"), "id") for version in Version}
PLACES = {version: list(places(whole)) for version, whole in WHOLE.items()}


def changed(data: st.DataObject, version: Version) -> Any:
    """Return a statement that has something else at one place, or something more."""
    whole = copy.deepcopy(WHOLE[version])
    *path, last = data.draw(st.sampled_from(PLACES[version]))
    part: Any = whole
    for step in path:
        part = part[step]
    if isinstance(part, dict) and data.draw(st.booleans()):
        last = data.draw(TEXT | st.sampled_from(["id", "objectType", "name", "account"]))
    part[last] = data.draw(VALUE)
    return data.draw(st.sampled_from([whole, [whole], [statement(), whole], {"object": whole}]))


@pytest.mark.parametrize("version", list(Version))
@MANY
@given(data=st.data())
def test_any_json_is_kept_and_can_be_read_or_is_refused(
    speak: Speak, version: Version, data: st.DataObject
) -> None:
    store = speak(version=version)
    answer = store.send(json.dumps(changed(data, version)).encode())
    if answer.status_code != 200:
        if answer.status_code != 409:  # its id may be that of an example before
            broken(answer)
        return
    for key in answer.get_json():
        for shown in ("exact", "ids", "canonical"):
            found = store.get(statementId=key, format=shown)
            assert found.status_code == 200, found.text
            json.loads(found.data)
    assert store.get(limit="5", format="canonical").status_code == 200


@MANY
@given(data=st.data())
def test_any_bytes_are_kept_or_refused(store: Speaker, data: st.DataObject) -> None:
    body = letters(WHOLE[Version.OLD])
    at = data.draw(st.integers(0, len(body)))
    put_in = data.draw(
        st.binary(max_size=3) | st.sampled_from([HALF, b'"', b"\0", b"\\", b"[" * 999])
    )
    answer = store.send(body[:at] + put_in + body[at + data.draw(st.integers(0, 2)) :])
    if answer.status_code != 200:
        broken(answer)


@MANY
@given(data=st.data())
def test_any_body_in_parts_is_kept_or_refused(store: Speaker, data: st.DataObject) -> None:
    brought = attachment(b"essay")
    body = multipart.written("b", letters(statement(attachments=naming(brought))), [brought])
    at = data.draw(st.integers(0, len(body)))
    put_in = data.draw(st.binary(max_size=3) | st.sampled_from([b"\r\n", b"--b", b"--b--", b": "]))
    answer = store.ask(
        "POST",
        STATEMENTS,
        body=body[:at] + put_in + body[at + data.draw(st.integers(0, 2)) :],
        Content_Type="multipart/mixed; boundary=b",
    )
    if answer.status_code != 200:
        broken(answer)


ASKED = {
    STATEMENTS: [
        *("statementId", "voidedStatementId", "agent", "verb", "activity", "registration", "past"),
        *("since", "until", "limit", "format", "related_agents", "ascending", "attachments", "x"),
    ],
    **{key: ["activityId", "agent", "stateId", "profileId", "registration"] for key in RESOURCES},
    "/xapi/agents": ["agent"],
    "/xapi/activities": ["activityId"],
}
SAID = (
    st.binary(max_size=5)
    | st.sampled_from([b"\xed\xa0\x80", b"\xff", b"\0", b"true", b"0", b"x:y", ID.encode()])
    | VALUE.map(lambda value: json.dumps(value).encode())
    | st.sampled_from([b"0001-01-01T00:00:00+09:00", b"9999-12-31T23:59:59-09:00", "２".encode()])
    | st.just(letters(AMI))
)


@settings(MANY, max_examples=150)
@given(
    path=st.sampled_from(sorted(ASKED)),
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE"]),
    data=st.data(),
)
def test_any_parameters_are_answered_or_refused(
    store: Speaker, path: str, method: str, data: st.DataObject
) -> None:
    some = st.sampled_from(ASKED[path])
    asked = data.draw(st.dictionaries(some, SAID, max_size=4)) | {
        name: letters(said).strip(b'"') if name == "agent" else str(said).encode()
        for name, said in RESOURCES.get(path, ({}, ""))[0].items()
        if data.draw(st.booleans())
    }
    query = "&".join(f"{name}={quote_from_bytes(said)}" for name, said in asked.items())
    answer = store.ask(
        method, f"{path}?{query}", None, b"{}", Content_Type="application/json", If_None_Match="*"
    )
    assert answer.status_code in (200, 204, 400, 404, 405, 412), answer.text


@pytest.mark.parametrize("path", list(RESOURCES))
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_a_name_with_a_letter_that_no_database_keeps_is_refused(
    store: Speaker, path: str, method: str
) -> None:
    answer = put(store, path, "a\0b", b"{}", method=method)
    assert broken(answer) == ("nul", RESOURCES[path][1])
    assert names(store, path) == []


def test_letters_that_no_database_keeps_are_kept_in_statements(store: Speaker) -> None:
    odd = {"ja": "講\0座", "en": "\0"}
    who = {"account": {"homePage": "https://example.org/", "name": "a\0b"}, "name": "架\0空"}
    said = statement(
        id=ID,
        actor=who,
        verb={"id": "x:y", "display": odd},
        object={**COURSE, "definition": {"name": odd, "extensions": {"x:y": "\0"}}},
        result={"response": "\0"},
    )
    store.tell(said)
    for part in ("actor", "verb", "object", "result"):
        assert store.one(ID)[part] == said[part]
    assert store.found(agent=who) == [ID]
    assert store.ask("GET", "/xapi/agents", {"agent": who}).get_json()["name"] == ["架\0空"]
    told = store.ask("GET", "/xapi/activities", {"activityId": COURSE["id"]}).get_json()
    assert told["definition"]["name"] == odd
    state = about(STATE, "a", agent=who)
    assert store.ask("PUT", STATE, state, b"x", Content_Type="text/plain").status_code == 204
    assert store.ask("GET", STATE, state).data == b"x"


def test_half_letters_are_refused_wherever_they_are(store: Speaker) -> None:
    for body in (
        HALF,
        b'{"verb": %s}' % HALF,
        b"{%s: 1, %s: 2}" % (HALF, HALF),
        letters(statement(actor={"name": "?", **AMI})).replace(b'"?"', HALF),
    ):
        assert broken(store.send(body))[0] in {"utf_8", "same_name"}
    for agent in (f'{{"name": {HALF.decode()}}}', '{"\\udfff": 1, "\\udfff": 2}'):
        assert broken(store.get(agent=agent))[1] == "agent"
    assert broken(store.ask("GET", f"{STATEMENTS}?verb={HALF_ASKED}"))[0] in {"iri", "utf_8"}
    asked = f"{STATE}?activityId=x:y&agent=%7B%22openid%22:%22x:y%22%7D&stateId={HALF_ASKED}"
    assert store.ask("PUT", asked, None, b"x", Content_Type="text/plain").status_code in (204, 400)


def test_iris_may_be_of_any_length(store: Speaker) -> None:
    long = f"https://example.org/{'長' * 20_000}/"
    who = {"account": {"homePage": long, "name": long}}
    said = statement(
        id=ID,
        actor=who,
        verb={"id": long},
        object={"id": long, "definition": {"name": {"ja": long}, "type": long}},
        context={"contextActivities": {"grouping": [{"id": f"{long}2"}]}},
    )
    store.tell(said, statement(verb={"id": f"{long}3"}))
    assert store.one(ID)["object"] == said["object"]
    for asked in ({"agent": who}, {"verb": long}, {"activity": long}):
        assert store.found(**asked) == [ID]
    assert store.found(activity=f"{long}2", related_activities="true") == [ID]
    assert store.ask("GET", "/xapi/activities", {"activityId": long}).get_json()["definition"]
    state = {"activityId": long, "agent": who, "stateId": long}
    assert store.ask("PUT", STATE, state, b"x", Content_Type="text/plain").status_code == 204
    assert store.ask("GET", STATE, state).data == b"x"


def test_a_statement_may_name_more_activities_than_a_question_to_the_database_may(
    store: Speaker,
) -> None:
    others = [{"id": f"x:{number}"} for number in range(66_000)]
    store.tell(statement(id=ID, context={"contextActivities": {"other": others}}))
    shown = store.one(ID, format="canonical")["context"]["contextActivities"]["other"]
    assert shown == others
    assert store.found(activity="x:65999", related_activities="true") == [ID]


def test_a_name_of_a_document_may_be_of_any_length_and_of_none(store: Speaker) -> None:
    for name in ("", "長" * 20_000, "😀", "a/b?c&d=e", "%00", "..", str(uuid.UUID(int=0))):
        put(store, STATE, name, name.encode())
        assert get(store, STATE, name).data == name.encode()

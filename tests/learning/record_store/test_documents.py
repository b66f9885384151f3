"""Documents of states and profiles: kept, merged, and never written over unseen."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.learning.documents.models import XapiDocument
from tests.learning.record_store.conftest import Speak, Speaker, broken, problem
from tests.xapi.made import AMI, BUN, COURSE, ID, OTHER_ID

STATE = "/xapi/activities/state"
#: Where documents are, what they are about, and what names one.
RESOURCES: dict[str, tuple[dict[str, Any], str]] = {
    STATE: ({"activityId": COURSE["id"], "agent": AMI}, "stateId"),
    "/xapi/activities/profile": ({"activityId": COURSE["id"]}, "profileId"),
    "/xapi/agents/profile": ({"agent": AMI}, "profileId"),
}
JSON = "application/json"


@pytest.fixture(params=list(RESOURCES))
def path(request: pytest.FixtureRequest) -> str:
    """Each of the three resources."""
    found: str = request.param
    return found


def about(path: str, name: str | None = None, **also: Any) -> dict[str, Any]:
    """Return the parameters of a document, or of all that are about the same."""
    params, named = RESOURCES[path]
    return params | ({named: name} if name is not None else {}) | also


def put(
    store: Speaker, path: str, name: str, body: bytes = b"x", *, method: str = "PUT", **headers: str
) -> TestResponse:
    """Send a document that nobody knows of."""
    said = {"Content_Type": JSON if body[:1] == b"{" else "text/plain", **headers}
    if method == "PUT" and "If_Match" not in headers:
        said = {"If_None_Match": "*", **said}
    return store.ask(method, path, about(path, name), body, **said)


def get(store: Speaker, path: str, name: str, **also: Any) -> TestResponse:
    return store.ask("GET", path, about(path, name, **also))


def names(store: Speaker, path: str, **also: Any) -> list[str]:
    """Return the names of all documents about the same."""
    answer = store.ask("GET", path, about(path, **also))
    assert answer.status_code == 200, answer.text
    found: list[str] = answer.get_json()
    return found


def tag(content: bytes) -> str:
    return f'"{hashlib.sha1(content).hexdigest()}"'  # noqa: S324 - what the specification names


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_a_document_comes_back_byte_by_byte_with_its_type_and_tag(
    speak: Speak, path: str, version: str
) -> None:
    store, content = speak(version=version), bytes(range(256))
    answer = put(store, path, "進み具合", content, Content_Type="image/x-fictional; a=b")
    assert (answer.status_code, answer.data) == (204, b"")
    back = get(store, path, "進み具合")
    assert (back.status_code, back.data) == (200, content)
    assert back.content_type == "image/x-fictional; a=b"
    assert back.headers["ETag"] == tag(content)
    assert back.last_modified is not None
    head = store.ask("HEAD", path, about(path, "進み具合"))
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag(content))


def test_a_document_whose_type_nobody_says_is_bytes(store: Speaker, path: str) -> None:
    store.ask("PUT", path, about(path, "a"), b"\xff", If_None_Match="*")
    assert get(store, path, "a").content_type == "application/octet-stream"


def test_documents_are_listed_by_name_and_since_a_moment(
    store: Speaker, path: str, session: Session
) -> None:
    assert names(store, path) == []
    for name in ("b", "a", "c"):
        put(store, path, name)
    assert names(store, path) == ["a", "b", "c"]
    row = session.scalars(sa.select(XapiDocument).where(XapiDocument.name == "b")).one()
    between = row.updated_at + timedelta(minutes=30)
    row.updated_at += timedelta(hours=1)
    session.flush()
    assert names(store, path, since=between.isoformat()) == ["b"]
    assert names(store, path, since=(between + timedelta(hours=1)).isoformat()) == []
    assert broken(store.ask("GET", path, about(path, since="now"))) == ("timestamp", "since")


def test_documents_about_another_are_others(store: Speaker, path: str) -> None:
    put(store, path, "a")
    other = {"activityId": "https://example.org/courses/2"} if "activities" in path else {}
    if not other:
        other = {"agent": json.dumps(BUN)}
    assert store.ask("GET", path, about(path, "a") | other).status_code == 404
    assert store.ask("GET", path, about(path) | other).get_json() == []
    for resource in RESOURCES:
        assert get(store, resource, "a").status_code == (200 if resource == path else 404)


def test_json_is_put_over_json_one_level_deep(store: Speaker, path: str) -> None:
    known = {"a": {"x": 1}, "b": "架空"}
    assert put(store, path, "a", json.dumps(known).encode(), method="POST").status_code == 204
    assert put(store, path, "a", b'{"a": {"y": 2}, "c": null}', method="POST").status_code == 204
    back = get(store, path, "a")
    assert back.get_json() == {"a": {"y": 2}, "b": "架空", "c": None}
    assert back.headers["ETag"] == tag(back.data)


@pytest.mark.parametrize(
    ("known", "said"), [(b"x", b"{}"), (b"{}", b"x"), (b"{}", b"[]"), (b"[]", b"{}")]
)
def test_nothing_but_objects_is_merged(
    store: Speaker, path: str, known: bytes, said: bytes
) -> None:
    kinds = [JSON if each[:1] in b"{[" else "text/plain" for each in (known, said)]
    put(store, path, "a", known, method="POST", Content_Type=kinds[0])
    answer = put(store, path, "a", said, method="POST", Content_Type=kinds[1])
    assert broken(answer) == ("merge", "")
    assert get(store, path, "a").data == known


def test_json_that_is_none_is_refused(store: Speaker, path: str) -> None:
    for method in ("PUT", "POST"):
        answer = put(store, path, "a", b"{", method=method)
        assert broken(answer) == ("json", "")
    assert names(store, path) == []


def test_a_type_that_is_none_is_refused(store: Speaker, path: str) -> None:
    answer = put(store, path, "a", Content_Type="text")
    assert broken(answer) == ("media_type", "Content-Type")


def test_a_condition_that_does_not_hold_changes_nothing(store: Speaker, path: str) -> None:
    for method in ("PUT", "POST", "DELETE"):
        missing = put(store, path, "a", b"{}", method=method, If_Match=tag(b"{}"))
        assert problem(missing, 412)["type"] == "urn:kenshu:document_differs"
    put(store, path, "a", b"{}")
    for method in ("PUT", "POST", "DELETE"):
        for conditions in ({"If_Match": tag(b"x")}, {"If_None_Match": "*"}):
            answer = put(store, path, "a", b'{"b": 1}', method=method, **conditions)
            assert answer.status_code == 412
    assert (
        put(store, path, "a", b"{}", If_None_Match=f"{tag(b'x')}, {tag(b'{}')}").status_code == 412
    )
    assert get(store, path, "a").data == b"{}"


@pytest.mark.parametrize("seen", [tag(b"x"), tag(b"x").strip('"'), f'"no", W/{tag(b"x")}', "*"])
def test_who_has_seen_a_document_may_replace_it(store: Speaker, path: str, seen: str) -> None:
    put(store, path, "a")
    assert put(store, path, "a", b"y", If_Match=seen).status_code == 204
    assert get(store, path, "a").data == b"y"
    assert put(store, path, "a", method="DELETE", If_Match=tag(b"y")).status_code == 204
    assert get(store, path, "a").status_code == 404


@pytest.mark.parametrize(("version", "new", "known"), [("1.0.3", 400, 409), ("2.0.0", 204, 409)])
def test_who_says_no_condition_may_not_replace_a_document(
    speak: Speak, path: str, version: str, new: int, known: int
) -> None:
    if path == STATE and version == "1.0.3":  # that version asks none of a state
        new, known = 204, 204
    store = speak(version=version)
    first = store.ask("PUT", path, about(path, "a"), b"x", Content_Type="text/plain")
    assert first.status_code == new
    if new == 400:
        assert problem(first, 400)["type"] == "urn:kenshu:conditions_needed"
        put(store, path, "a")
    second = store.ask("PUT", path, about(path, "a"), b"y", Content_Type="text/plain")
    assert second.status_code == known
    if known == 409:
        assert problem(second, 409)["type"] == "urn:kenshu:document_unseen"
    assert get(store, path, "a").data == (b"x" if known == 409 else b"y")


def test_what_is_deleted_is_gone_and_may_be_deleted_again(store: Speaker, path: str) -> None:
    put(store, path, "a")
    put(store, path, "b")
    for _ in range(2):
        assert store.ask("DELETE", path, about(path, "a")).status_code == 204
    assert problem(get(store, path, "a"), 404)["type"] == "urn:kenshu:document_unknown"
    assert names(store, path) == ["b"]


def test_a_state_belongs_to_its_registration_or_to_none(store: Speaker) -> None:
    for registration, content in (({}, b"x"), ({"registration": ID}, b"y")):
        asked = about(STATE, "a", **registration)
        store.ask("PUT", STATE, asked, content, Content_Type="text/plain")
    store.ask("PUT", STATE, about(STATE, "b", registration=OTHER_ID), b"z")
    assert get(store, STATE, "a").data == b"x"
    assert get(store, STATE, "a", registration=ID.upper()).data == b"y"
    assert get(store, STATE, "b").status_code == 404
    assert names(store, STATE) == ["a", "b"]
    assert names(store, STATE, registration=ID) == ["a"]
    assert store.ask("DELETE", STATE, about(STATE, registration=ID)).status_code == 204
    assert names(store, STATE, registration=ID) == []
    assert names(store, STATE) == ["a", "b"]
    assert store.ask("DELETE", STATE, about(STATE)).status_code == 204
    assert names(store, STATE) == []


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_a_document_is_asked_for_by_what_it_is_about(
    store: Speaker, path: str, method: str
) -> None:
    params, named = RESOURCES[path]
    for missing in params:
        asked = {name: said for name, said in about(path, "a").items() if name != missing}
        assert broken(store.ask(method, path, asked)) == ("missing", missing)
    if method in ("PUT", "POST") or (method == "DELETE" and path != STATE):
        assert broken(store.ask(method, path, about(path))) == ("missing", named)
    wrong = {"activityId": ("iri", "activityId"), "agent": ("json", "agent")}
    for name in params:
        answer = store.ask(method, path, about(path, "a") | {name: "course 1"})
        assert broken(answer) == wrong[name]
    assert broken(store.ask(method, path, about(path, "a", title="x"))) == ("unknown", "title")


@pytest.mark.requirement("SEC-12")
def test_a_document_is_neither_kept_by_a_browser_nor_run_as_a_page(
    store: Speaker, path: str
) -> None:
    """A browser's copy would answer content with what was so before (RFC 9111, 4.2.2)."""
    put(store, path, "page", b"<script>alert(1)</script>", Content_Type="text/html")
    for name, status in (("page", 200), ("none", 404)):
        answer = get(store, path, name)
        assert answer.status_code == status
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]

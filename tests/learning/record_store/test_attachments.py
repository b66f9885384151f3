"""Statements with attachments in one body, there and back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.learning.record_store.conftest import STATEMENTS, Speaker, broken
from tests.xapi.made import ATTACHMENT, COURSE, ID, OTHER_ID, letters, statement, within
from xapi import multipart
from xapi.multipart import Attachment

ESSAY = "作文。\r\n--boundary-of-another\r\n".encode()
PICTURE = bytes(range(256)) * 5


def attachment(content: bytes, name: str = "sha256", kind: str = "text/plain") -> Attachment:
    """Return a content as it is brought."""
    return Attachment(hashlib.new(name, content).hexdigest(), kind, content)


def naming(*brought: Attachment, **also: str) -> list[dict[str, Any]]:
    """Return what a statement says of its attachments."""
    return [
        {
            **ATTACHMENT,
            "contentType": each.content_type,
            "length": len(each.content),
            "sha2": each.sha2,
            **also,
        }
        for each in brought
    ]


def bring(
    store: Speaker,
    said: Any,
    *brought: Attachment,
    method: str = "POST",
    params: Mapping[str, str] | None = None,
) -> TestResponse:
    """Send statements with attachments."""
    body = multipart.written("a-boundary", letters(said), brought)
    kind = 'multipart/mixed; boundary="a-boundary"'
    return store.ask(method, STATEMENTS, params, body, Content_Type=kind)


def brought_back(answer: TestResponse) -> tuple[Any, dict[str, Attachment]]:
    """Return the JSON of an answer and its attachments."""
    assert answer.status_code == 200, answer.text
    document, found = multipart.opened(answer.headers["Content-Type"], answer.data)
    by_hash = {each.sha2: each for each in found}
    assert len(by_hash) == len(found)
    return document, by_hash


@pytest.mark.parametrize("name", ["sha224", "sha256", "sha384", "sha512"])
def test_an_attachment_comes_back_byte_by_byte(store: Speaker, name: str) -> None:
    essay, picture = attachment(ESSAY, name), attachment(PICTURE, name, "image/x-fictional")
    said = statement(id=ID, attachments=naming(essay, picture))
    assert bring(store, said, essay, picture).get_json() == [ID]
    for asked in ({"statementId": ID}, {}, {"format": "ids"}, {"format": "canonical"}):
        document, found = brought_back(store.get(attachments="true", **asked))
        assert found == {essay.sha2: essay, picture.sha2: picture}
        assert essay.sha2.encode() in document
    plain = store.get(statementId=ID, attachments="false")
    assert plain.content_type == "application/json"
    assert plain.get_json()["attachments"] == said["attachments"]


def test_one_content_is_of_many_statements_and_comes_once(store: Speaker) -> None:
    essay, picture = attachment(ESSAY), attachment(PICTURE)
    bring(store, [statement(attachments=naming(essay)) for _ in range(2)], essay)
    answer = bring(
        store, [within(attachments=naming(essay, picture)), statement()], essay, picture, essay
    )
    assert answer.status_code == 200
    _, found = brought_back(store.get(attachments="true"))
    assert found == {essay.sha2: essay, picture.sha2: picture}
    _, found = brought_back(store.get(attachments="true", limit="1"))
    assert found == {}


def test_a_page_with_attachments_leads_on_with_attachments(store: Speaker) -> None:
    essay = attachment(ESSAY)
    bring(store, [statement(attachments=naming(essay)) for _ in range(3)], essay)
    document, _ = brought_back(store.get(attachments="true", limit="2"))
    assert b"attachments=true" in document


def test_a_statement_is_put_with_its_attachment(store: Speaker) -> None:
    essay = attachment(ESSAY)
    said = statement(attachments=naming(essay))
    answer = bring(store, said, essay, method="PUT", params={"statementId": ID})
    assert answer.status_code == 204
    assert brought_back(store.get(statementId=ID, attachments="true"))[1] == {essay.sha2: essay}


def test_an_attachment_with_an_address_may_stay_there(store: Speaker) -> None:
    essay = attachment(ESSAY)
    elsewhere = statement(attachments=naming(essay, fileUrl=COURSE["id"]))
    assert store.send(elsewhere).status_code == 200
    assert bring(store, elsewhere).status_code == 200
    assert brought_back(store.get(attachments="true"))[1] == {}
    assert bring(store, elsewhere, essay).status_code == 200
    assert brought_back(store.get(attachments="true"))[1] == {essay.sha2: essay}


def test_what_is_named_and_not_brought_or_brought_and_not_named_is_refused(store: Speaker) -> None:
    essay, picture = attachment(ESSAY), attachment(PICTURE)
    said = statement(attachments=naming(essay))
    assert broken(store.send(said)) == ("not_mixed", "")
    assert broken(bring(store, said)) == ("not_brought", "")
    assert broken(bring(store, said, picture, essay)) == ("not_named", "")
    assert broken(bring(store, [statement(), said], picture)) == ("not_named", "")
    lie = Attachment(essay.sha2, "text/plain", PICTURE)
    assert broken(bring(store, said, lie)) == ("hash_differs", "[1]")
    assert store.found() == []


def test_beside_a_wrong_statement_no_attachment_is_kept(store: Speaker) -> None:
    essay = attachment(ESSAY)
    wrong = [statement(attachments=naming(essay)), statement(verb={})]
    assert broken(bring(store, wrong, essay)) == ("missing", "[1].verb.id")
    store.tell(statement(id=OTHER_ID))
    late = [statement(attachments=naming(essay)), statement(id=OTHER_ID, verb={"id": "x:y"})]
    assert bring(store, late, essay).status_code == 409
    store.tell(statement(attachments=naming(essay, fileUrl=COURSE["id"])))
    assert brought_back(store.get(attachments="true"))[1] == {}


@pytest.mark.parametrize(
    ("kind", "body", "rule"),
    [
        ("multipart/mixed", b"", "boundary"),
        ("multipart/mixed; boundary=b", b"{}", "boundary"),
        ("multipart/mixed; boundary=b", b"--b\r\n\r\n{}\r\n--b--", "first_part"),
        ("multipart/mixed; boundary=b", b"--b\r\nnonsense\r\n\r\n{}\r\n--b--", "part"),
        ("multipart/form-data; boundary=b", b"--b--", "content_type"),
    ],
)
def test_a_body_in_parts_that_is_none_is_refused(
    store: Speaker, kind: str, body: bytes, rule: str
) -> None:
    assert broken(store.ask("POST", STATEMENTS, None, body, Content_Type=kind))[0] == rule

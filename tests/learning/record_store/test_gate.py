"""The record store's gate: versions, other origins, the other syntax, and how it refuses."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import flask
import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import record_store
from app.kernel import clock
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.kernel.system import service as system
from app.kernel.system.models import Reason
from app.learning.lrs.text import RULES
from tests.learning.record_store.conftest import (
    OFFICE,
    STATEMENTS,
    VERSION,
    Speak,
    Speaker,
    broken,
    problem,
)
from tests.learning.record_store.test_documents import STATE, about
from tests.xapi.made import ID, VERB, letters, statement
from xapi.rules import CLAUSES

LARGEST = 16 * 1024**2


def test_every_route_declares_its_rule(store_app: flask.Flask) -> None:
    for route in store_app.url_map.iter_rules():
        rule = vars(store_app.view_functions[route.endpoint])["rule"].name
        assert rule.startswith("client:") or (rule, route.rule) == ("public", "/xapi/about")


def test_anybody_is_told_which_versions_are_spoken(web: FlaskClient) -> None:
    answer = web.get("/xapi/about")
    assert answer.status_code == 200
    assert {"1.0.3", "2.0.0"} <= set(answer.get_json()["version"])
    assert answer.headers[VERSION] == "2.0.0"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("said", "spoken"),
    [
        ("1.0", "1.0.3"),
        ("1.0.0", "1.0.3"),
        ("1.0.9", "1.0.3"),
        ("2.0", "2.0.0"),
        ("2.0.0", "2.0.0"),
    ],
)
def test_the_answer_is_in_the_version_of_the_question(
    store: Speaker, said: str, spoken: str
) -> None:
    answer = replace(store, version=said).get()
    assert (answer.status_code, answer.headers[VERSION]) == (200, spoken)


@pytest.mark.parametrize("said", [None, "", "0.9", "0.95", "1.1.0", "1", "2.1.0", "3", "v2.0.0"])
def test_another_version_is_refused_wherever_it_is_said(store: Speaker, said: str | None) -> None:
    for method, path in (("GET", STATEMENTS), ("POST", STATEMENTS), ("PUT", STATE)):
        answer = store.ask(method, path, X_Experience_API_Version=said)
        assert broken(answer) == ("version", "")
        assert answer.headers[VERSION] == "2.0.0"


def test_what_the_new_version_alone_knows_is_refused_by_the_old_one(speak: Speak) -> None:
    said = statement(context={"contextAgents": []})
    assert broken(speak(version="1.0.3").send(said)) == ("unknown", "context.contextAgents")
    assert speak(version="2.0.0").send(said).status_code == 200


@pytest.mark.parametrize("path", [STATEMENTS, STATE, "/xapi/agents/profile", "/xapi/about"])
def test_a_page_of_another_origin_may_ask_and_send(web: FlaskClient, path: str) -> None:
    asked = {
        "Origin": "https://course.example.org",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization, x-experience-api-version, if-match",
    }
    answer = web.options(path, headers=asked)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"GET", "HEAD", "PUT", "POST", "DELETE"} == set(
        answer.headers["Access-Control-Allow-Methods"].split(", ")
    )
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    for name in ("authorization", "content-type", VERSION.lower(), "if-match", "if-none-match"):
        assert name in allowed
    # With "*" a browser sends no cookie, and none is meant.
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_page_of_another_origin_may_read_every_answer(store: Speaker) -> None:
    for answer in (store.get(), store.send({}), store.ask("GET", STATEMENTS, Authorization=None)):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        exposed = answer.headers["Access-Control-Expose-Headers"]
        for name in ("ETag", "Last-Modified", VERSION, "X-Experience-API-Consistent-Through"):
            assert name in exposed


def test_a_head_is_a_get_without_its_body(store: Speaker) -> None:
    [key] = store.tell(statement())
    for asked in ({}, {"statementId": key}):
        whole, head = store.get(**asked), store.ask("HEAD", STATEMENTS, asked)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == str(len(whole.data))
        assert head.content_type == whole.content_type
    assert store.ask("HEAD", "/xapi/about").status_code == 200
    assert store.ask("HEAD", STATEMENTS, {"statementId": ID}).status_code == 404


def other_syntax(store: Speaker, method: str, path: str, **fields: Any) -> TestResponse:
    """Send a request as a form that says what it means."""
    said = {"Authorization": store.credentials, VERSION: store.version}
    said |= {
        name: each if isinstance(each, str) else letters(each).decode()
        for name, each in fields.items()
    }
    return store.web.post(f"{path}?method={method}", data=said)


def test_the_other_syntax_is_taken_for_what_it_means(store: Speaker) -> None:
    put = other_syntax(store, "PUT", STATEMENTS, statementId=ID, content=statement())
    assert put.status_code == 204
    got = other_syntax(store, "GET", STATEMENTS, statementId=ID)
    assert got.get_json()["verb"] == VERB
    listed = other_syntax(store, "get", STATEMENTS, verb=VERB["id"], limit="1")
    assert [each["id"] for each in listed.get_json()["statements"]] == [ID]
    kind = "text/plain; name=架空"
    kept = about(STATE, "a", content="所", **{"Content-Type": kind})
    assert other_syntax(store, "PUT", STATE, **kept).status_code == 204
    back = store.ask("GET", STATE, about(STATE, "a"))
    assert back.data == "所".encode()
    assert back.headers["Content-Type"].encode("latin-1").decode() == kind
    gone = other_syntax(store, "DELETE", STATE, **about(STATE, "a", **{"If-Match": '"x"'}))
    assert gone.status_code == 412


@pytest.mark.parametrize("kind", ["text/plain\r\nX-Other: a", "text/plain\0", "text"])
def test_a_header_in_the_other_syntax_is_a_header_and_no_more(store: Speaker, kind: str) -> None:
    answer = other_syntax(store, "PUT", STATE, **about(STATE, "a", **{"Content-Type": kind}))
    assert broken(answer) == ("media_type", "Content-Type")


def test_the_other_syntax_is_none_of_the_new_version(store: Speaker, speak: Speak) -> None:
    new = speak(version="2.0.0")
    put = other_syntax(new, "PUT", STATEMENTS, statementId=ID, content=statement())
    assert broken(put) == ("version", "")
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        body = b"statementId=" + ID.encode()
        answer = new.ask("POST", STATEMENTS, {"method": "PUT"}, body, Content_Type=kind)
        assert broken(answer) == ("unknown", "method")
    assert store.found() == []


@pytest.mark.parametrize("method", ["PATCH", "", "架空", "PUT&limit=1"])
def test_what_means_nothing_in_the_other_syntax_is_refused(store: Speaker, method: str) -> None:
    answer = other_syntax(store, method, STATEMENTS)
    assert answer.status_code in (400, 405)
    assert answer.content_type == "application/problem+json"


def test_a_form_in_the_other_syntax_that_is_no_text_is_refused(store: Speaker) -> None:
    answer = store.web.post(
        f"{STATEMENTS}?method=GET",
        data=b"limit=\xff",
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": store.credentials, VERSION: "1.0.3"},
    )
    assert broken(answer)[0] in ("unknown", "content_type")


@pytest.mark.parametrize("language", ["ja", "en", "de", ""])
def test_a_broken_rule_is_told_with_its_place_and_clause(
    store: Speaker, store_app: flask.Flask, language: str
) -> None:
    body = letters([statement(), statement(context={"team": {"objectType": "Group"}})])
    kind = "application/json"
    answer = store.ask("POST", STATEMENTS, body=body, Content_Type=kind, Accept_Language=language)
    told = problem(answer, 400)
    assert told["type"] == "urn:kenshu:xapi_invalid"
    assert (told["rule"], told["clause"]) == ("members", CLAUSES["members"])
    assert told["place"] == "[1].context.team"
    assert told["instance"] == answer.headers["X-Request-Id"]
    with store_app.test_request_context(), force_locale("en" if language == "en" else "ja"):
        assert str(RULES["members"]) in told["title"]
    is_japanese = [bool(re.search("[ぁ-ん]", told[name])) for name in ("title", "detail")]
    assert is_japanese == [language != "en"] * 2
    assert told["title"].endswith("[1].context.team")


def test_what_was_found_is_told_and_not_read_as_anything_else(store: Speaker) -> None:
    odd = "%(what)s <b>%s</b>"
    told = problem(store.send(statement(verb={"id": odd})), 400)
    assert (told["rule"], told["found"]) == ("iri", odd)
    assert odd in told["title"]


def test_every_answer_that_refuses_is_in_the_readers_language(store: Speaker) -> None:
    for language, title in (
        ("ja", "この方法では開けません"),
        ("en", "It cannot be opened in this way"),
    ):
        answer = store.ask("DELETE", STATEMENTS, Accept="text/html", Accept_Language=language)
        assert problem(answer, 405)["title"] == title
    assert problem(store.ask("GET", "/xapi/none"), 404)["type"] == "urn:kenshu:not_found"


@pytest.mark.parametrize(("method", "path"), [("POST", STATEMENTS), ("PUT", STATE)])
def test_more_than_is_taken_is_refused(store: Speaker, method: str, path: str) -> None:
    params = about(STATE, "a") if path == STATE else {}
    answer = store.ask(method, path, params, b" " * (LARGEST + 1), Content_Type="application/json")
    assert problem(answer, 413)["type"] == "urn:kenshu:too_large"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", STATEMENTS),
        ("PUT", STATEMENTS),
        ("POST", STATEMENTS),
        ("GET", "/xapi/agents"),
        ("GET", "/xapi/activities"),
        ("GET", STATE),
        ("DELETE", "/xapi/activities/profile"),
    ],
)
def test_a_parameter_that_nobody_knows_or_that_comes_twice_is_refused(
    store: Speaker, method: str, path: str
) -> None:
    assert broken(store.ask(method, path, {"course": "1"})) == ("unknown", "course")
    name = {"GET": "activityId", "DELETE": "activityId", "PUT": "statementId"}.get(method)
    if name and path not in (STATEMENTS, "/xapi/agents"):
        assert broken(store.ask(method, f"{path}?{name}=x:y&{name}=x:y")) == ("same_name", name)


def test_strangers_networks_are_let_in_nowhere(settings: Settings, database: Database) -> None:
    own = replace(settings, machine_networks="192.0.2.0/24")
    own.instance.mkdir()
    web = record_store.create_app(own, database).test_client()
    assert web.get("/xapi/about").status_code == 403
    assert web.options(STATEMENTS).status_code == 403
    let_in = {"REMOTE_ADDR": "192.0.2.7"}
    assert web.get("/xapi/about", environ_base=let_in).status_code == 200


def test_while_nothing_may_change_statements_are_read_and_not_kept(
    store: Speaker, session: Session
) -> None:
    [key] = store.tell(statement())
    system.begin(session, Reason.DRILL, by=OFFICE, now=clock.now())
    session.flush()
    assert problem(store.send(statement()), 503)["type"] == "urn:kenshu:read_only"
    assert store.found() == [key]

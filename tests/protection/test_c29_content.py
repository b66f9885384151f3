"""C29: content lives on an origin of its own, without a session, and reaches its own attempt alone.

What a hostile package tries in a real Chromium stands in tests/browser/test_isolation.py.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import flask
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import api, factory, record_store
from app.kernel.db import Database
from app.kernel.errors import NotFound
from app.kernel.settings import Settings, SettingsError
from app.learning.player import access
from app.learning.player.access import Launch
from app.people.permission.models import Role
from tests import apps, factories
from tests.learning import made

LAUNCH = Launch(uuid.UUID(int=7), 3, "ab" * 32, "教材/", "ja", "/assignments/7")


@pytest.mark.requirement("SEC-12")
def test_the_two_origins_may_not_be_one(tmp_path: Path) -> None:
    same = "https://kenshu.example"
    with pytest.raises(SettingsError, match="CONTENT_ORIGIN"):
        Settings(instance=tmp_path, office_origin=same, content_origin=same)


@pytest.mark.requirement("SEC-12")
def test_the_contents_origin_knows_no_session_and_answers_no_page_of_the_office(
    office_app: flask.Flask, content: FlaskClient, session: Session
) -> None:
    office = office_app.test_client()
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    cookie = office.get("/staff").request.headers["Cookie"]
    for route in office_app.url_map.iter_rules():
        if "GET" in (route.methods or ()) and not route.arguments:
            answer = content.get(route.rule, headers={"Cookie": cookie}, follow_redirects=True)
            assert answer.status_code == 404, route.rule
            assert "Set-Cookie" not in answer.headers, route.rule


@pytest.mark.requirement("SEC-12")
def test_a_token_opens_no_other_attempt(settings: Settings) -> None:
    address = access.address(settings, LAUNCH)
    other = access.address(settings, replace(LAUNCH, attempt_id=uuid.UUID(int=8)))
    token = made.path(address).strip("/")
    assert access.read(settings, token, made.origin(address).removeprefix("http://")) == LAUNCH
    with pytest.raises(NotFound):
        access.read(settings, token, made.origin(other).removeprefix("http://"))


@pytest.mark.requirement("SEC-12")
def test_every_way_into_the_contents_origin_needs_a_token(
    settings: Settings, content: FlaskClient
) -> None:
    app = factory.create_content_app(settings)
    rules = {
        rule.rule: app.view_functions[rule.endpoint].rule.name  # type: ignore[attr-defined] # set by route
        for rule in app.url_map.iter_rules()
    }
    # Where content leads back to holds nothing of anybody's.
    open_to_all = {path for path, name in rules.items() if name == "public"}
    assert {path.split("/")[1] for path in open_to_all} == {"returned"}
    assert {rules[path] for path in rules.keys() - open_to_all} == {"launched", "files"}
    assert content.post("/no-token/commit", json=[]).status_code == 404


@pytest.mark.requirement("SEC-12")
@pytest.mark.parametrize(
    ("make", "path"),
    [
        (record_store.create_app, "/xapi/about"),
        (record_store.create_app, "/xapi/statements"),
        (record_store.create_content_app, "/xapi/about"),
        (record_store.create_content_app, "/xapi/activities/state"),
        (api.create_app, "/api/v1/courses"),
    ],
)
def test_what_machines_are_answered_is_neither_kept_by_a_browser_nor_shown_as_a_page(
    settings: Settings, database: Database, make: Callable[..., flask.Flask], path: str
) -> None:
    headers = apps.lent(make, settings, database).test_client().get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in headers["Content-Security-Policy"]

"""C29: content lives on an origin of its own, without a session, and reaches its own attempt alone.

What a hostile package tries in a real Chromium stands in tests/browser/test_isolation.py.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path

import flask
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import factory
from app.kernel.errors import NotFound
from app.kernel.settings import Settings, SettingsError
from app.learning.player import access
from app.learning.player.access import Launch
from app.people.permission.models import Role
from tests import factories
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

"""Every route there is, asked by everybody: generated from the map of routes, so none is missed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import flask
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule as Route
from werkzeug.test import TestResponse

from app.kernel.actor import Step
from app.people.permission.models import Role
from tests import factories

JSON = {"Accept": "application/json"}
#: Roles that somebody is granted, and None for staff without any.
WHO = [None, *(role for role in Role if role is not Role.LEARNER)]
#: What a path's parameter is filled with: nothing that there is.
FILLED = {"uuid": str(uuid.UUID(int=1)), "path": "css/ground.css", "default": "open"}
#: What each rule allows: nobody signed in, staff without a role, staff with a role. A step's pages
#: are open to everybody who has nothing left to do in the sign-in.
KNOWN_RULES = {"public", "identified", "signed_in", *(f"step:{step}" for step in Step)}


def routes(app: flask.Flask, method: str) -> Iterator[tuple[Route, str, str]]:
    """Yield every route of a method with a path to it and the name of its rule."""
    for route in app.url_map.iter_rules():
        if method in (route.methods or ()):
            path = "".join(
                FILLED.get(type(route._converters[part]).__name__.lower()[:4], "open")
                if is_parameter
                else part
                for is_parameter, part in route._trace
                if part != "|"
            )
            yield route, path, app.view_functions[route.endpoint].rule.name


def allows(rule: str, role: Role | None) -> bool:
    """Whether a rule's name lets somebody who is signed in through."""
    if rule in KNOWN_RULES:
        return True
    kind, _, roles = rule.partition(":")
    assert kind == "role", f"an unknown rule: {rule}"
    return role in roles.split("|")


def is_denied_by_the_rule(answer: TestResponse) -> bool:
    """Whether it was the route's rule that refused, and not what it would have shown."""
    return answer.status_code == 403 and answer.get_json()["type"] == "urn:kenshu:role_needed"


def ask(client: FlaskClient, method: str, path: str) -> TestResponse:
    return client.open(path, method=method, headers=JSON, buffered=True)


@pytest.mark.requirement("SEC-02")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_whoever_is_not_signed_in_is_led_to_the_sign_in(
    office_app: flask.Flask, method: str
) -> None:
    asked = 0
    for route, path, rule in routes(office_app, method):
        answer = ask(office_app.test_client(), method, path)
        is_led = answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")
        assert is_led == (rule != "public"), f"{route.endpoint}: {answer.status}"
        asked += rule != "public"
    assert asked > 10


@pytest.mark.requirement("SEC-02")
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", WHO)
def test_a_role_opens_what_its_rule_names_and_nothing_else(
    office_app: flask.Flask, session: Session, role: Role | None, method: str
) -> None:
    who = factories.person(session, roles=(role,) if role else ())
    for route, path, rule in routes(office_app, method):
        client = office_app.test_client()
        factories.enter(client, session, who)
        answer = ask(client, method, path)
        assert is_denied_by_the_rule(answer) != allows(rule, role), (
            f"{route.endpoint} ({rule}) to {role}: {answer.status}"
        )
        assert answer.status_code < 500, f"{route.endpoint}: {answer.status}"


@pytest.mark.requirement("SEC-12")
def test_every_post_needs_the_token_of_its_form(guarded: flask.Flask, session: Session) -> None:
    who = factories.person(session, roles=tuple(role for role in WHO if role))
    asked = 0
    for route, path, _ in routes(guarded, "POST"):
        client = guarded.test_client()
        factories.enter(client, session, who)
        for data in ({}, {"csrf_token": "forged"}):
            answer = client.post(path, data=data, headers=JSON)
            assert answer.status_code == 400, f"{route.endpoint}: {answer.status}"
            assert answer.get_json()["type"] == "urn:kenshu:csrf", route.endpoint
        asked += 1
    assert asked > 10


def test_a_post_with_the_token_of_its_form_is_taken(guarded: flask.Flask) -> None:
    client = guarded.test_client()
    html = client.get("/sign-in").get_data(as_text=True)
    token = html.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    answer = client.post("/language", data={"csrf_token": token, "language": "en"})
    assert answer.status_code == 303

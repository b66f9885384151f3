"""Every route there is, asked by everybody: generated from the map of routes, so none is missed."""

from __future__ import annotations

from collections.abc import Iterator

import flask
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.people.permission.models import Role
from app.portals import views as portals
from tests import factories
from tests.routes import CHANGES, METHODS, Declared, absent, asks_nobody, spelled

JSON = {"Accept": "application/json"}
#: Roles that somebody is granted, and None for staff without any.
WHO = [None, *(role for role in Role if role is not Role.LEARNER)]


def routes(app: flask.Flask, method: str) -> Iterator[tuple[Declared, str, str]]:
    """Yield every route of a method with a path to it and the name of its rule."""
    for route, path in absent(app, method):
        yield route, path, route.rule


def ask(client: FlaskClient, method: str, path: str) -> TestResponse:
    return client.open(path, method=method, headers=JSON, buffered=True)


@pytest.mark.requirement("SEC-02")
@pytest.mark.parametrize("method", METHODS)
def test_whoever_is_not_signed_in_is_led_to_the_sign_in(
    office_app: flask.Flask, method: str
) -> None:
    asked = 0
    for route, path, rule in routes(office_app, method):
        answer = ask(office_app.test_client(), method, path)
        is_led = answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")
        assert is_led == (not asks_nobody(rule)), f"{route.endpoint}: {answer.status}"
        asked += not asks_nobody(rule)
    assert asked >= METHODS[method]


def test_no_route_takes_the_words_of_another(office_app: flask.Flask) -> None:
    adapter = office_app.url_map.bind("")
    taken = {
        f"{route.method} {path} leads to {found}, and not to {route.endpoint}"
        for route, path in spelled(office_app)
        if (found := adapter.match(path, route.method)[0]) != route.endpoint
    }
    assert taken == set()


@pytest.mark.requirement("SEC-12")
@pytest.mark.parametrize("method", CHANGES)
def test_every_change_needs_the_token_of_its_form(
    guarded: flask.Flask, session: Session, method: str
) -> None:
    who = factories.person(session, roles=tuple(role for role in WHO if role))
    asked = 0
    outside = {blueprint.name for blueprint in portals.OUTSIDE}
    for route, path, rule in routes(guarded, method):
        if route.endpoint.partition(".")[0] in outside:
            # No cookie counts there, so that no other site's form can make use of one.
            assert asks_nobody(rule), route.endpoint
            continue
        client = guarded.test_client()
        factories.enter(client, session, who)
        for data in ({}, {"csrf_token": "forged"}):
            answer = client.open(path, method=method, data=data, headers=JSON)
            assert answer.status_code == 400, f"{route.endpoint}: {answer.status}"
            assert answer.get_json()["type"] == "urn:kenshu:csrf", route.endpoint
        asked += 1
    assert asked >= METHODS[method]


def test_a_post_with_the_token_of_its_form_is_taken(guarded: flask.Flask) -> None:
    client = guarded.test_client()
    html = client.get("/sign-in").get_data(as_text=True)
    token = html.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    answer = client.post("/language", data={"csrf_token": token, "language": "en"})
    assert answer.status_code == 303

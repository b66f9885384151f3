"""A platform that the gate is tried against over HTTP: an agreement, keys, browsers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.settings import Settings
from app.learning.records.models import Attempt
from app.people.permission.models import Role
from app.portals.gate.models import PortalLaunch
from app.portals.registrations import service
from app.portals.registrations.models import Portal
from app.portals.registrations.service import Addresses
from lti.message import DEEP_LINKING
from tests import factories
from tests.learning import made as learning
from tests.lti import made
from tests.lti.made import INSTRUCTOR, signed

CLIENT, DEPLOYMENT = "client-7", "deployment-1"


@dataclass
class Keys:
    """The keys of a platform, as they are fetched."""

    origin: str = ""
    published: object = field(default_factory=lambda: {"keys": [made.public("first", "kid-1")]})
    headers: dict[str, str] = field(default_factory=dict)
    asked: int = 0


@contextmanager
def keys() -> Iterator[Keys]:
    """Serve a platform's keys on the loopback."""
    kept = Keys()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kept.asked += 1
            body = json.dumps(kept.published).encode()
            self.send_response(200 if kept.published else 503)
            for name, value in kept.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    kept.origin = f"http://127.0.0.1:{server.server_port}"
    yield kept
    server.shutdown()
    server.server_close()


def portal(session: Session, keys: Keys, client: str = CLIENT, **more: str) -> Portal:
    """Agree with the platform: one administrator proposes, another approves."""
    now = clock.now()
    settings: Settings = flask.current_app.extensions["kenshu.settings"]
    one, other = (
        Actor(factories.person(session).id, grants=(Grant(Role.ADMINISTRATOR),)) for _ in range(2)
    )
    said = {
        "name": "架空ポータル",
        "issuer": keys.origin,
        "client_id": client,
        "auth_login_url": f"{keys.origin}/auth",
        "auth_token_url": f"{keys.origin}/token",
        "key_set_url": f"{keys.origin}/keys",
        **more,
    }
    row = service.propose(session, Addresses(**said), by=one, now=now, settings=settings)
    service.approve(session, row, by=other, now=now)
    service.offer(session, row, (), has_all=True, by=one, now=now)
    service.allow_deployment(session, row, DEPLOYMENT, is_allowed=True, by=one, now=now)
    session.flush()
    return row


@dataclass
class Begun:
    """A login that a browser has begun."""

    state: str
    nonce: str
    #: What was given to the browser to keep.
    verifier: str
    address: str


@dataclass
class Peer:
    """The platform with its agreement, a material, and a way to launch it from any browser."""

    app: flask.Flask
    session: Session
    keys: Keys
    portal: Portal
    link: str

    def browser(self) -> FlaskClient:
        """Return a browser that nobody has used."""
        return self.app.test_client()

    def asks(self, **changes: str | None) -> dict[str, str]:
        """Return the parameters of a login; one that is None is left out."""
        given: dict[str, str | None] = {
            "iss": self.keys.origin,
            "login_hint": "person-1",
            "target_link_uri": self.link,
            "client_id": CLIENT,
            **changes,
        }
        return {name: value for name, value in given.items() if value is not None}

    def login(self, browser: FlaskClient, *, post: bool = False, **changes: str | None) -> Begun:
        """Begin a login as a browser does that is led there."""
        asked = self.asks(**changes)
        answer = (
            browser.post("/lti/login", data=asked)
            if post
            else browser.get("/lti/login", query_string=asked)
        )
        assert answer.status_code == 200, answer.text
        (kept,) = html.fromstring(answer.text).xpath("//*[@data-portal-login]")
        address = kept.get("data-address")
        query = parse_qs(urlsplit(address).query)
        (state,), (nonce,) = query["state"], query["nonce"]
        assert query["redirect_uri"] == ["http://localhost:8000/lti/launch"]
        return Begun(state, nonce, kept.get("data-verifier"), address)

    def claims(self, nonce: str, /, **changes: object) -> dict[str, Any]:
        """Return the claims of a good launch of now; one that is None is left out."""
        second = int(clock.now().timestamp())
        whole = {
            "iss": self.keys.origin,
            "iat": second,
            "exp": second + 300,
            "nonce": nonce,
            "target_link_uri": self.link,
            **changes,
        }
        return made.claims(**whole)

    def choosing(
        self, nonce: str, wanted: Mapping[str, object], **changes: object
    ) -> dict[str, Any]:
        """Return the claims of a good request to choose links."""
        asked = self.claims(
            nonce,
            **{
                "message_type": "LtiDeepLinkingRequest",
                "roles": [INSTRUCTOR],
                "target_link_uri": None,
                "resource_link": None,
                **changes,
            },
        )
        usual = {
            "deep_link_return_url": f"{self.keys.origin}/chosen?for=1",
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe"],
        }
        return {**asked, DEEP_LINKING: {**usual, **wanted}}

    def posted(self, browser: FlaskClient, **fields: str | None) -> TestResponse:
        """Post an answer to the gate, and what the page in between sends, as a browser would.

        A browser that keeps nothing sends nothing: that is what the page finds then.
        """
        given = {name: value for name, value in fields.items() if value is not None}
        answer = browser.post("/lti/launch", data=given)
        if answer.status_code != 200 or "data-portal-launch" not in answer.text:
            return answer
        (form,) = html.fromstring(answer.text).xpath("//form[@data-portal-launch]")
        return browser.post(form.get("action"), data=dict(form.form_values()))

    def launch(
        self,
        browser: FlaskClient | None = None,
        *,
        begun: Begun | None = None,
        header: Mapping[str, Any] | None = None,
        by: str = "first",
        **changes: object,
    ) -> TestResponse:
        """Launch from beginning to end, with these claims changed."""
        there = browser or self.browser()
        login = begun or self.login(there)
        token = signed(self.claims(login.nonce, **changes), header=header, by=by)
        return self.posted(there, state=login.state, id_token=token)

    def attempts(self) -> int:
        """Return how many attempts there are."""
        return self.session.scalar(sa.select(sa.func.count(Attempt.id))) or 0

    def noted(self) -> PortalLaunch:
        """Return what was noted last."""
        query = sa.select(PortalLaunch).order_by(PortalLaunch.id.desc()).limit(1)
        return self.session.scalars(query).one()

    def accepts(self, answer: TestResponse) -> str:
        """See that somebody was let in, and return where they are led."""
        assert answer.status_code == 303, answer.text
        assert (self.noted().code, self.noted().portal_id) == ("accepted", self.portal.id)
        return answer.location

    def refuses(self, answer: TestResponse, code: str) -> None:
        """See that nobody was let in, that the page says so, and that the office learns why."""
        assert answer.status_code in (400, 403), answer.text
        assert "教材を開けませんでした" in answer.text
        assert self.noted().code == code
        assert self.noted().reference in answer.text
        assert self.attempts() == 0


def peer(app: flask.Flask, session: Session, kept: Keys) -> Peer:
    """Return a platform that may open a material of one page."""
    with app.app_context():
        row = portal(session, kept)
    material_id = learning.version(session, learning.sco("A")).material_id
    link = f"http://localhost:8000/lti/materials/{material_id}"
    return Peer(app, session, kept, row, link)

"""A platform's services on the loopback: tokens, line items, scores and who is in a course."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any
from urllib.parse import parse_qs

from lti.http import Line
from lti.registration import Registration
from lti.services import Connector, Tokens
from lti.signing import ToolKey, generate, load
from tests.lti.made import NOW, REGISTRATION


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Services:
    """What a platform answers with, and what it was asked."""

    origin: str = ""
    asked: list[Asked] = field(default_factory=list)
    #: (status, headers, body) by method and path; the first of several is used up.
    answers: dict[str, list[tuple[int, dict[str, str], object]]] = field(default_factory=dict)
    #: How long a token holds; None where the platform does not say.
    expires_in: object = 3600
    tokens: Tokens = field(default_factory=Tokens)

    @property
    def registration(self) -> Registration:
        """Return the agreement with it."""
        return replace(
            REGISTRATION,
            auth_token_url=f"{self.origin}/token",
            key_set_url=f"{self.origin}/keys",
            more_hosts=("127.0.0.1",),
        )

    def connector(self) -> Connector:
        """Return a connector to it."""
        line = Line(self.registration.hosts, networks=(ip_network("127.0.0.0/8"),))
        return Connector(self.registration, tool_key(), line, self.tokens, lambda: NOW)

    def answers_with(self, call: str, *given: object, status: int = 200, **headers: str) -> None:
        """Have it answer a call, `GET /path`, by these in turn; the last one stays."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[call] = [(status, named, each) for each in given]

    def scopes(self) -> list[str]:
        """Return the scopes that tokens were asked for."""
        bodies = [parse_qs(each.body) for each in self.asked if each.path == "/token"]
        return [body["scope"][0] for body in bodies]

    def answer(self, asked: Asked) -> tuple[int, dict[str, str], object]:
        """Return what a call is answered by."""
        self.asked.append(asked)
        listed = self.answers.get(f"{asked.method} {asked.path}")
        if listed:
            return listed.pop(0) if len(listed) > 1 else listed[0]
        if asked.path == "/token":
            given: dict[str, Any] = {"access_token": f"token-{len(self.asked)}"}
            if self.expires_in is not None:
                given["expires_in"] = self.expires_in
            return 200, {}, given
        return 404, {}, "nothing here"


def tool_key() -> ToolKey:
    """Return our key."""
    return load("tool-1", _PEM)


_PEM = generate()


@contextmanager
def serving() -> Iterator[Services]:
    """Serve a platform's services on a free port, and stop at the end."""
    services = Services()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(size).decode()
            headers = dict(self.headers.items())
            status, more, said = services.answer(Asked(self.command, self.path, headers, body))
            sent = said if isinstance(said, str) else json.dumps(said)
            self.send_response(status)
            for name, value in {**more, "Content-Length": str(len(sent.encode()))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent.encode())

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    services.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield services
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

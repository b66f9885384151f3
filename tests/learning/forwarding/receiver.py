"""Another record store on the loopback: it keeps what it is sent, or refuses what it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from xapi import multipart
from xapi.multipart import Attachment


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    #: The ids of the statements that came.
    ids: tuple[str, ...] = ()


@dataclass
class Receiver:
    """What it has, what it was asked, and how it is to answer."""

    origin: str = ""
    asked: list[Asked] = field(default_factory=list)
    #: What it keeps, in the order in which it took it.
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    #: What it answers to everything, where it is not well.
    status: int = 200
    said: str = ""
    #: By the id of a statement, with which status it is refused.
    refuses: dict[str, int] = field(default_factory=dict)
    #: Whether it knows our key.
    knows_key: bool = True
    about: object = field(default_factory=lambda: {"version": ["1.0.3", "1.0.0"]})
    #: What it does before it answers statements.
    meanwhile: Any = None

    @property
    def endpoint(self) -> str:
        """The address of its resources."""
        return f"{self.origin}/lrs/"

    @property
    def posted(self) -> list[Asked]:
        """The requests that brought statements."""
        return [each for each in self.asked if each.method == "POST"]

    def take(self, statements: list[dict[str, Any]], attachments: list[Attachment]) -> int:
        """Keep statements, all or none; return the status of the answer."""
        for each in statements:
            if each["id"] in self.refuses:
                return self.refuses[each["id"]]
        self.kept |= {each["id"]: each for each in statements}
        self.attachments |= {each.sha2: each for each in attachments}
        return 200


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    store: Receiver


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def store(self) -> Receiver:
        assert isinstance(self.server, _Server)
        return self.server.store

    def do_GET(self) -> None:
        store, address = self.store, urlsplit(self.path)
        store.asked.append(Asked("GET", self.path, dict(self.headers)))
        if store.status != 200:
            self._answer(store.status, store.said)
        elif address.path == "/lrs/about":
            self._answer(200, json.dumps(store.about))
        elif not store.knows_key:
            self._answer(401, "")
        else:
            [key] = parse_qs(address.query).get("statementId", [""])
            self._answer(200 if key in store.kept else 404, "{}")

    def do_POST(self) -> None:
        store = self.store
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.headers["Content-Type"]
        attachments: list[Attachment] = []
        if multipart.media_type(kind) == multipart.MIXED:
            body, attachments = multipart.opened(kind, body)
        statements = json.loads(body)
        ids = tuple(each["id"] for each in statements)
        store.asked.append(Asked("POST", self.path, dict(self.headers), ids))
        if store.meanwhile:
            store.meanwhile()
        status = store.status if store.status != 200 else store.take(statements, attachments)
        self._answer(status, store.said if status != 200 else json.dumps(ids))

    def _answer(self, status: int, said: str) -> None:
        content = said.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Set-Cookie", "session=1")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Receiver]:
    """Serve another record store."""
    store = Receiver()
    server = _Server(("127.0.0.1", 0), _Handler)
    server.store = store
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    store.origin = f"http://127.0.0.1:{server.server_port}"
    yield store
    server.shutdown()
    thread.join()
    server.server_close()

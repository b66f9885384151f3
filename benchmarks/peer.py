"""A portal to measure with: what is agreed with it, and its platform, a process of its own.

The platform publishes a key, gives tokens at once, and takes its while for each score.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, ClassVar

from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from app.content.materials import service as materials
from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.people.permission.models import Role
from app.portals.registrations import service as portals
from app.portals.registrations.service import Addresses
from benchmarks import load, servers
from benchmarks.databases import installation

CLIENT, DEPLOYMENT, KID = "client-7", "deployment-1", "kid-1"
#: Seconds that the platform takes for each score.
SERVICE = 0.2


@dataclass(frozen=True)
class Agreed:
    """A portal whose platform answers, and a material that it may open."""

    settings: Settings
    database: Database
    origin: str
    key: rsa.RSAPrivateKey
    portal_id: uuid.UUID
    material_id: uuid.UUID


@contextmanager
def agreed() -> Iterator[Agreed]:
    """Yield an agreement of a fresh installation with a platform that answers."""
    now = clock.now()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with installation("postgresql") as (fresh, database), _platform(key) as origin:
        settings = replace(fresh, port=servers.free_port(), portal_networks="127.0.0.0/8")
        with database.unit_of_work() as session:
            people = load.staff(session, 2)
            version = load.material(session, settings, people[0], now)
            author = Actor(person_id=people[0].id, grants=(Grant(Role.AUTHOR),))
            materials.publish(session, version.id, by=author, now=now)
            said = Addresses(
                "架空ポータル",
                origin,
                CLIENT,
                f"{origin}/auth",
                f"{origin}/token",
                f"{origin}/keys",
            )
            one, other = (Actor(each.id, grants=(Grant(Role.ADMINISTRATOR),)) for each in people)
            portal = portals.propose(session, said, by=one, now=now, settings=settings)
            portals.approve(session, portal, by=other, now=now)
            portals.offer(session, portal, (), has_all=True, by=one, now=now)
            portals.allow_deployment(session, portal, DEPLOYMENT, is_allowed=True, by=one, now=now)
            ids = portal.id, version.material_id
        yield Agreed(settings, database, origin, key, *ids)


@contextmanager
def _platform(key: rsa.RSAPrivateKey) -> Iterator[str]:
    """Serve a platform by a process of its own; yield its origin."""
    public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    keys = {"keys": [{**public, "kid": KID, "alg": "RS256", "use": "sig"}]}
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_serve, args=(theirs, keys), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


def _serve(pipe: Connection, keys: dict[str, Any]) -> None:
    _Platform.keys = keys
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Platform)
    pipe.send(server.server_port)
    server.serve_forever()


class _Platform(BaseHTTPRequestHandler):
    """Keys and tokens at once, a score in its time, and the list of those whose it has taken."""

    protocol_version = "HTTP/1.1"
    #: An answer goes out as one piece, and does not wait for its first half to be acknowledged.
    wbufsize = 65536
    keys: ClassVar[dict[str, Any]] = {}
    taken: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self._answer(self.taken if self.path == "/taken" else self.keys)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/token":
            self._answer({"access_token": "token-1", "expires_in": 3600})
            return
        time.sleep(SERVICE)
        self.taken.append(json.loads(body)["userId"])
        self._answer({})

    def _answer(self, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""

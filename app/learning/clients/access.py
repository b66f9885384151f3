"""Who speaks to the record store: a client by its key and secret, and what it may do.

A client that has just spoken is remembered for a moment, for those who ask by the way whether it
still may when they write.

No answer asks a browser for a password (`WWW-Authenticate`): content sends its credentials itself,
and a browser would stop and ask the learner.
"""

from __future__ import annotations

import binascii
import hmac
import uuid
from base64 import b64decode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, cast

import flask
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.errors import Forbidden, Unauthorized, Unavailable
from app.kernel.hashing import hashed
from app.kernel.plain import Plain
from app.kernel.system.service import IS_CHANGEABLE
from app.kernel.web import routing
from app.kernel.web.rules import Rule
from app.learning.clients.models import XapiClient
from app.learning.sessions.access import Own

#: What a client may do, and what that holds beside itself (Communication 4.0, scopes).
SCOPES: Final[Mapping[str, frozenset[str]]] = {
    "statements/write": frozenset(),
    "statements/read/mine": frozenset(),
    "statements/read": frozenset({"statements/read/mine"}),
    "state": frozenset(),
    "profile": frozenset(),
    "content": frozenset(),
    "all/read": frozenset({"statements/read", "statements/read/mine", "read"}),
    "all": frozenset(
        {"statements/write", "statements/read", "statements/read/mine", "state", "profile", "read"}
    ),
}
_FOUND: Final = Plain(
    sa.select(
        XapiClient.id,
        XapiClient.name,
        XapiClient.key,
        XapiClient.secret_hash,
        XapiClient.scopes,
        IS_CHANGEABLE,
    ).where(XapiClient.key == sa.bindparam("key"), XapiClient.stopped_at.is_(None))
)


@dataclass(frozen=True)
class Client:
    """Who speaks, and what it may do."""

    id: uuid.UUID
    name: str
    key: str
    scopes: frozenset[str]
    #: Whether the system may be changed just now.
    may_change: bool
    #: What it may reach alone, where it is content that was launched; None for a system.
    own: Own | None = None
    #: Whether nobody was asked just now: it may have been stopped since, or the system read only.
    is_remembered: bool = False

    def authority(self, home_page: str) -> dict[str, Any]:
        """Return it as the agent that vouches for what it says (Data 2.4.9)."""
        account = {"homePage": home_page, "name": self.key}
        return {"objectType": "Agent", "name": self.name, "account": account}


#: Under this name an application keeps who tells from a header who speaks.
IDENTIFY: Final = "kenshu.xapi_identify"
Identify = Callable[[Session, str], Client]
#: And under this one who has spoken lately, by the hash of what opens to them, and when.
_LATELY: Final = "kenshu.xapi_lately"
#: So long somebody is remembered.
_MOMENT: Final = timedelta(seconds=10)


def held(scopes: Collection[str]) -> frozenset[str]:
    """Return all that these scopes allow."""
    found = set(scopes)
    for scope in scopes:
        found |= SCOPES.get(scope, frozenset())
    return frozenset(found)


def credentials(header: str) -> tuple[str, str]:
    """Return the key and the secret that an Authorization header brings. Raises Unauthorized."""
    scheme, _, said = header.partition(" ")
    try:
        pair = b64decode(said.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        pair = ""
    key, colon, secret = pair.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise Unauthorized("credentials_needed")
    return key, secret


def identify(session: Session, header: str) -> Client:
    """Return the client whose credentials a header brings. Raises Unauthorized."""
    key, secret = credentials(header)
    row = _FOUND.one(session, key=key) if "\0" not in key else None
    if row is None or not hmac.compare_digest(row[3], hashed(secret)):
        raise Unauthorized("credentials_wrong")
    found = Client(row[0], row[1], row[2], held(row[4]), row[5])
    if found.may_change:
        _lately()[_by(key, secret)] = replace(found, is_remembered=True), routing.now()
    return found


def remembered(header: str) -> Client | None:
    """Return who has spoken with this header a moment ago, as they were. Raises Unauthorized."""
    found, at = _lately().get(_by(*credentials(header)), (None, routing.now()))
    return found if timedelta() <= routing.now() - at < _MOMENT else None


def _lately() -> dict[str, tuple[Client, datetime]]:
    """Return who has spoken to this application: what opens the one opens no other."""
    return cast(
        "dict[str, tuple[Client, datetime]]",
        flask.current_app.extensions.setdefault(_LATELY, {}),
    )


def _by(key: str, secret: str) -> str:
    return hashed(f"{key}:{secret}")


def client() -> Client:
    """Return who speaks."""
    return cast("Client", flask.g.client)


def speaking(*scopes: str, even_remembered: bool = False) -> Rule:
    """Return the rule that asks for a client with one of these scopes.

    Whether the system may only be read is asked by the way: routes are `even_read_only`. A route of
    `even_remembered` asks for both itself, of a client that is remembered.
    """

    def check() -> None:
        header = flask.request.headers.get("Authorization", "")
        flask.g.client = (remembered(header) if even_remembered else None) or _asked(header)
        if not client().scopes.intersection(scopes):
            raise Forbidden("scope_needed", scopes=scopes)
        if flask.request.method not in ("GET", "HEAD") and not client().may_change:
            raise Unavailable("read_only")

    return Rule("client:" + "|".join(scopes), check)


def _asked(header: str) -> Client:
    known = cast("Identify", flask.current_app.extensions[IDENTIFY])
    return known(routing.session(), header)

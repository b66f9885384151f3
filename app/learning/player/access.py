"""The launch token: the one thing that opens an attempt on the content's origin.

It names the attempt and its lease, is signed, and expires: after some hours, and a little after the
time to learn is over, so that what was done at its last moment still arrives. Each attempt has an
origin of its own where the installation's host names allow it, so that not even two attempts of one
package share a browser's storage; the token must come to the origin it was made for.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any, cast
from urllib.parse import urlsplit

import flask
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.errors import Gone, NotFound
from app.kernel.settings import Settings
from app.kernel.web.routing import settings
from app.kernel.web.rules import Rule
from app.learning.owners.models import Owner

#: Under this name the content's application keeps a function that says whether a door is open.
IS_OPEN = "kenshu.is_door_open"


@dataclass(frozen=True)
class Door:
    """Where somebody comes in who does not come from the office: a key of a wing above."""

    id: uuid.UUID
    #: The origins whose pages may frame what is opened, with spaces between.
    origins: str


@dataclass(frozen=True)
class Visit:
    """Who opens something, and from where."""

    owner: Owner
    #: Language of the player's own words.
    language: str
    #: Where the player leads back to: a path in the office, or a whole address for whom another
    #: system has launched; "" for nowhere.
    back: str
    #: The door they came by; None for the office's own pages.
    door: Door | None = None


@dataclass(frozen=True)
class Launch:
    """What a launch token says."""

    attempt_id: uuid.UUID
    #: The launch's number within its attempt.
    lease: int
    #: SHA-256 of the package; empty for a video.
    sha256: str
    #: Folder inside the package that holds the manifest; of a video, the place of its film.
    root: str
    #: Language of the player's own words.
    language: str
    #: Where the player leads back to, as `Visit.back`.
    back: str
    #: When the time to learn is over, in seconds since 1970; None where it never is.
    until: int | None = None
    #: The door it was opened by; empty for the office's own pages.
    door: str = ""
    #: The origins whose pages may frame it, beside those of the settings.
    framed_by: str = ""

    def is_late(self, now: datetime) -> bool:
        """Return whether what comes now comes after the time to learn."""
        return self.until is not None and now.timestamp() > self.until


@cache
def _serializer(configured: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(configured.key(), salt="launch")


def origin_of(configured: Settings, attempt_id: uuid.UUID) -> str:
    """Return the origin that serves an attempt."""
    return configured.content_origin_of(f"a-{attempt_id.hex}")


def address(configured: Settings, launch: Launch, page: str = "") -> str:
    """Return the address that opens the player, or another page, for a launch."""
    claims = [
        launch.attempt_id.hex,
        launch.lease,
        launch.sha256,
        launch.root,
        launch.language,
        launch.back,
        launch.until,
        launch.door,
        launch.framed_by,
    ]
    token = _serializer(configured).dumps(claims)
    return f"{origin_of(configured, launch.attempt_id)}/{token}/{page}"


@cache
def _files(configured: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(configured.key(), salt="files")


def file_address(configured: Settings, launch: Launch, name: str) -> str:
    """Return the address of a file of the launched package, under a token that opens nothing else.

    It stands in statements, which others may read: no launch token may.
    """
    claims = [launch.attempt_id.hex, launch.sha256, launch.root, launch.framed_by]
    token = _files(configured).dumps(claims)
    return f"{origin_of(configured, launch.attempt_id)}/files/{token}/{name}"


def read(configured: Settings, token: str, host: str) -> Launch:
    """Return what a token says.

    Raises Gone("launch_expired") when its hours are over, Gone("launch_over") when the time to
    learn and its grace are, NotFound when it is not ours or came to another attempt's origin. Our
    clock counts, never the learner's.
    """
    launch, own_host, signed_at = _opened(configured, token)
    now = clock.now()
    if now - signed_at > timedelta(hours=configured.launch_hours):
        raise Gone("launch_expired")
    if launch.is_late(now - timedelta(minutes=configured.grace_minutes)):
        raise Gone("launch_over")
    if own_host != host:
        raise NotFound
    return launch


@lru_cache(maxsize=4096)
def _opened(configured: Settings, token: str) -> tuple[Launch, str, datetime]:
    """Return what a token of ours says, the host it must come to, and when it was signed.

    A signature holds for good, and a player sends its token with every file and every commit.
    """
    claims: list[Any]
    signed_at: datetime
    try:
        claims, signed_at = _serializer(configured).loads(token, return_timestamp=True)
    except BadSignature as error:
        raise NotFound from error
    launch = Launch(uuid.UUID(claims[0]), *claims[1:])
    own_host = urlsplit(origin_of(configured, launch.attempt_id)).netloc
    return launch, own_host, signed_at


def is_shut(session: Session, launch: Launch) -> bool:
    """Whether the door that a launch came by has been shut since."""
    if not launch.door:
        return False
    is_open = cast("Callable[[Session, uuid.UUID], bool]", flask.current_app.extensions[IS_OPEN])
    return not is_open(session, uuid.UUID(launch.door))


def launched() -> Launch:
    """Return the launch of the present request; LAUNCHED has read it."""
    found: Launch = flask.g.launch
    return found


def _check() -> None:
    token = (flask.request.view_args or {})["token"]
    flask.g.launch = read(settings(), token, flask.request.host)
    flask.g.framed_by = flask.g.launch.framed_by


#: Whoever holds a launch token, on the origin of its attempt.
LAUNCHED = Rule("launched", _check)


def _check_file() -> None:
    configured, token = settings(), (flask.request.view_args or {})["token"]
    age = configured.launch_hours * 3600
    try:
        attempt, sha256, root, framed_by = _files(configured).loads(token, max_age=age)
    except SignatureExpired as error:
        raise Gone("launch_expired") from error
    except BadSignature as error:
        raise NotFound from error
    own_host = urlsplit(origin_of(configured, uuid.UUID(attempt))).netloc
    if own_host != flask.request.host:
        raise NotFound
    flask.g.launch = Launch(uuid.UUID(attempt), 0, sha256, root, "", "", framed_by=framed_by)
    flask.g.framed_by = framed_by


#: Whoever holds the token of a package's files, on the origin of its attempt.
FILES = Rule("files", _check_file)

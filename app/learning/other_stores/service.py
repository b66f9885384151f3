"""Another record store, asked over HTTP: it is sent statements, and asked what it has and speaks.

Whatever it answers is one of three things: it has taken them (200), it will not have what they say,
or nothing can be sent to it now, whatever they say. The database is not touched here.
"""

from __future__ import annotations

import io
import uuid
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from app.kernel.calling import line
from app.kernel.settings import Settings
from lti.errors import LineRefused
from lti.http import Answer
from xapi import multipart
from xapi.multipart import Attachment

VERSION: Final = "X-Experience-API-Version"
#: Seconds until an answer begins, and for all of it: fifty statements with films take their while.
SECONDS: Final = (30.0, 45.0)
#: Letters of an answer that are kept to be read by somebody.
SAID: Final = 500
#: By these a store says that it will not have what was sent (Communication 3.2); 409 is one of
#: another statement with the same id.
_OF_CONTENT: Final = frozenset({400, 409, 413, 415, 422})
CONFLICT: Final = 409
#: By this, that it knows no such key.
UNKNOWN: Final = 401


@dataclass(frozen=True)
class OtherStore:
    """Where another record store is, how it knows us, and what it speaks."""

    endpoint: str
    key: str
    secret: str
    version: str


@dataclass(frozen=True)
class Going:
    """A statement that is to be sent."""

    seq: int
    id: uuid.UUID
    #: As it is kept.
    text: str
    #: What it has that has no address of its own.
    attachments: Sequence[Attachment] = ()


class StoreRefuses(Exception):
    """The store will not have what was sent, whenever it is sent."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(status)
        self.status = status
        #: What it said, cut.
        self.said = said


class StoreAway(Exception):
    """Nothing can be sent to the store now.

    `code` is credentials_refused (401, 403), store_failing (5xx, 429), not_a_store (any other
    answer that no record store gives), or why no answer came: a code of LineRefused.
    """

    def __init__(self, code: str, status: int = 0, said: str = "") -> None:
        super().__init__(code)
        self.code = code
        #: The HTTP status; 0 where there was no answer.
        self.status = status
        #: What it said, cut.
        self.said = said


def send(store: OtherStore, going: Sequence[Going], settings: Settings) -> None:
    """Send statements, all or none of which are taken. Raises StoreRefuses and StoreAway.

    One that is there already is taken: the store knows it by its id.
    """
    body, kind = _written(going)
    # Read bit by bit: sent at once, all of it would have to be through within the time of a bit.
    data, headers = io.BytesIO(body), {"Content-Type": kind}
    answer = _asked(store, settings, "POST", "statements", data=data, headers=headers)
    if _is_good(answer):
        return
    if answer.status_code not in _OF_CONTENT:
        raise _away(answer)
    if not (
        answer.status_code == CONFLICT and len(going) == 1 and _has(store, going[0].id, settings)
    ):
        raise StoreRefuses(answer.status_code, _said(answer))


def _written(going: Sequence[Going]) -> tuple[bytes, str]:
    """Return statements as a body, and of which type it is (Communication 1.5)."""
    document = f"[{','.join(each.text for each in going)}]".encode("utf-8", "surrogatepass")
    attachments = {one.sha2: one for each in going for one in each.attachments}
    if not attachments:
        return document, multipart.JSON
    boundary = uuid.uuid4().hex
    body = multipart.written(boundary, document, attachments.values())
    return body, f"{multipart.MIXED}; boundary={boundary}"


def _has(store: OtherStore, key: uuid.UUID, settings: Settings) -> bool:
    """Whether a store has a statement of this id; one that may not tell us has none."""
    return any(
        _is_good(_asked(store, settings, "GET", "statements", params={name: str(key)}))
        for name in ("statementId", "voidedStatementId")
    )


def tried(store: OtherStore, settings: Settings) -> list[str]:
    """Return the versions that a store says it speaks, once it has let our key in, too.

    Raises StoreAway. A key that may write need not be one that may read (403).
    """
    told = _versions(store, settings)
    # Of an id that nobody has: no statement of theirs is read for this.
    asked = {"statementId": str(uuid.uuid4())}
    answer = _asked(store, settings, "GET", "statements", params=asked)
    if answer.status_code == UNKNOWN:
        raise _away(answer)
    return told


def _versions(store: OtherStore, settings: Settings) -> list[str]:
    """Return what a store says of itself (Communication 2.8)."""
    answer = _asked(store, settings, "GET", "about")
    if not _is_good(answer):
        raise _away(answer)
    try:
        told = answer.json()
    except ValueError:
        told = None
    found = told.get("version") if isinstance(told, dict) else None
    if not isinstance(found, list) or not found:
        raise StoreAway("not_a_store", answer.status_code, _said(answer))
    return [str(each)[:_LONGEST] for each in found[:_MOST]]


#: Versions that are told of a store, and letters of each, at most.
_MOST: Final = 20
_LONGEST: Final = 20


def speaks(told: Sequence[str], version: str) -> bool:
    """Whether a store that speaks these versions is spoken to in this one: 1.0.x is one."""
    family = version.rpartition(".")[0]
    return any(each == family or each.startswith(f"{family}.") for each in told)


def _asked(
    store: OtherStore,
    settings: Settings,
    method: str,
    resource: str,
    *,
    headers: Mapping[str, str] | None = None,
    **options: Any,
) -> Answer:
    """Return what a store answers. Raises StoreAway where it does not."""
    pair = b64encode(f"{store.key}:{store.secret}".encode()).decode()
    said = {"Authorization": f"Basic {pair}", VERSION: store.version, **(headers or {})}
    hosts = frozenset({urlsplit(store.endpoint).hostname or ""})
    called = line(settings, hosts, seconds=SECONDS)
    try:
        return called.request(method, f"{store.endpoint}{resource}", headers=said, **options)
    except LineRefused as error:
        raise StoreAway(error.code) from None


def _is_good(answer: Answer) -> bool:
    """Whether a store has done as it was asked: what leads elsewhere has not."""
    return 200 <= answer.status_code < 300


def _away(answer: Answer) -> StoreAway:
    status = answer.status_code
    if status in (UNKNOWN, 403):
        code = "credentials_refused"
    elif status >= 500 or status == 429:
        code = "store_failing"
    else:
        code = "not_a_store"
    return StoreAway(code, status, _said(answer))


def _said(answer: Answer) -> str:
    """Return the first letters of an answer, without what no text of the database holds."""
    # So many bytes hold as many letters at least; guessing an encoding would take long.
    begun = answer.content[: SAID * 4].decode("utf-8", "replace")
    return begun.replace("\0", "")[:SAID].strip()

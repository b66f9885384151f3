"""A unit of a course launched: its session, what its content is to know, its address (cmi5, 8)."""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from app.content.outlines.queries import COURSES
from app.kernel.db import new_id
from app.kernel.errors import Conflict, NotFound
from app.kernel.hashing import hashed
from app.kernel.settings import Settings
from app.learning.documents import queries as shelves
from app.learning.documents import service as documents
from app.learning.documents.queries import AGENT, STATE, Shelf
from app.learning.documents.service import Conditions
from app.learning.own_statements import service as own_statements
from app.learning.owners.models import Owner
from app.learning.player import access as tokens
from app.learning.player.access import Launch
from app.learning.sessions import access, service
from app.learning.sessions.models import XapiSession
from app.learning.sessions.service import Place, Work
from scorm import urls
from xapi.actors import identity
from xapi.cmi5 import preferences, standing, statements, words
from xapi.cmi5.course import Mode, Unit, said

#: Where the page of a course stands below its token.
PAGE: Final = "course"
#: Where content leads back to; see `views.returned`.
RETURNED: Final = "returned/"
_JSON: Final = "application/json"


@dataclass(frozen=True)
class Opened:
    """A unit that was launched: by which session, and where its content is."""

    session_id: uuid.UUID
    unit: Unit
    mode: str
    address: str


def page_of(edition: str) -> str:
    """Return the page that a launch of a package of an edition opens, below its token."""
    return PAGE if edition in COURSES else ""


def begin(session: Session, attempt_id: uuid.UUID, owner: Owner, place: Place) -> None:
    """Have a new attempt at a course know its learner, and what is satisfied from the start.

    The learner is known by a key of ours, and by no name: what content says of them is kept, and
    may go on to others.
    """
    begin_for(session, attempt_id, own_statements.account(place.home_page, str(owner.id)), place)


def begin_for(session: Session, attempt_id: uuid.UUID, actor: dict[str, Any], place: Place) -> None:
    """Do what `begin` does for a learner who is known by an agent of another system."""
    work = Work.on(session, attempt_id, place)
    if not work.document:
        work.begin(actor)
        work.conclude()


def open_unit(
    session: Session,
    launch: Launch,
    key: str,
    *,
    now: datetime,
    settings: Settings,
    mode: str | None = None,
    return_url: str = "",
) -> Opened:
    """Launch a unit; `mode` is ours to choose where it is not given.

    `return_url` is where content leads back to (10.2.6); without it a page of ours, which tells
    the course's page that frames it.

    Whatever content of the same attempt was open before is over. Raises NotFound for a unit that is
    not there, and Conflict("superseded") where a newer launch has been opened.
    """
    work = Work.on(session, launch.attempt_id, Place(settings.office_origin, now))
    unit = work.course.unit(key)
    if unit is None:
        raise NotFound
    if launch.lease < work.attempt.opened_lease:
        raise Conflict("superseded")
    work.attempt.opened_lease = launch.lease
    row = _session(work, launch, unit, mode or _mode(work, unit), settings)
    address = _address(launch, unit, settings)
    found = service.open_session(work, row, address)
    address = _launched(work, row, found, address, launch, settings, return_url)
    work.conclude()
    return Opened(row.id, unit, row.mode, address)


def _mode(work: Work, unit: Unit) -> str:
    """Return how a unit is launched: a preview leaves no result, and what is done adds none."""
    if work.attempt.record_id is None:
        return Mode.BROWSE
    return Mode.REVIEW if standing.is_to_review(unit, work.document) else Mode.NORMAL


def _session(work: Work, launch: Launch, unit: Unit, mode: str, settings: Settings) -> XapiSession:
    now = work.place.now
    expires = now + timedelta(hours=settings.launch_hours)
    until = datetime.fromtimestamp(launch.until, now.tzinfo) if launch.until else None
    if until is not None:
        expires = min(expires, until + timedelta(minutes=settings.grace_minutes))
    return XapiSession(
        id=new_id(),
        attempt_id=work.attempt.id,
        unit=unit.key,
        mode=mode,
        said=[],
        launched_at=now,
        until_at=until,
        expires_at=expires,
    )


def _address(launch: Launch, unit: Unit, settings: Settings) -> str:
    """Return where a unit begins, without parameters of ours."""
    address = urls.launch_address(unit.url)
    if urls.scheme(address) is not None:
        return address
    return tokens.file_address(settings, launch, address.removeprefix(urls.CONTENT))


def _launched(
    work: Work,
    row: XapiSession,
    found: statements.Session,
    address: str,
    launch: Launch,
    settings: Settings,
    return_url: str,
) -> str:
    """Lay out what content asks for first, and return the address that it is launched by."""
    origin = tokens.origin_of(settings, launch.attempt_id)
    endpoint = f"{origin}/xapi/"
    if work.course.scheme == "tincan":
        pair = f"{access.PREFIX}{row.id}:{service.new_token(row)}".encode()
        return statements.tin_can_address(
            address, found, endpoint=endpoint, auth=f"Basic {base64.b64encode(pair).decode()}"
        )
    _lay_out(work, found, return_url or f"{origin}/{RETURNED}", launch.language)
    key = secrets.token_urlsafe(32)
    row.fetch_hash = hashed(key)
    fetch = f"{origin}/xapi/fetch?key={key}"
    return statements.launch_address(address, found, endpoint=endpoint, fetch=fetch)


def _lay_out(work: Work, found: statements.Session, return_url: str, language: str) -> None:
    """Keep the launch data, and what the learner likes where nobody has said it yet (10, 11)."""
    who = identity(found.actor) or ""
    state = Shelf(STATE, found.activity_id, who, found.registration)
    document = statements.launch_data(found, return_url=return_url)
    _put(work, state, words.LAUNCH_DATA, document)
    profile = Shelf(AGENT, agent=who)
    if shelves.one(work.session, profile, words.PREFERENCES) is None:
        _put(work, profile, words.PREFERENCES, preferences.document(language))


def _put(work: Work, shelf: Shelf, name: str, document: dict[str, Any]) -> None:
    content = _JSON, json.dumps(document, ensure_ascii=False).encode()
    documents.put(work.session, shelf, name, content, Conditions(None, None), work.place.now)


def title_of(unit: Unit, language: str) -> str:
    """Return what a unit is called, in a language where it has one."""
    return said(unit.title, (language, "ja", "en"))

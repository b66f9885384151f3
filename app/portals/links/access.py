"""Which addresses links may lead to, and the ticket of a launch for pages without cookies.

A ticket is signed, and says who came by which link of which portal; it opens the few pages that
stand beside the player in a portal's frame, for the hours that a launch may be used.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final
from urllib.parse import urlsplit

import flask
from itsdangerous import BadSignature, TimestampSigner
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.errors import Gone, NotFound
from app.kernel.settings import Settings
from app.kernel.web.addresses import web_host
from app.kernel.web.routing import session, settings
from app.kernel.web.rules import Rule
from app.portals.links.models import PortalLink
from app.portals.registrations import queries as portals
from app.portals.registrations.models import Portal
from lti.message import Message

#: Where links lead: a material's own address, or one of these, with the material in `custom`.
GENERAL: Final = ("/lti/launch", "/lti/choose", "/lti/materials")
#: What a link says beside its address, for platforms that launch one address alone.
MATERIAL: Final = "material"
_MATERIAL_PATH: Final = re.compile(r"/lti/materials/([0-9a-f-]{36})")


@dataclass(frozen=True)
class Ticket:
    """What a ticket says."""

    link_id: uuid.UUID
    #: What they take by it; None for staff of the portal, who have no record.
    assignment_id: uuid.UUID | None
    language: str


def address_of(configured: Settings, material_id: uuid.UUID) -> str:
    """Return the address that a link to a material has."""
    return f"{configured.office_origin}/lti/materials/{material_id}"


def is_ours(configured: Settings, address: str) -> bool:
    """Whether a link may lead to an address."""
    path = _path(configured, address)
    return path in GENERAL or _MATERIAL_PATH.fullmatch(path) is not None


def material_in(message: Message, configured: Settings) -> uuid.UUID | None:
    """Return which material a launch means: by its signed address, else by what the link says."""
    found = _MATERIAL_PATH.fullmatch(_path(configured, message.target_link_uri))
    said = found[1] if found else message.custom.get(MATERIAL, "")
    try:
        return uuid.UUID(said)
    except ValueError:
        return None


def _path(configured: Settings, address: str) -> str:
    """Return the path of an address of ours; empty for any other."""
    origin = configured.office_origin + "/"
    return urlsplit(address).path if address.startswith(origin) else ""


def return_address(message: Message) -> str:
    """Return where a platform wants somebody back, where that is its own (CORE 5.4.4)."""
    host = web_host(message.return_url)
    return message.return_url if host and host in message.registration.hosts else ""


@cache
def _signer(configured: Settings) -> TimestampSigner:
    return TimestampSigner(configured.key(), salt="portal")


def sealed(configured: Settings, ticket: Ticket) -> str:
    """Return a ticket as a word of an address."""
    taken = ticket.assignment_id.hex if ticket.assignment_id else ""
    said = f"{ticket.link_id.hex}~{taken}~{ticket.language}"
    return _signer(configured).sign(said).decode()


def opened(configured: Settings, word: str) -> Ticket:
    """Return what a ticket says; raises NotFound for what is not ours, Gone once it is over."""
    try:
        said, signed_at = _signer(configured).unsign(word, return_timestamp=True)
    except BadSignature as error:
        raise NotFound from error
    if clock.now() - signed_at > timedelta(hours=configured.launch_hours):
        raise Gone("portal_ticket_expired")
    link, taken, language = said.decode().split("~")
    return Ticket(uuid.UUID(link), uuid.UUID(taken) if taken else None, language)


def portal_of(session: Session, ticket: Ticket) -> Portal:
    """Return the portal of a ticket; raises Gone once it is stopped."""
    link = session.get(PortalLink, ticket.link_id)
    if link is None or not portals.is_door_open(session, link.portal_id):
        raise Gone("portal_stopped")
    return session.get_one(Portal, link.portal_id)


def ticket() -> Ticket:
    """Return the ticket of the present request; TICKETED has read it."""
    found: Ticket = flask.g.ticket
    return found


def _check() -> None:
    word = (flask.request.view_args or {})["ticket"]
    flask.g.ticket = opened(settings(), word)
    flask.g.portal = portal_of(session(), flask.g.ticket)


#: Whoever holds a ticket of a portal that is still open.
TICKETED = Rule("token:ticket", _check)

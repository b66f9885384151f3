"""What a choice of materials is for: signed, as there is no cookie, and good for one answer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Final

import flask
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.kernel import clock
from app.kernel.errors import Gone, NotFound
from app.kernel.hashing import hashed
from app.kernel.settings import Settings
from app.kernel.web.routing import session, settings
from app.kernel.web.rules import Rule
from app.portals.registrations import queries as portals
from app.portals.registrations.models import Portal
from lti.message import DEEP_LINK, Message
from lti.roles import Part

#: How long somebody may take to choose.
PATIENCE: Final = timedelta(hours=1)
FIELD: Final = "ticket"


@dataclass(frozen=True)
class Choice:
    """A request to choose that was believed."""

    portal_id: uuid.UUID
    deployment_id: str
    #: What the platform takes, and where the answer goes.
    asked: Mapping[str, Any]
    language: str
    #: The login that it came by: it is answered once.
    state_hash: str

    def message(self, portal: Portal) -> Message:
        """Return it as `lti.deep_linking` takes it."""
        return Message(
            registration=portals.registration(portal),
            deployment_id=self.deployment_id,
            kind=DEEP_LINK,
            subject="",
            part=Part.STAFF,
            target_link_uri="",
            resource_link_id="",
            context_id="",
            custom={},
            locale="",
            return_url="",
            grades={},
            roster={},
            deep_linking=self.asked,
        )


@cache
def _serializer(configured: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(configured.key(), salt="portal choice")


def sealed(configured: Settings, message: Message, state: str, language: str) -> str:
    """Return a request as the page's form carries it."""
    portal_id = message.registration.id.hex
    claims = [portal_id, message.deployment_id, dict(message.deep_linking), language, hashed(state)]
    return str(_serializer(configured).dumps(claims))


def opened(configured: Settings, word: str) -> Choice:
    """Return what a form carries; raises NotFound for what is not ours, Gone once it is over."""
    try:
        claims, signed_at = _serializer(configured).loads(word, return_timestamp=True)
    except BadSignature as error:
        raise NotFound from error
    if clock.now() - signed_at > PATIENCE:
        raise Gone("portal_ticket_expired")
    portal_id, *rest = claims
    return Choice(uuid.UUID(portal_id), *rest)


def choice() -> Choice:
    """Return the choice of the present request; CHOOSING has read it."""
    found: Choice = flask.g.choice
    return found


def _check() -> None:
    flask.g.choice = opened(settings(), flask.request.form.get(FIELD, ""))
    if not portals.is_door_open(session(), flask.g.choice.portal_id):
        raise Gone("portal_stopped")
    flask.g.portal = session().get_one(Portal, flask.g.choice.portal_id)


#: Whoever holds a request to choose of a portal that is still open.
CHOOSING = Rule("token:choice", _check)

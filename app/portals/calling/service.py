"""The ways out to portals, one of each for a process: their keys, and their services.

Nothing is called while a row is locked: who calls has committed, or let go of the database, before.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.calling import line
from app.kernel.settings import Settings
from app.portals.keys import service as keys
from app.portals.registrations import queries
from app.portals.registrations.models import Portal
from app.portals.registrations.queries import PortalRow
from lti.http import Answer
from lti.keys import KeySets
from lti.registration import Registration
from lti.services import Connector, Tokens

_TOKENS = Tokens()


@cache
def key_sets(settings: Settings) -> KeySets:
    """Return the keys of all platforms."""

    def get(registration: Registration) -> Answer:
        return line(settings, registration.hosts).get(registration.key_set_url)

    return KeySets(get)


def connector(
    session: Session, portal: Portal | PortalRow, *, now: datetime, settings: Settings
) -> Connector:
    """Return what asks a portal's services, ready to be used without the database."""
    registration = queries.registration(portal)
    key = keys.signing_key(session, portal.id, now=now, settings=settings)
    return Connector(registration, key, line(settings, registration.hosts), _TOKENS, clock.now)

"""Destinations as tests need them: proposed by one administrator, approved by another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.settings import Settings
from app.learning.forwarding import service
from app.learning.forwarding.models import XapiForward
from app.learning.forwarding.service import Destination
from app.people.permission.models import Role
from tests import factories

#: What a form is filled in with.
SAID: dict[str, Any] = {
    "name": "架空の分析基盤",
    "endpoint": "https://lrs.example.jp/xapi/",
    "version": "1.0.3",
    "key": "key-1",
    "secret": "secret-1",
    "verbs": "",
    "activities": "",
}


def administrator(session: Session) -> Actor:
    """Add an administrator."""
    return Actor(factories.person(session).id, grants=(Grant(Role.ADMINISTRATOR),))


def destination(**changes: Any) -> Destination:
    """Return a destination that gets everything, with these parts changed."""
    return Destination(**{**SAID, "verbs": (), "activities": (), **changes})


def proposed(session: Session, settings: Settings, **changes: Any) -> XapiForward:
    """Propose a destination."""
    by, now = administrator(session), clock.now()
    return service.propose(session, destination(**changes), by=by, now=now, settings=settings)


def active(
    session: Session, settings: Settings, *, now: datetime | None = None, **changes: Any
) -> XapiForward:
    """Propose a destination, and have another administrator approve it."""
    row = proposed(session, settings, **changes)
    service.approve(session, row, by=administrator(session), now=now or clock.now())
    session.flush()
    return row

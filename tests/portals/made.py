"""Portals as tests need them: registered by one administrator and approved by another."""

from __future__ import annotations

import itertools
import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.settings import Settings
from app.people.permission.models import Role
from app.people.register.models import Person
from app.portals.learners.models import PortalLearner
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.registrations import service
from app.portals.registrations.models import Portal
from app.portals.registrations.service import Addresses, Limits
from app.portals.scores.models import PortalScore
from tests import factories

#: What a platform gives, where a test says nothing else.
SAID: dict[str, str] = {
    "name": "庁内ポータル",
    "issuer": "https://lms.example.jp",
    "client_id": "kenshu-1",
    "auth_login_url": "https://lms.example.jp/auth",
    "auth_token_url": "https://lms.example.jp/token",
    "key_set_url": "https://lms.example.jp/keys",
}
_numbers = itertools.count(1)


def administrator(session: Session, name: str = "管理 一子", **more: Any) -> Person:
    """Make an administrator."""
    return factories.person(session, name, roles=(Role.ADMINISTRATOR,), **more)


def acting(who: Person) -> Actor:
    """Return an administrator as services take one."""
    return Actor(person_id=who.id, grants=(Grant(Role.ADMINISTRATOR),))


def proposed(
    session: Session,
    settings: Settings,
    by: Person | None = None,
    now: datetime | None = None,
    **more: Any,
) -> Portal:
    """Register a portal, which waits for its approval; `more` are addresses and limits."""
    moment, actor = now or clock.now(), acting(by or administrator(session))
    addresses = {**SAID, **{name: more[name] for name in more if _is_of(Addresses, name)}}
    row = service.propose(session, Addresses(**addresses), by=actor, now=moment, settings=settings)
    limits = {name: more[name] for name in more if _is_of(Limits, name)}
    if limits:
        service.limit(session, row, Limits(**limits), by=actor, now=moment)
    if "has_all" in more or "materials" in more:
        ids: tuple[uuid.UUID, ...] = more.get("materials", ())
        has_all = more.get("has_all", False)
        service.offer(session, row, ids, has_all=has_all, by=actor, now=moment)
    session.flush()
    return row


def _is_of(kind: type, name: str) -> bool:
    return name in kind.__dataclass_fields__  # type: ignore[attr-defined] # a dataclass


def portal(session: Session, settings: Settings, **more: Any) -> Portal:
    """Make a portal that is connected, with an allowed deployment "1" and a key that signs.

    `more` are its addresses and limits, `has_all` or `materials` (keys of what it may open), `by`
    and `now`.
    """
    row = proposed(session, settings, **more)
    second = acting(administrator(session, "管理 二郎"))
    moment = more.get("now") or clock.now()
    service.approve(session, row, by=second, now=moment)
    service.allow_deployment(session, row, "1", is_allowed=True, by=second, now=moment)
    session.flush()
    return row


def learner(session: Session, of: Portal, subject: str | None = "sub-1") -> PortalLearner:
    """Make somebody who has come from a portal."""
    row = PortalLearner(portal_id=of.id, subject=subject, created_at=clock.now())
    session.add(row)
    session.flush()
    return row


def assignment(
    session: Session, of: Portal, who: PortalLearner, material_id: uuid.UUID
) -> PortalAssignment:
    """Have somebody take a material by a link of its own."""
    link = PortalLink(
        portal_id=of.id,
        deployment_id="1",
        resource_link_id=f"link-{next(_numbers)}",
        material_id=material_id,
        created_at=clock.now(),
    )
    session.add(link)
    session.flush()
    row = PortalAssignment(
        link_id=link.id, learner_id=who.id, material_id=material_id, created_at=clock.now()
    )
    session.add(row)
    session.flush()
    return row


def score(session: Session, of: PortalAssignment, **said: Any) -> PortalScore:
    """Make a score that was sent, unless `said` says otherwise."""
    usual = {
        "activity_progress": "Completed",
        "grading_progress": "FullyGraded",
        "given": 80.0,
        "sent_revision": 1,
        "sent_at": clock.now() - timedelta(hours=1),
    }
    row = PortalScore(assignment_id=of.id, **{**usual, **said})
    session.add(row)
    session.flush()
    return row

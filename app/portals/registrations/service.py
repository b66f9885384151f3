"""Portals registered, approved by another administrator, changed, stopped; deployments let in."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import workflow
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, NotFound, Refused
from app.kernel.settings import Settings
from app.portals.keys import service as keys
from app.portals.registrations import queries
from app.portals.registrations.models import Portal, PortalDeployment, PortalMaterial, ScoreRule
from app.portals.registrations.states import PortalState


@dataclass(frozen=True)
class Addresses:
    """What joins us to a platform: changed only while the portal is stopped, and approved anew."""

    name: str
    issuer: str
    client_id: str
    auth_login_url: str
    auth_token_url: str
    key_set_url: str
    auth_audience: str = ""
    #: Hosts and origins, with spaces between.
    more_hosts: str = ""
    frame_origins: str = ""


@dataclass(frozen=True)
class Limits:
    """What a portal may do, which holds from the moment that it is changed."""

    valid_from: date | None = None
    valid_to: date | None = None
    most_learners: int | None = None
    allows_anonymous: bool = False
    score_rule: str = ScoreRule.SCORE
    sends_progress: bool = True
    sends_failure: bool = True


def propose(
    session: Session, said: Addresses, *, by: Actor, now: datetime, settings: Settings
) -> Portal:
    """Register a portal, which waits for another administrator's approval.

    Raises Refused("portal_known") where its issuer and client are registered already.
    """
    _refuse_known(session, said, None)
    portal = Portal(**asdict(said), proposed_by=by.known_id, proposed_at=now)
    session.add(portal)
    session.flush()
    keys.make(session, portal.id, now, now=now, settings=settings)
    _record(session, "portal.proposed", portal, by, now, asdict(said))
    return portal


def mend(session: Session, portal: Portal, said: Addresses, *, by: Actor, now: datetime) -> None:
    """Change what joins us to a platform.

    Raises Conflict("portal_not_stopped") while it is connected, Refused("portal_known"), and
    NotFound for one whose packages open our courses. Whoever changes it has proposed it.
    """
    if portal.package_key:
        raise NotFound
    if portal.state == PortalState.ACTIVE:
        raise Conflict("portal_not_stopped")
    _refuse_known(session, said, portal.id)
    changed = {
        name: value for name, value in asdict(said).items() if getattr(portal, name) != value
    }
    for name, value in changed.items():
        setattr(portal, name, value)
    _ask(portal, by, now)
    _record(session, "portal.changed", portal, by, now, changed)


def limit(session: Session, portal: Portal, said: Limits, *, by: Actor, now: datetime) -> None:
    """Change what a portal may do."""
    changed = {
        name: value for name, value in asdict(said).items() if getattr(portal, name) != value
    }
    for name, value in changed.items():
        setattr(portal, name, value)
    told = {
        name: str(value) if isinstance(value, date) else value for name, value in changed.items()
    }
    _record(session, "portal.limited", portal, by, now, told)


def offer(
    session: Session,
    portal: Portal,
    material_ids: Collection[uuid.UUID],
    *,
    has_all: bool,
    by: Actor,
    now: datetime,
) -> None:
    """Say which materials a portal may open; `has_all` lets it open whatever is published."""
    portal.has_all_materials = has_all
    session.execute(sa.delete(PortalMaterial).where(PortalMaterial.portal_id == portal.id))
    wanted = [] if has_all else sorted(set(material_ids), key=str)
    session.add_all(PortalMaterial(portal_id=portal.id, material_id=key) for key in wanted)
    details = {"all": has_all, "materials": [str(key) for key in wanted]}
    _record(session, "portal.offered", portal, by, now, details)


def approve(session: Session, portal: Portal, *, by: Actor, now: datetime) -> None:
    """Connect a portal (外部結合): not who proposed it, but another administrator (C07).

    Raises Refused("portal_own_proposal"), and Conflict("wrong_state").
    """
    if portal.proposed_by == by.person_id:
        raise Refused("portal_own_proposal")
    workflow.move(session, portal, "approve", by=by, now=now)
    portal.approved_by, portal.approved_at = by.known_id, now


def stop(session: Session, portal: Portal, *, by: Actor, now: datetime) -> None:
    """Let nobody come from a portal any more, from this moment on; what was learnt stays."""
    workflow.move(session, portal, "stop", by=by, now=now)


def propose_again(session: Session, portal: Portal, *, by: Actor, now: datetime) -> None:
    """Ask for the approval of a portal that was stopped."""
    workflow.move(session, portal, "propose", by=by, now=now)
    _ask(portal, by, now)


def _ask(portal: Portal, by: Actor, now: datetime) -> None:
    """Have a portal wait for the approval of somebody else than this; an earlier one is over."""
    portal.proposed_by, portal.proposed_at = by.known_id, now
    portal.approved_by = portal.approved_at = None


def allow_deployment(
    session: Session,
    portal: Portal,
    deployment_id: str,
    *,
    is_allowed: bool,
    by: Actor,
    now: datetime,
) -> None:
    """Let a deployment in, or out again; one that nobody has named yet is named by this.

    Raises Refused("deployment_unusable") for an id that no platform may give (CORE 5.3.3).
    """
    wanted = deployment_id.strip()
    if not 0 < len(wanted) <= 255 or not wanted.isascii():
        raise Refused("deployment_unusable")
    queries.note_deployment(session, portal.id, wanted, now)
    row = session.scalars(
        sa.select(PortalDeployment)
        .where(PortalDeployment.portal_id == portal.id, PortalDeployment.deployment_id == wanted)
        .with_for_update()
    ).one()
    row.allowed_at = now if is_allowed else None
    row.allowed_by = by.known_id if is_allowed else None
    _record(
        session,
        "portal.deployment_allowed" if is_allowed else "portal.deployment_shut",
        portal,
        by,
        now,
        {"deployment": wanted},
    )


def found(session: Session, portal_id: uuid.UUID, *, to_change: bool = False) -> Portal:
    """Return a portal, locked where it is to be changed; raises NotFound."""
    portal = session.get(Portal, portal_id, with_for_update=to_change or None)
    if portal is None:
        raise NotFound
    return portal


def _refuse_known(session: Session, said: Addresses, own_id: uuid.UUID | None) -> None:
    known = sa.select(Portal.id).where(
        Portal.issuer == said.issuer, Portal.client_id == said.client_id
    )
    if session.scalar(known) not in (None, own_id):
        raise Refused("portal_known")


def _record(
    session: Session, action: str, portal: Portal, by: Actor, now: datetime, details: dict[str, Any]
) -> None:
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("portal", portal.id),
        details=details,
    )

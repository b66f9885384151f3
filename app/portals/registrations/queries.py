"""Reads of portals: what is agreed with an issuer today, and what a portal may open."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material, Version
from app.content.materials.states import VersionState
from app.kernel import clock
from app.kernel.db import insert_new
from app.kernel.plain import Plain
from app.learning.opening.service import KINDS
from app.portals.registrations.models import Portal, PortalDeployment, PortalMaterial
from app.portals.registrations.states import PortalState
from lti.registration import Registration


class PortalRow(NamedTuple):
    """The columns that `OpenPortal` is made of."""

    id: uuid.UUID
    issuer: str
    client_id: str
    auth_login_url: str
    auth_token_url: str
    auth_audience: str
    key_set_url: str
    more_hosts: str
    frame_origins: str
    allows_anonymous: bool
    valid_to: date | None
    most_learners: int | None
    has_all_materials: bool


def registration(portal: Portal | PortalRow) -> Registration:
    """Return a portal as `lti` knows it."""
    return Registration(
        id=portal.id,
        issuer=portal.issuer,
        client_id=portal.client_id,
        auth_login_url=portal.auth_login_url,
        auth_token_url=portal.auth_token_url,
        key_set_url=portal.key_set_url,
        auth_audience=portal.auth_audience,
        allows_anonymous=portal.allows_anonymous,
        more_hosts=tuple(portal.more_hosts.split()),
    )


def is_open(portal: Portal, day: date) -> bool:
    """Whether a portal may be used on a day; `_IS_OPEN` asks the same."""
    return (
        portal.state == PortalState.ACTIVE
        and (portal.valid_from is None or portal.valid_from <= day)
        and (portal.valid_to is None or day <= portal.valid_to)
    )


def is_door_open(session: Session, portal_id: uuid.UUID) -> bool:
    """Whether a portal may be used now: what its learners have open is shut with it."""
    portal = session.get(Portal, portal_id)
    return portal is not None and is_open(portal, clock.today(clock.now()))


def origins(portal: Portal | PortalRow) -> str:
    """Return the origins whose pages may frame what a portal opens, with spaces between."""
    named = [portal.issuer, portal.auth_login_url, *portal.frame_origins.split()]
    return " ".join(dict.fromkeys(origin for name in named if (origin := origin_of(name))))


def origin_of(address: str) -> str:
    """Return the origin of an address; empty for what has none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""


@dataclass(frozen=True)
class OpenPortal:
    """A portal that may be used now, as what is opened by it needs it."""

    registration: Registration
    #: The origins whose pages may frame what it opens, with spaces between.
    origins: str
    #: When the last day of its agreement is over; None for none.
    closes_at: datetime | None
    has_all_materials: bool
    #: So many learners at most; None for any number.
    most_learners: int | None

    @classmethod
    def of(cls, portal: Portal | PortalRow) -> OpenPortal:
        """Return what is needed of a portal."""
        return cls(
            registration(portal),
            origins(portal),
            clock.end_of(portal.valid_to) if portal.valid_to else None,
            portal.has_all_materials,
            portal.most_learners,
        )

    @property
    def id(self) -> uuid.UUID:
        """Return its key."""
        return self.registration.id


_IS_OPEN = sa.and_(
    Portal.state == PortalState.ACTIVE,
    sa.or_(Portal.valid_from.is_(None), Portal.valid_from <= sa.bindparam("day")),
    sa.or_(Portal.valid_to.is_(None), Portal.valid_to >= sa.bindparam("day")),
)
#: Asked at each launch, and so made once.
_OF_ISSUER = Plain(
    sa.select(
        *(getattr(Portal, name) for name in PortalRow._fields),
        PortalDeployment.portal_id,
        PortalDeployment.allowed_at,
    )
    .outerjoin(
        PortalDeployment,
        sa.and_(
            PortalDeployment.portal_id == Portal.id,
            PortalDeployment.deployment_id == sa.bindparam("deployment"),
        ),
    )
    .where(Portal.issuer == sa.bindparam("issuer"), _IS_OPEN)
)


@lru_cache(maxsize=256)
def _opened(row: PortalRow) -> OpenPortal:
    """Return what is needed of a portal: the same for the same row, so that it is made once."""
    return OpenPortal.of(row)


class Known:
    """`lti.registration.Registrations`, as the database has them today.

    They are read with whether the deployment is let in that a launch claims to be of.
    """

    def __init__(self, session: Session, now: datetime, deployment_id: str = "") -> None:
        self._session = session
        self._now = now
        self._deployment_id = deployment_id
        self._found: dict[str, Sequence[Registration]] = {}
        self._portals: dict[uuid.UUID, OpenPortal] = {}
        #: By portal, when the deployment was let in; None while it waits.
        self._allowed: dict[uuid.UUID, datetime | None] = {}

    def of_issuer(self, issuer: str) -> Sequence[Registration]:
        """Return what is agreed with an issuer and may be used now."""
        if issuer not in self._found:
            today = clock.today(self._now)
            deployment = self._deployment_id
            rows = _OF_ISSUER.rows(self._session, issuer=issuer, deployment=deployment, day=today)
            found = [_opened(PortalRow(*row)) for *row, _, _ in rows]
            self._portals |= {portal.id: portal for portal in found}
            self._allowed |= {of: allowed_at for *_, of, allowed_at in rows if of}
            self._found[issuer] = [portal.registration for portal in found]
        return self._found[issuer]

    def portal(self, registration_id: uuid.UUID) -> OpenPortal:
        """Return the portal of a registration that was found here."""
        return self._portals[registration_id]

    def has_deployment(self, registration_id: uuid.UUID, deployment_id: str) -> bool:
        """Whether a deployment is let in; one that is not known yet is noted for the office."""
        if deployment_id != self._deployment_id:  # it claimed another one
            return False
        if registration_id not in self._allowed:
            note_deployment(self._session, registration_id, deployment_id, self._now)
        return self._allowed.get(registration_id) is not None


def note_deployment(
    session: Session, portal_id: uuid.UUID, deployment_id: str, now: datetime
) -> None:
    """Keep a deployment that nobody has allowed yet; one that is known already stays as it is."""
    insert_new(
        session,
        PortalDeployment,
        portal_id=portal_id,
        deployment_id=deployment_id,
        seen_at=now,
    )


def published() -> sa.Select[Material]:
    """Return the query of the materials that portals can be let open, by title."""
    return (
        sa.select(Material)
        .join(Version, Version.material_id == Material.id)
        .where(
            Version.state == VersionState.PUBLISHED,
            Material.archived_at.is_(None),
            # Told one by one: a list would be written out anew each time that it is asked.
            sa.or_(*(Material.kind == kind for kind in sorted(KINDS))),
        )
        .order_by(Material.title, Material.id)
    )


def offered(portal_id: Any, *, has_all: bool) -> sa.Select[Material]:
    """Return the query of the materials that a portal may open, by title.

    Its key may be a parameter that is filled in later.
    """
    return published() if has_all else published().where(Material.id.in_(chosen(portal_id)))


def chosen(portal_id: Any) -> sa.Select[uuid.UUID]:
    """Return the query of the keys of what was chosen for a portal, published now or not."""
    return sa.select(PortalMaterial.material_id).where(PortalMaterial.portal_id == portal_id)


def deployments(portal_id: uuid.UUID) -> sa.Select[PortalDeployment]:
    """Return the query of a portal's deployments: who waits comes first, then the last seen."""
    waiting_first = (PortalDeployment.allowed_at.isnot(None), PortalDeployment.seen_at.desc())
    return (
        sa.select(PortalDeployment)
        .where(PortalDeployment.portal_id == portal_id)
        .order_by(*waiting_first)
    )


def may_open(session: Session, portal: Portal, material_id: uuid.UUID) -> Material | None:
    """Return a material that a portal may open now; None for others."""
    query = offered(portal.id, has_all=portal.has_all_materials)
    return session.scalars(query.where(Material.id == material_id)).one_or_none()

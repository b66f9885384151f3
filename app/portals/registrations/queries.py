"""Reads of portals: what is agreed with an issuer today, and what a portal may open."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, load_only

from app.content.materials.models import Material, Version
from app.content.materials.states import VersionState
from app.kernel import clock
from app.kernel.db import new_id
from app.learning.opening.service import KINDS
from app.portals.registrations.models import Portal, PortalDeployment, PortalMaterial
from app.portals.registrations.states import PortalState
from lti.registration import Registration


def registration(portal: Portal) -> Registration:
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
    """Whether a portal may be used on a day."""
    return (
        portal.state == PortalState.ACTIVE
        and (portal.valid_from is None or portal.valid_from <= day)
        and (portal.valid_to is None or day <= portal.valid_to)
    )


def is_door_open(session: Session, portal_id: uuid.UUID) -> bool:
    """Whether a portal may be used now: what its learners have open is shut with it."""
    portal = session.get(Portal, portal_id)
    return portal is not None and is_open(portal, clock.today(clock.now()))


def origins(portal: Portal) -> str:
    """Return the origins whose pages may frame what a portal opens, with spaces between."""
    named = [portal.issuer, portal.auth_login_url, *portal.frame_origins.split()]
    return " ".join(dict.fromkeys(origin for name in named if (origin := origin_of(name))))


def origin_of(address: str) -> str:
    """Return the origin of an address; empty for what has none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""


#: Asked at each launch, and so made once.
_OF_ISSUER = sa.select(Portal).where(Portal.issuer == sa.bindparam("issuer"))
_DEPLOYMENT = cast("sa.Table", PortalDeployment.__table__)
_ALLOWED_AT = sa.select(_DEPLOYMENT.c.allowed_at).where(
    _DEPLOYMENT.c.portal_id == sa.bindparam("portal"),
    _DEPLOYMENT.c.deployment_id == sa.bindparam("deployment"),
)


class Known:
    """`lti.registration.Registrations`, as the database has them today."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self._found: dict[str, Sequence[Registration]] = {}
        self._portals: dict[uuid.UUID, Portal] = {}

    def of_issuer(self, issuer: str) -> Sequence[Registration]:
        """Return what is agreed with an issuer and may be used now."""
        if issuer not in self._found:
            day = clock.today(self._now)
            rows = self._session.scalars(_OF_ISSUER, {"issuer": issuer})
            good = [row for row in rows if is_open(row, day)]
            self._portals |= {row.id: row for row in good}
            self._found[issuer] = [registration(row) for row in good]
        return self._found[issuer]

    def portal(self, registration_id: uuid.UUID) -> Portal:
        """Return the portal of a registration that was found here."""
        return self._portals[registration_id]

    def has_deployment(self, registration_id: uuid.UUID, deployment_id: str) -> bool:
        """Whether a deployment is let in; one that is not known yet is noted for the office."""
        asked = {"portal": registration_id, "deployment": deployment_id}
        row = self._session.connection().execute(_ALLOWED_AT, asked).one_or_none()
        if row is None:
            note_deployment(self._session, registration_id, deployment_id, self._now)
        return row is not None and row[0] is not None


def note_deployment(
    session: Session, portal_id: uuid.UUID, deployment_id: str, now: datetime
) -> None:
    """Keep a deployment that nobody has allowed yet; one that is known already stays as it is."""
    insert_new(
        session,
        PortalDeployment,
        id=new_id(),
        portal_id=portal_id,
        deployment_id=deployment_id,
        seen_at=now,
    )


def insert_new(session: Session, model: type, **values: object) -> None:
    """Insert a row where none of the same unique keys is there."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgresql else sqlite.insert
    session.execute(insert(model).on_conflict_do_nothing(), [values])


def published() -> sa.Select[Material]:
    """Return the query of the materials that portals can be let open, by title."""
    return (
        sa.select(Material)
        .join(Version, Version.material_id == Material.id)
        .where(
            Version.state == VersionState.PUBLISHED,
            Material.archived_at.is_(None),
            Material.kind.in_(KINDS),
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


#: By whether a portal may open whatever is published; asked at each launch, and so made once.
_MAY_OPEN = {
    has_all: offered(sa.bindparam("portal"), has_all=has_all)
    .add_columns(Version)
    .where(Material.id == sa.bindparam("material"))
    # What a manifest or a film is made of is read by who shows it.
    .options(load_only(Version.material_id, Version.sha256, Version.root, Version.starts_anew))
    for has_all in (False, True)
}


def may_open(
    session: Session, portal: Portal, material_id: uuid.UUID
) -> tuple[Material, Version] | None:
    """Return a material that a portal may open now, with its published version; None for others."""
    asked = {"portal": portal.id, "material": material_id}
    row = session.execute(_MAY_OPEN[portal.has_all_materials], asked).one_or_none()
    return (row[0], row[1]) if row else None

"""What is known of a launch before it opens, read by one statement."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials import queries as materials
from app.content.materials.models import Material
from app.content.materials.queries import Published
from app.kernel.plain import Plain
from app.portals.learners.models import PortalLearner
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.registrations import queries as portals
from app.portals.registrations.queries import OpenPortal


@dataclass(frozen=True)
class Asked:
    """What somebody asks to open, by a platform's message or by a package."""

    deployment_id: str
    #: What the platform calls the link.
    resource_link_id: str
    #: What the portal knows them by; empty for somebody of whom it says nothing.
    subject: str
    material_id: uuid.UUID


@dataclass(frozen=True)
class Found:
    """What a launch leads to, the link as its last launch had it, and whoever has come by it.

    What came never before is None: the link, the learner, that they take the material by the link.
    """

    published: Published
    link_id: uuid.UUID | None
    link_material_id: uuid.UUID | None
    context_id: str | None
    grades: Mapping[str, Any] | None
    roster: str | None
    line_item: str | None
    learner_id: uuid.UUID | None
    person_id: uuid.UUID | None
    assignment_id: uuid.UUID | None
    return_url: str | None


def _found(*, has_all: bool) -> sa.Select[*tuple[Any, ...]]:
    portal: sa.BindParameter[uuid.UUID] = sa.bindparam("portal")
    of_link = (
        PortalLink.portal_id == portal,
        PortalLink.deployment_id == sa.bindparam("deployment"),
        PortalLink.resource_link_id == sa.bindparam("link"),
    )
    # Nobody's name is nobody's.
    of_learner = (
        PortalLearner.portal_id == portal,
        PortalLearner.subject == sa.bindparam("subject"),
    )
    of_both = (
        PortalAssignment.link_id == PortalLink.id,
        PortalAssignment.learner_id == PortalLearner.id,
        PortalAssignment.material_id == Material.id,
    )
    return (
        portals.offered(portal, has_all=has_all)
        .where(Material.id == sa.bindparam("material"))
        .outerjoin(PortalLink, sa.and_(*of_link))
        .outerjoin(PortalLearner, sa.and_(*of_learner))
        .outerjoin(PortalAssignment, sa.and_(*of_both))
        .order_by(None)
        .with_only_columns(
            *materials.PUBLISHED,
            PortalLink.id,
            PortalLink.material_id,
            PortalLink.context_id,
            PortalLink.grades,
            PortalLink.roster,
            PortalLink.line_item,
            PortalLearner.id,
            PortalLearner.person_id,
            PortalAssignment.id,
            PortalAssignment.return_url,
            maintain_column_froms=True,
        )
    )


#: By whether a portal may open whatever is published; asked at each launch, and so made once.
_FOUND = {has_all: Plain(_found(has_all=has_all)) for has_all in (False, True)}


def found(session: Session, portal: OpenPortal, asked: Asked) -> Found | None:
    """Return what is known of a launch; None where its portal may not open what it leads to."""
    row = _FOUND[portal.has_all_materials].one(
        session,
        portal=portal.id,
        deployment=asked.deployment_id,
        link=asked.resource_link_id,
        subject=asked.subject,
        material=asked.material_id,
    )
    if row is None:
        return None
    of_version = len(materials.PUBLISHED)
    return Found(Published(*row[:of_version]), *row[of_version:])

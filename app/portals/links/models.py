"""Rows of links and of who takes what by them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class PortalLink(Keyed, Base):
    """A link (LTI resource link) that a portal's teachers have set, as its last launch has it."""

    __tablename__ = "portal_link"
    __table_args__ = (sa.UniqueConstraint("portal_id", "deployment_id", "resource_link_id"),)

    #: The portal.
    portal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("portal.id"))
    #: Where it is deployed there.
    deployment_id: Mapped[str]
    #: What the platform calls the link.
    resource_link_id: Mapped[str]
    #: What it calls the course around it; empty where it names none.
    context_id: Mapped[str] = mapped_column(default="")
    #: What it leads to.
    material_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("material.id"), index=True)
    #: The claim of the grade service (AGS), as the last launch had it; empty for none.
    grades: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Address of its line item, where it was found or made by us.
    line_item: Mapped[str] = mapped_column(default="")
    #: Until when one hand is making it; None while nobody is.
    item_until: Mapped[datetime | None]
    #: Address of the course's members (NRPS); empty where it is not offered.
    roster: Mapped[str] = mapped_column(default="")
    #: When it was opened first.
    created_at: Mapped[datetime]


class PortalAssignment(Keyed, Base):
    """That somebody takes a material by a link; the learner's record is kept for its key."""

    __tablename__ = "portal_assignment"
    __table_args__ = (sa.UniqueConstraint("link_id", "learner_id", "material_id"),)

    #: The link.
    link_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("portal_link.id"))
    #: Who.
    learner_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("portal_learner.id"), index=True)
    #: What: a link may lead elsewhere later.
    material_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("material.id"), index=True)
    #: Whether the portal takes scores of theirs: it does of learners.
    is_scored: Mapped[bool] = mapped_column(default=True)
    #: Where the portal wants them back, as the last launch had it; empty for nowhere.
    return_url: Mapped[str] = mapped_column(default="")
    #: When it was opened first.
    created_at: Mapped[datetime]

"""Rows of what is agreed with portals."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed
from app.kernel.workflow import Transitions
from app.portals.registrations.states import TRANSITIONS, PortalState


class ScoreRule(StrEnum):
    """What goes back to a portal: 得点, 完了したかどうか, 何も返さない."""

    SCORE = "score"
    COMPLETION = "completion"
    NOTHING = "nothing"


class Portal(Keyed, Base):
    """One portal that offers our materials (LTI 1.3 platform), as it was agreed with it."""

    __tablename__ = "portal"
    __table_args__ = (sa.UniqueConstraint("issuer", "client_id"),)
    transitions: ClassVar[Transitions] = TRANSITIONS

    #: What the office calls it.
    name: Mapped[str]
    #: proposed, active, stopped.
    state: Mapped[str] = mapped_column(default=PortalState.PROPOSED)
    #: The platform's own name (OIDC issuer).
    issuer: Mapped[str]
    #: What the platform calls us.
    client_id: Mapped[str]
    #: Where browsers are sent to be signed in.
    auth_login_url: Mapped[str]
    #: Where we get access tokens.
    auth_token_url: Mapped[str]
    #: Whom access tokens are asked of, where that is not the address itself.
    auth_audience: Mapped[str] = mapped_column(default="")
    #: Where the platform publishes its keys.
    key_set_url: Mapped[str]
    #: Hosts that its services and return addresses have beside those; with spaces between.
    more_hosts: Mapped[str] = mapped_column(default="")
    #: Origins whose pages may frame what it opens, beside the issuer's; with spaces between.
    frame_origins: Mapped[str] = mapped_column(default="")
    #: What its packages show that they are ours; empty for a platform that speaks LTI.
    package_key: Mapped[str] = mapped_column(default="")
    #: Whether somebody may come of whom it says nothing.
    allows_anonymous: Mapped[bool] = mapped_column(default=False)
    #: First day of the agreement; None for none.
    valid_from: Mapped[date | None]
    #: Its last day; None for none.
    valid_to: Mapped[date | None]
    #: So many learners at most; None for any number.
    most_learners: Mapped[int | None]
    #: Whether it may open whatever is published.
    has_all_materials: Mapped[bool] = mapped_column(default=False)
    #: What goes back: score, completion, nothing.
    score_rule: Mapped[str] = mapped_column(default=ScoreRule.SCORE)
    #: Whether it is told that somebody has begun, before anything is final.
    sends_progress: Mapped[bool] = mapped_column(default=True)
    #: Whether a test that was failed counts as final.
    sends_failure: Mapped[bool] = mapped_column(default=True)
    #: No score is sent before this moment: the platform did not answer.
    away_until: Mapped[datetime | None]
    #: Who proposed it last.
    proposed_by: Mapped[uuid.UUID]
    #: When.
    proposed_at: Mapped[datetime]
    #: Who approved it last: another administrator.
    approved_by: Mapped[uuid.UUID | None]
    #: When.
    approved_at: Mapped[datetime | None]


class PortalMaterial(Base):
    """A material that a portal may open."""

    __tablename__ = "portal_material"

    #: The portal.
    portal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("portal.id"), primary_key=True)
    #: The material.
    material_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("material.id"), primary_key=True, index=True
    )


class PortalDeployment(Keyed, Base):
    """A place where a platform has deployed us; one that is not known waits for the office."""

    __tablename__ = "portal_deployment"
    __table_args__ = (sa.UniqueConstraint("portal_id", "deployment_id"),)

    #: The portal.
    portal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("portal.id"))
    #: What the platform calls it.
    deployment_id: Mapped[str]
    #: When it was named first, by a launch or by the office.
    seen_at: Mapped[datetime]
    #: When it was let in; None while it waits, or was shut out.
    allowed_at: Mapped[datetime | None]
    #: Who let it in.
    allowed_by: Mapped[uuid.UUID | None]

"""Rows of the gate: logins under way, and what came of each launch."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class PortalLogin(Base):
    """A login that was begun: state, nonce, portal and browser belong together, and count once."""

    __tablename__ = "portal_login"

    #: SHA-256 of its state.
    state_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    #: The nonce that the answer must hold.
    nonce: Mapped[str]
    #: The portal that it was begun with.
    portal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("portal.id"), index=True)
    #: Where it wanted to lead.
    target: Mapped[str]
    #: SHA-256 of what the browser was given to keep.
    verifier_hash: Mapped[str] = mapped_column(sa.String(64))
    #: The platform's frame that keeps it for browsers which keep nothing; empty for none.
    storage_target: Mapped[str] = mapped_column(default="")
    #: When it was begun.
    created_at: Mapped[datetime] = mapped_column(index=True)
    #: When the answer came.
    used_at: Mapped[datetime | None]
    #: When the choice of materials that it was for went back.
    answered_at: Mapped[datetime | None]


class PortalLaunch(Keyed, Base):
    """What came of a login or a launch, for who looks after the portal to see."""

    __tablename__ = "portal_launch"
    __table_args__ = (sa.Index("ix_portal_launch_portal_id_at", "portal_id", "at"),)

    #: When.
    at: Mapped[datetime] = mapped_column(index=True)
    #: The portal; None where it could not be told.
    portal_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("portal.id"))
    #: login, launch, choice.
    step: Mapped[str]
    #: accepted, or why not, as a code.
    code: Mapped[str]
    #: What more is known: the claim, the algorithm, the issuer that nobody knows.
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: What the platform calls the place; empty where it was not believed.
    deployment_id: Mapped[str] = mapped_column(default="")
    #: Whoever came, as a hash: enough to see that it is the same, and no more.
    subject_hash: Mapped[str] = mapped_column(default="")
    #: What was opened.
    material_id: Mapped[uuid.UUID | None]
    #: The request's reference, which the log has, too.
    reference: Mapped[str] = mapped_column(default="")

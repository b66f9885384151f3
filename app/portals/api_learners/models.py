"""Rows of learners that systems launch content for."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class ApiLearner(Keyed, Base):
    """Somebody a system launches content for; the row's key is a guest of learning."""

    __tablename__ = "api_learner"
    __table_args__ = (sa.UniqueConstraint("client_id", "identity_hash"),)

    #: The system.
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("xapi_client.id"))
    #: SHA-256 of by what the agent is the same: identifiers may be longer than an index bears.
    identity_hash: Mapped[str] = mapped_column(sa.String(64))
    #: The agent as the system named it (xAPI Data 2.4.2), which its content is told.
    agent: Mapped[dict[str, Any]]
    #: When they came first.
    created_at: Mapped[datetime]


class ApiRegistration(Keyed, Base):
    """What such a learner takes; the row's key is what learning calls the assignment."""

    __tablename__ = "api_registration"
    __table_args__ = (sa.UniqueConstraint("learner_id", "material_id"),)

    #: Who.
    learner_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("api_learner.id"), index=True)
    #: What.
    material_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("material.id"))
    #: Since when.
    created_at: Mapped[datetime]

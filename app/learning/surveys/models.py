"""Rows of answers to surveys: with a name, or without a way back to anybody."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class NamedResponse(Keyed, Base):
    """記名の回答: what one person has answered."""

    __tablename__ = "named_response"

    #: The record it belongs to.
    record_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("learner_record.id"), unique=True)
    #: What it is counted with: a key of the wing that assigned it; opaque here.
    group_id: Mapped[uuid.UUID] = mapped_column(index=True)
    #: Which version of the survey was answered.
    version_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("material_version.id"), index=True)
    #: The answers, by the key of their question.
    answers: Mapped[dict[str, Any]]
    #: When they were last kept.
    saved_at: Mapped[datetime]
    #: When they were handed in; None while they are a draft.
    submitted_at: Mapped[datetime | None]


class AnonymousResponse(Base):
    """無記名の回答: what somebody has answered.

    Nothing leads from here to a person: no key of one, no moment, and a key that tells no order.
    That somebody has answered stands on their record, which does not know what.
    """

    __tablename__ = "anonymous_response"

    #: Key; random, since one that grows would tell who answered before whom.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    #: What it is counted with: a key of the wing that assigned it; opaque here.
    group_id: Mapped[uuid.UUID] = mapped_column(index=True)
    #: Which version of the survey was answered.
    version_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("material_version.id"), index=True)
    #: The answers, by the key of their question.
    answers: Mapped[dict[str, Any]]

"""Rows of certificates."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class Certificate(Keyed, Base):
    """修了証書: what was issued to somebody who completed a training."""

    __tablename__ = "certificate"
    __table_args__ = (sa.UniqueConstraint("fiscal_year", "number"),)

    #: The fiscal year in which it was issued, by the year in which that begins.
    fiscal_year: Mapped[int]
    #: 1, 2, 3 … within the fiscal year.
    number: Mapped[int]
    #: The enrolment that was completed.
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("enrolment.id"), index=True)
    #: The decision that it rests on.
    decision_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("completion_decision.id"), unique=True
    )
    #: What it says: name, training, dates, issuer, as they were.
    document: Mapped[dict[str, Any]]
    #: The day it bears.
    issued_on: Mapped[date]
    #: By what anybody who holds it can have it confirmed.
    check_code: Mapped[str] = mapped_column(unique=True)
    #: Who issued it.
    issued_by: Mapped[uuid.UUID | None]
    #: When.
    issued_at: Mapped[datetime]
    #: When it ceased to hold, since it was decided otherwise; None while it holds.
    revoked_at: Mapped[datetime | None]

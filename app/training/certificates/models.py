"""Rows of certificates."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.kernel.db import Base, Keyed

_HOLDS = sa.text("revoked_at IS NULL")


class Certificate(Keyed, Base):
    """修了証書: what was issued to somebody who completed a training."""

    __tablename__ = "certificate"
    __table_args__ = (
        sa.UniqueConstraint("fiscal_year", "number"),
        # One that holds a decision: who has another name since is issued another (case 6).
        sa.Index(
            "uq_certificate_holding",
            "decision_id",
            unique=True,
            sqlite_where=_HOLDS,
            postgresql_where=_HOLDS,
        ),
        sa.Index("ix_certificate_decision_id", "decision_id"),
    )

    #: The fiscal year in which it was issued, by the year in which that begins.
    fiscal_year: Mapped[int]
    #: 1, 2, 3 … within the fiscal year.
    number: Mapped[int]
    #: The enrolment that was completed.
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("enrolment.id"), index=True)
    #: The decision that it rests on.
    decision_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("completion_decision.id"))
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
    #: When it ceased to hold: it was decided otherwise, or another was issued instead; None while
    #: it holds.
    revoked_at: Mapped[datetime | None]


class CertificateChangedError(AssertionError):
    """Something tried to change a certificate: it can cease to hold, and nothing else."""


@event.listens_for(Certificate, "before_update")
def _let_cease(
    _mapper: Mapper[Certificate], _connection: sa.Connection, certificate: Certificate
) -> None:
    """Let a certificate take the moment in which it ceased to hold, once, and nothing else."""
    changed = {
        each.key: each.history
        for each in sa.inspect(certificate).attrs
        if each.history.has_changes()
    }
    moment = changed.pop("revoked_at", None)
    if changed or (moment and any(moment.deleted or ())):
        raise CertificateChangedError(str(certificate.id))

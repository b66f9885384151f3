"""Rows of operators' accounts."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Operator(Base):
    """An account of the contractor: a name without a post, so that no list of staff has it."""

    __tablename__ = "operator"

    #: Whose it is: a person with neither staff number nor appointment.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    #: What is typed to sign in: op-0001 and so on.
    number: Mapped[str] = mapped_column(unique=True)
    #: Its last day.
    valid_to: Mapped[date]
    #: When it was made.
    created_at: Mapped[datetime]

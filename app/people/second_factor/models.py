"""Rows of the second factor."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class SecondFactor(Base):
    """The secret that one person's app shares with us."""

    __tablename__ = "second_factor"

    #: Whose it is.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    #: The secret in use, sealed; None until the first code of it was right.
    secret: Mapped[str | None]
    #: A secret that is being set up, sealed; it takes the other's place with its first right code.
    proposed: Mapped[str | None]
    #: The last step of time whose code was taken: none up to it is taken again.
    last_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: Since when it is in use.
    set_up_at: Mapped[datetime | None]


class RecoveryCode(Keyed, Base):
    """One of ten codes that each stand in for the app once."""

    __tablename__ = "recovery_code"

    #: Whose it is.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: Its SHA-256, in hexadecimal: of 79 random bits, no slower hash is needed.
    code_hash: Mapped[str]
    #: When it was used; None while it can be.
    used_at: Mapped[datetime | None]

"""Rows of signing in."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class Credential(Base):
    """The password of one person, as argon2id keeps it."""

    __tablename__ = "credential"

    #: Whose it is.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    #: The argon2id hash with its parameters.
    password_hash: Mapped[str]
    #: Whether it was given by the office, and must be changed at the first sign-in.
    must_change: Mapped[bool]
    #: When it was last set.
    changed_at: Mapped[datetime]


class SignIn(Keyed, Base):
    """One open sign-in: what the cookie names, so that it can be ended from here."""

    __tablename__ = "sign_in"

    #: Who signed in.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: By what it was proved: password, oidc or saml.
    method: Mapped[str]
    #: Whether it is on a terminal that several people share.
    is_shared: Mapped[bool] = mapped_column(default=False)
    #: When.
    created_at: Mapped[datetime]
    #: When the second factor was given in it; None until then.
    second_factor_at: Mapped[datetime | None]
    #: When it was ended by signing out, or for the person; None while it is open.
    ended_at: Mapped[datetime | None]

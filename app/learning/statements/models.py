"""Rows of statements: one holds the letters, narrow ones beside it what it is found by."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base

#: SQLite counts rows by a key of the type INTEGER alone.
_Counted = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class XapiStatement(Base):
    """A statement. Nothing of it changes but that it is voided."""

    __tablename__ = "xapi_statement"

    #: The order in which they came; pages of a list go by it.
    seq: Mapped[int] = mapped_column(_Counted, sa.Identity(), primary_key=True)
    #: Its id, ours or its sender's.
    id: Mapped[uuid.UUID] = mapped_column(unique=True)
    #: When it was stored.
    stored_at: Mapped[datetime] = mapped_column(index=True)
    #: As it came, with what the store adds: what is given back, letter by letter.
    text: Mapped[str]
    #: The same for statements that are the same (`xapi.storing.fingerprint`).
    fingerprint: Mapped[bytes]
    #: The statement that it is about.
    target_id: Mapped[uuid.UUID | None]
    #: Whether it voids that one.
    is_voiding: Mapped[bool]
    #: Whether another has voided it.
    is_voided: Mapped[bool]

    __table_args__ = (
        sa.Index(
            "ix_xapi_statement_target_id",
            "target_id",
            postgresql_where=sa.text("target_id IS NOT NULL"),
            sqlite_where=sa.text("target_id IS NOT NULL"),
        ),
    )


class XapiTerm(Base):
    """By what a statement is found: a term of `xapi.terms`, as a number.

    A statement about another has the other's terms as well (Communication 2.1.3).
    """

    __tablename__ = "xapi_term"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's class setting

    #: 64 bits of the term's hash.
    term: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    #: The statement.
    seq: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)


class XapiActivity(Base):
    """What statements have said of an activity, put together."""

    __tablename__ = "xapi_activity"

    #: Its term: a part of its IRI's hash, as IRIs may be longer than an index bears.
    term: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    #: Its IRI.
    iri: Mapped[str]
    #: Its definition (Data 2.4.4.1), as JSON: JSONB holds not all that may stand there.
    definition: Mapped[str]


class XapiAttachment(Base):
    """The bytes of an attachment, once for all statements that have it."""

    __tablename__ = "xapi_attachment"

    #: Its SHA-2 in hexadecimal digits, as the statement names it.
    sha2: Mapped[str] = mapped_column(sa.String(128), primary_key=True)
    #: Its media type.
    content_type: Mapped[str]
    #: The bytes.
    content: Mapped[bytes]

"""Rows of the staff register: of a person nothing but the approved items, and all posts dated."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class EmploymentClass(StrEnum):
    """任用区分: a property of the title, so that nothing more is stored about a person."""

    REGULAR = "regular"
    REAPPOINTED = "reappointed"
    REEMPLOYED = "reemployed"
    FISCAL_YEAR = "fiscal_year"
    FIXED_TERM = "fixed_term"
    TEMPORARY = "temporary"


class PostKind(StrEnum):
    """本務 or 兼務."""

    MAIN = "main"
    CONCURRENT = "concurrent"


class Person(Keyed, Base):
    """One member of the staff."""

    __tablename__ = "person"

    #: 氏名, kept code point by code point as it was imported.
    name: Mapped[str]
    #: The name folded for search (variants, width, spaces); never shown.
    name_key: Mapped[str] = mapped_column(index=True)
    #: メールアドレス; None where there is none.
    email: Mapped[str | None]
    #: The last day of service; None while serving.
    left_on: Mapped[date | None]


class StaffNumber(Keyed, Base):
    """職員番号 of a person for a time; a new appointment can bring a new one."""

    __tablename__ = "staff_number"
    __table_args__ = (sa.UniqueConstraint("number", "valid_from"),)

    #: Whose it is.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: The number as text, with its leading zeros.
    number: Mapped[str] = mapped_column(index=True)
    #: Its first day.
    valid_from: Mapped[date]
    #: Its last day; None while it is used.
    valid_to: Mapped[date | None]


class Title(Keyed, Base):
    """職名, with the 職層 it ranks in and the 任用区分 it belongs to."""

    __tablename__ = "title"

    #: Name as the organisation writes it.
    name: Mapped[str] = mapped_column(unique=True)
    #: 職層 as an order: the lower, the higher in rank.
    rank_order: Mapped[int]
    #: 任用区分.
    employment_class: Mapped[str] = mapped_column(default=EmploymentClass.REGULAR)


class Appointment(Keyed, Base):
    """A post of a person in a section for a time: one main post, any number of concurrent ones."""

    __tablename__ = "appointment"
    __table_args__ = (
        sa.Index(
            "uq_appointment_open_main",
            "person_id",
            unique=True,
            sqlite_where=sa.text("kind = 'main' AND valid_to IS NULL"),
            postgresql_where=sa.text("kind = 'main' AND valid_to IS NULL"),
        ),
    )

    #: Whose post it is.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: Where.
    section_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("section.id"), index=True)
    #: As what.
    title_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("title.id"))
    #: 本務 or 兼務.
    kind: Mapped[str] = mapped_column(default=PostKind.MAIN)
    #: Its first day.
    valid_from: Mapped[date]
    #: Its last day; None while it lasts.
    valid_to: Mapped[date | None]


class ImportBatch(Keyed, Base):
    """A staff file between its check and its commit: the wanted columns alone, then nothing."""

    __tablename__ = "import_batch"

    #: Who uploaded it.
    created_by: Mapped[uuid.UUID]
    #: When.
    created_at: Mapped[datetime]
    #: The rows to be committed, by the columns we know; emptied at commit or discard.
    rows: Mapped[list[Any]]
    #: Counts and warnings of the check: added, changed, unchanged, ignored columns.
    summary: Mapped[dict[str, Any]]
    #: When it was committed or discarded.
    ended_at: Mapped[datetime | None]

"""Rows of the staff register: of a person nothing but the approved items, and all posts dated."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed
from app.kernel.periods import Dated


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
    #: 性別 as the register writes it; shown where statistics are made, and nowhere else.
    gender: Mapped[str | None]
    #: 年齢 in years on `age_as_of`: no date of birth is kept, so it never counts on.
    age: Mapped[int | None]
    #: The day of which `age` tells.
    age_as_of: Mapped[date | None]
    #: 採用年月日.
    hired_on: Mapped[date | None]
    #: 昇任年月日.
    promoted_on: Mapped[date | None]
    #: The last day of service; None while serving.
    left_on: Mapped[date | None]
    #: The last day for which a file of the register named them.
    confirmed_on: Mapped[date | None]
    #: Since when nothing is done with the data but keeping them (利用停止); None where it is.
    restricted_at: Mapped[datetime | None]


class StaffNumber(Keyed, Dated, Base):
    """職員番号 of a person for a time; a new appointment can bring a new one."""

    __tablename__ = "staff_number"
    __table_args__ = (sa.UniqueConstraint("number", "valid_from"),)

    #: Whose it is.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: The number as text, with its leading zeros.
    number: Mapped[str] = mapped_column(index=True)


class Title(Keyed, Base):
    """職名, with the 職層 it ranks in and the 任用区分 it belongs to."""

    __tablename__ = "title"

    #: Name as the organisation writes it.
    name: Mapped[str] = mapped_column(unique=True)
    #: 職層: what the titles of one rank are called together; empty where nobody has said.
    grade: Mapped[str] = mapped_column(default="")
    #: 職層 as an order: the lower, the higher in rank.
    rank_order: Mapped[int]
    #: 任用区分.
    employment_class: Mapped[str] = mapped_column(default=EmploymentClass.REGULAR)


class Appointment(Keyed, Dated, Base):
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
    #: 職種 as the register writes it; empty where it is not said.
    job_type: Mapped[str] = mapped_column(default="")
    #: 職務名; empty where it is not said.
    duty: Mapped[str] = mapped_column(default="")


class ExclusionPeriod(Keyed, Dated, Base):
    """A time in which a person is asked to take no training (受講対象外期間); why is not kept."""

    __tablename__ = "exclusion_period"

    #: Whose it is.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)


class PersonMerge(Keyed, Base):
    """Two entries that were found to be one person, with what it takes to part them again."""

    __tablename__ = "person_merge"

    #: The entry that was kept.
    kept_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: The entry whose rows were moved over.
    merged_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: What was moved: the keys of rows by "table.column", and what was changed in the entries.
    moved: Mapped[dict[str, Any]]
    #: Who merged them.
    merged_by: Mapped[uuid.UUID]
    #: When.
    merged_at: Mapped[datetime]
    #: When they were parted again; None while they are one.
    undone_at: Mapped[datetime | None]


class RegisterRevision(Base):
    """One row, whose number grows with every change of the register.

    A file that was checked at one number does at that number what was shown, and may do something
    else at any other.
    """

    __tablename__ = "register_revision"

    #: Always 1.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: How often the register was changed.
    number: Mapped[int]

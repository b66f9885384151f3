"""Rows of the sections: what exists, what it is called and stands under, and what follows it."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed
from app.kernel.periods import Dated


class Section(Keyed, Dated, Base):
    """A part of the organisation for as long as it exists: 部, 課 or 係."""

    __tablename__ = "section"
    __table_args__ = (sa.UniqueConstraint("code", "valid_from"),)

    #: Code of the staff register, with its leading zeros.
    code: Mapped[str] = mapped_column(index=True)


class SectionVersion(Keyed, Dated, Base):
    """What a section is called and where it stands, for a time.

    The last version has no last day, also when the section has one: what was decided for it in its
    time keeps its name.
    """

    __tablename__ = "section_version"
    __table_args__ = (
        sa.UniqueConstraint("section_id", "valid_from"),
        sa.Index(
            "uq_section_version_open",
            "section_id",
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        ),
    )

    #: Of which section.
    section_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("section.id"), index=True)
    #: Name as the organisation writes it.
    name: Mapped[str]
    #: What it is a part of; None at the top.
    parent_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("section.id"), index=True)
    #: Place in the order of the organisation; lists of staff follow it.
    position: Mapped[int] = mapped_column(default=0)


class SectionSuccessor(Base):
    """One section that took over the work of one that ended (改組の対応)."""

    __tablename__ = "section_successor"

    #: The section that ended.
    section_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("section.id"), primary_key=True)
    #: One that came after it.
    successor_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("section.id"), primary_key=True)

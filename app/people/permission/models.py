"""Rows of the roles that people hold."""

from __future__ import annotations

import uuid
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed
from app.kernel.periods import Dated


class Role(StrEnum):
    """What somebody may be to the training; every member of staff is a learner besides."""

    #: 研修管理者 (人材育成担当).
    OFFICE = "office"
    #: 主催課担当.
    ORGANISER = "organiser"
    #: 所属の研修担当・庶務担当.
    COORDINATOR = "coordinator"
    #: 所属長.
    HEAD = "head"
    #: 講師.
    LECTURER = "lecturer"
    #: 教材作成者.
    AUTHOR = "author"
    #: システム管理者.
    ADMINISTRATOR = "administrator"
    #: 監査者.
    AUDITOR = "auditor"
    #: 受講者: held by all staff, never granted.
    LEARNER = "learner"


class RoleGrant(Keyed, Dated, Base):
    """One role of one person, for a scope and a time."""

    __tablename__ = "role_grant"

    #: Who holds it.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: Which role.
    role: Mapped[str]
    #: The section it reaches; None for all.
    section_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("section.id"))
    #: Whether it reaches the sections below, too.
    with_children: Mapped[bool] = mapped_column(default=True)
    #: The training it reaches; None for all (a row of a wing above, so no foreign key).
    training_id: Mapped[uuid.UUID | None]
    #: Who granted it; None for the first administrator.
    granted_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


class Delegation(Keyed, Dated, Base):
    """A role that somebody lets another act in for a time: 代理."""

    __tablename__ = "delegation"

    #: Who holds the role.
    from_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: Who acts in it.
    to_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: Which role, with every scope in which it is held.
    role: Mapped[str]
    #: Who made it so.
    created_by: Mapped[uuid.UUID]

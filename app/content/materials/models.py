"""Rows of materials."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.content.materials.states import TRANSITIONS, VersionState
from app.kernel.db import Base, Keyed
from app.kernel.workflow import Transitions


class Material(Keyed, Base):
    """Something to learn from, through all its versions."""

    __tablename__ = "material"

    #: What it is called; taken from the first version's manifest, changed on screen.
    title: Mapped[str]
    #: Who made it.
    created_by: Mapped[uuid.UUID]
    #: When.
    created_at: Mapped[datetime]
    #: When it was put out of use; None while it can be chosen.
    archived_at: Mapped[datetime | None]
    #: How it is played, where that differs from the default: see `play_options`.
    play: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Version(Keyed, Base):
    """One package of a material: what was uploaded once, and never changes."""

    __tablename__ = "material_version"
    __table_args__ = (sa.UniqueConstraint("material_id", "number"),)
    transitions: ClassVar[Transitions] = TRANSITIONS

    #: The material it belongs to.
    material_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("material.id"), index=True)
    #: 1, 2, 3 … in the order of upload.
    number: Mapped[int]
    #: draft, published, retired.
    state: Mapped[str] = mapped_column(default=VersionState.DRAFT)
    #: SHA-256 of the package, in hexadecimal: its name in the store.
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    #: Size of the package, in bytes.
    size: Mapped[int] = mapped_column(sa.BigInteger)
    #: Name of the uploaded file, for the author to recognise.
    file_name: Mapped[str]
    #: The standard's edition: 1.2, 2004-2, 2004-3, 2004-4.
    edition: Mapped[str]
    #: Folder inside the package that holds the manifest: empty, or ending with a slash.
    root: Mapped[str]
    #: The manifest as `scorm.manifest.Manifest.to_document` gives it.
    manifest: Mapped[dict[str, Any]]
    #: What is wrong or odd with it: severity, code, place, data.
    findings: Mapped[list[Any]]
    #: Who uploaded it.
    created_by: Mapped[uuid.UUID]
    #: When.
    created_at: Mapped[datetime]
    #: Whether learners who are in the middle of an earlier version begin anew with this one.
    starts_anew: Mapped[bool] = mapped_column(default=False)
    #: When it was published.
    published_at: Mapped[datetime | None]

"""Rows of materials."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.content.materials.states import TRANSITIONS, VersionState
from app.kernel.db import Base, Keyed
from app.kernel.workflow import Transitions


class MaterialKind(StrEnum):
    """SCORM・cmi5教材, 動画, テスト, アンケート, 文書, リンク."""

    PACKAGE = "package"
    VIDEO = "video"
    EXAM = "exam"
    SURVEY = "survey"
    DOCUMENT = "document"
    LINK = "link"


class Material(Keyed, Base):
    """Something to learn from, through all its versions."""

    __tablename__ = "material"

    #: What kind of thing it is; stays what it is.
    kind: Mapped[str] = mapped_column(default=MaterialKind.PACKAGE)
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
    """What a material was at one time: a package that was uploaded, or what was written here.

    It never changes once it is published; what is written here is a draft until then.
    """

    __tablename__ = "material_version"
    __table_args__ = (sa.UniqueConstraint("material_id", "number"),)
    transitions: ClassVar[Transitions] = TRANSITIONS

    #: The material it belongs to.
    material_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("material.id"), index=True)
    #: 1, 2, 3 … in the order of upload.
    number: Mapped[int]
    #: draft, published, retired.
    state: Mapped[str] = mapped_column(default=VersionState.DRAFT)
    #: SHA-256 of the file, in hexadecimal: its name in the store; empty for what has none.
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True, default="")
    #: Size of the file, in bytes.
    size: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: Name of the uploaded file, for the author to recognise.
    file_name: Mapped[str] = mapped_column(default="")
    #: The standard's edition: 1.2, 2004-2, 2004-3, 2004-4, cmi5, tincan; empty for no package.
    edition: Mapped[str] = mapped_column(default="")
    #: Folder inside the package that holds the manifest: empty, or ending with a slash.
    root: Mapped[str] = mapped_column(default="")
    #: What is in it, as `scorm.structure.to_document` or `xapi.cmi5.course.to_document` gives it.
    manifest: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: What was written here: a test's paper, a survey's sheet, the address of a link.
    document: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: What is wrong or odd with it: severity, code, place, data.
    findings: Mapped[list[Any]] = mapped_column(default=list)
    #: Who uploaded it.
    created_by: Mapped[uuid.UUID]
    #: When.
    created_at: Mapped[datetime]
    #: Whether learners who are in the middle of an earlier version begin anew with this one.
    starts_anew: Mapped[bool] = mapped_column(default=False)
    #: When it was published.
    published_at: Mapped[datetime | None]

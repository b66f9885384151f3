"""Reads of surveys: their sheets, what can be copied, and the questions that every one asks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.authoring import service as authoring
from app.content.materials.models import Material, MaterialKind, Version
from app.content.materials.states import VersionState
from content_packages.questions.sheet import Sheet, SheetQuestion

#: The key of 全研修共通設問: there is one such set at most, made when it is first wanted.
COMMON_SET: Final = uuid.UUID("5b1d6f0e-3c52-4f6a-9a53-0c7d0a5e11aa")


@dataclass(frozen=True)
class Shown:
    """A version of a survey with its sheet."""

    version: Version
    sheet: Sheet


def shown(session: Session, material_id: uuid.UUID, number: int | None = None) -> Shown:
    """Return a survey's version of that number, else its newest; raises NotFound."""
    newest = authoring.newest(session, material_id, MaterialKind.SURVEY)
    version = newest
    if number is not None and number != newest.number:
        version = (
            session.scalars(
                sa.select(Version).where(
                    Version.material_id == material_id, Version.number == number
                )
            ).one_or_none()
            or newest
        )
    return Shown(version, Sheet.of(version.document))


def copies(session: Session) -> list[tuple[uuid.UUID, str]]:
    """Return the surveys that another can be copied from, by title."""
    rows = session.execute(
        sa.select(Material.id, Material.title)
        .where(
            Material.kind == MaterialKind.SURVEY,
            Material.archived_at.is_(None),
            Material.id != COMMON_SET,
        )
        .order_by(Material.title, Material.id)
    )
    return [(row.id, row.title) for row in rows]


def common_questions(session: Session) -> tuple[SheetQuestion, ...]:
    """Return the published questions that every survey asks; none where there is no such set."""
    document = session.scalars(
        sa.select(Version.document)
        .join(Material, Material.id == Version.material_id)
        .where(
            Material.id == COMMON_SET,
            Material.archived_at.is_(None),
            Version.state == VersionState.PUBLISHED,
        )
    ).one_or_none()
    return Sheet().with_common(Sheet.of(document).questions).common if document else ()


def is_behind(session: Session, found: Shown) -> bool:
    """Whether the common questions have changed since a version was published."""
    if found.version.state != VersionState.PUBLISHED or found.sheet.is_common_set:
        return False
    return found.sheet.common != common_questions(session)

"""Reads of materials: the list, one material with its versions, and what trainings may choose."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.content.materials.models import Material, MaterialKind, Version
from app.content.materials.states import VersionState
from app.content.outlines import queries as outlines
from app.content.outlines.queries import Entry
from app.kernel.errors import NotFound
from app.kernel.plain import Plain
from app.people.register.models import Person

SEVERITIES = ("error", "warning", "notice")


@dataclass(frozen=True)
class Choice:
    """A material that a training may use: it has a published version and is in use."""

    material_id: uuid.UUID
    title: str
    kind: str


@dataclass(frozen=True)
class Row:
    """One material in the list, told by its newest version."""

    id: uuid.UUID
    kind: str
    title: str
    archived_at: datetime | None
    version_id: uuid.UUID
    number: int
    state: str
    edition: str
    size: int
    created_at: datetime
    #: Number of the published version; None while there is none.
    published: int | None


@dataclass(frozen=True)
class VersionRow:
    """One version in the table of a material's versions."""

    id: uuid.UUID
    number: int
    state: str
    size: int
    edition: str
    file_name: str
    created_at: datetime
    created_by: str
    published_at: datetime | None


@dataclass(frozen=True)
class Finding:
    """Something wrong or odd with a package."""

    severity: str
    code: str
    place: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Detail:
    """A material, one of its versions in full, and all versions in short, the newest first."""

    id: uuid.UUID
    title: str
    archived_at: datetime | None
    shown: VersionRow
    versions: Sequence[VersionRow]
    course: str
    outline: tuple[Entry, ...]
    #: How many of what can be launched are SCOs, and how many are not.
    scos: int
    assets: int
    findings: Sequence[Finding]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class PlayOptions:
    """How a material is played.

    `window`: in the player's page, or in one of its own. `suspends_silent`: a session that ends
    without a word is resumed, or has ended. `strict_limits`: texts longer than the books ask an LMS
    to keep are refused, as a conformance test wants it.
    """

    window: Literal["page", "new"] = "page"
    suspends_silent: bool = True
    strict_limits: bool = False


def play_options(document: Mapping[str, Any]) -> PlayOptions:
    """Return the options that a material's row holds."""
    return PlayOptions(**document)


@dataclass(frozen=True)
class Published:
    """A published version, as far as a launch needs it."""

    id: uuid.UUID
    material_id: uuid.UUID
    kind: str
    sha256: str
    root: str
    starts_anew: bool
    edition: str


#: The columns of `Published`, of a version joined with its material.
PUBLISHED = (
    Version.id,
    Version.material_id,
    Material.kind,
    Version.sha256,
    Version.root,
    Version.starts_anew,
    Version.edition,
)
#: Asked at each launch, and so made once.
_PUBLISHED = Plain(
    sa.select(*PUBLISHED)
    .join(Material, Material.id == Version.material_id)
    .where(Version.material_id == sa.bindparam("material"))
    .where(Version.state == VersionState.PUBLISHED)
)


def published(session: Session, material_id: uuid.UUID) -> Published:
    """Return what whoever launches a material now takes; raises NotFound where there is nothing."""
    row = _PUBLISHED.one(session, material=material_id)
    if row is None:
        raise NotFound("material_not_published")
    return Published(*row)


def published_version(session: Session, material_id: uuid.UUID) -> Version:
    """Return the version that whoever begins now takes; raises NotFound where there is none."""
    query = sa.select(Version).where(
        Version.material_id == material_id, Version.state == VersionState.PUBLISHED
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("material_not_published")
    return found


def published_choices(session: Session) -> list[Choice]:
    """Return what a training may choose, by title."""
    rows = session.execute(
        sa.select(Material.id, Material.title, Material.kind)
        .join(Version, Version.material_id == Material.id)
        .where(Version.state == VersionState.PUBLISHED, Material.archived_at.is_(None))
        .order_by(Material.title, Material.id)
    )
    return [Choice(*row) for row in rows]


def materials(
    words: str = "", *, kind: str = "", archived: bool = False
) -> sa.Select[*tuple[Any, ...]]:
    """Return the query of the list, with the columns of `Row`, the newest version first."""
    newest = _newest()
    published = aliased(Version)
    query = (
        sa.select(
            Material.id,
            Material.kind,
            Material.title,
            Material.archived_at,
            Version.id,
            Version.number,
            Version.state,
            Version.edition,
            Version.size,
            Version.created_at,
            published.number,
        )
        .join(newest, newest.c.material_id == Material.id)
        .join(
            Version, sa.and_(Version.material_id == Material.id, Version.number == newest.c.number)
        )
        .outerjoin(
            published,
            sa.and_(
                published.material_id == Material.id, published.state == VersionState.PUBLISHED
            ),
        )
        .where(Material.archived_at.is_not(None) if archived else Material.archived_at.is_(None))
        .order_by(Version.created_at.desc(), Material.id)
    )
    if kind:
        query = query.where(Material.kind == kind)
    for word in words.split():
        query = query.where(sa.func.lower(Material.title).contains(word.lower(), autoescape=True))
    return query


def _newest() -> sa.Subquery:
    return (
        sa.select(Version.material_id, sa.func.max(Version.number).label("number"))
        .group_by(Version.material_id)
        .subquery()
    )


def detail(session: Session, material_id: uuid.UUID, number: int | None = None) -> Detail:
    """Return a package with its version of that number, else its newest: three statements.

    Raises NotFound where there is no such material or version.
    """
    material = session.get(Material, material_id)
    versions = versions_of(session, material_id)
    shown = next((row for row in versions if number in (None, row.number)), None)
    if material is None or material.kind != MaterialKind.PACKAGE or shown is None:
        raise NotFound
    version = session.get_one(Version, shown.id)
    title, outline = outlines.outline(version)
    kinds = Counter(entry.kind for entry in outlines.launchable(outline))
    findings = [Finding(**found) for found in version.findings]
    findings.sort(key=lambda found: SEVERITIES.index(found.severity))
    return Detail(
        id=material.id,
        title=material.title,
        archived_at=material.archived_at,
        shown=shown,
        versions=versions,
        course=title,
        outline=outline,
        scos=kinds["sco"],
        assets=kinds["asset"],
        findings=findings,
        counts=Counter(found.severity for found in findings),
    )


def versions_of(session: Session, material_id: uuid.UUID) -> list[VersionRow]:
    """Return all versions of a material in short, the newest first, in one statement."""
    rows = session.execute(
        sa.select(
            Version.id,
            Version.number,
            Version.state,
            Version.size,
            Version.edition,
            Version.file_name,
            Version.created_at,
            sa.func.coalesce(Person.name, ""),
            Version.published_at,
        )
        .outerjoin(Person, Person.id == Version.created_by)
        .where(Version.material_id == material_id)
        .order_by(Version.number.desc())
    )
    return [VersionRow(*row) for row in rows]

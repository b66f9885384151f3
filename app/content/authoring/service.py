"""Materials that are written here: made, drafted, written on, and published.

A published version never changes. What is written goes into a draft, which begins as a copy of the
newest version; `materials.service.publish` publishes it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials import access
from app.content.materials.models import Material, MaterialKind, Version
from app.content.materials.service import LONGEST_TITLE
from app.content.materials.states import VersionState
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, NotFound, Refused

Findings = Sequence[Mapping[str, Any]]


def make(
    session: Session,
    key: uuid.UUID,
    kind: MaterialKind,
    title: str,
    document: Mapping[str, Any],
    findings: Findings = (),
    *,
    by: Actor,
    now: datetime,
) -> Material:
    """Make a material under a key, with a draft as its first version; twice is no error.

    `findings` are what a publication would be refused for, or warned of: severity, code, place,
    data. Raises Refused("title_needed") or Refused("title_too_long").
    """
    known = session.get(Material, key)
    if known is not None:
        return known
    name = " ".join(title.split())
    if not name:
        raise Refused("title_needed")
    if len(name) > LONGEST_TITLE:
        raise Refused("title_too_long", limit=LONGEST_TITLE)
    row = Material(id=key, kind=kind, title=name, created_by=by.known_id, created_at=now)
    session.add(row)
    session.flush()
    _add(session, row.id, 1, document, findings, by, now)
    subject = ("material", row.id)
    details = {"kind": str(kind)}
    audit.record(
        session, "material.written", by=by.person_id, now=now, subject=subject, details=details
    )
    return row


def newest(session: Session, material_id: uuid.UUID, kind: MaterialKind) -> Version:
    """Return the newest version of a material of a kind; raises NotFound."""
    row = session.scalars(
        sa.select(Version)
        .join(Material, Material.id == Version.material_id)
        .where(Material.id == material_id, Material.kind == kind)
        .order_by(Version.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def draft(
    session: Session, material_id: uuid.UUID, kind: MaterialKind, *, by: Actor, now: datetime
) -> Version:
    """Return the version to write on: the newest where it is a draft, else a copy of it."""
    access.material(session, material_id, to_change=True)
    last = newest(session, material_id, kind)
    if last.state == VersionState.DRAFT:
        return last
    return _add(session, material_id, last.number + 1, last.document, last.findings, by, now)


def write(
    session: Session,
    version: Version,
    document: Mapping[str, Any],
    findings: Findings,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Write a draft anew; raises Conflict("version_not_draft") once it has been published."""
    if version.state != VersionState.DRAFT:
        raise Conflict("version_not_draft")
    version.document, version.findings = dict(document), [dict(found) for found in findings]
    version.created_by, version.created_at = by.known_id, now
    session.flush()


def _add(
    session: Session,
    material_id: uuid.UUID,
    number: int,
    document: Mapping[str, Any],
    findings: Findings,
    by: Actor,
    now: datetime,
) -> Version:
    row = Version(
        material_id=material_id,
        number=number,
        document=dict(document),
        findings=[dict(found) for found in findings],
        created_by=by.known_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row

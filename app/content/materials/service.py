"""What is done to a material and its versions once they are in."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials import access
from app.content.materials.models import Material, Version
from app.content.materials.queries import PlayOptions
from app.content.materials.states import VersionState
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.workflow import move

LONGEST_TITLE = 200


def publish(
    session: Session,
    version_id: uuid.UUID,
    *,
    starts_anew: bool = False,
    by_another: bool = False,
    by: Actor,
    now: datetime,
) -> Version:
    """Let learners who begin from now on take this version; the one published before is retired.

    Whoever is in the middle of an earlier version stays with it, or with `starts_anew` begins this
    one at the next launch; what was done stays on the record. `by_another` asks that whoever
    uploaded it is not who publishes it (C07). Raises Refused("version_has_errors"),
    Refused("material_archived"), Refused("publisher_is_author"), Conflict("wrong_state").
    """
    version = access.version(session, version_id)
    material = access.material(session, version.material_id, to_change=True)
    if material.archived_at is not None:
        raise Refused("material_archived")
    if by_another and version.created_by == by.person_id:
        raise Refused("publisher_is_author")
    published = session.scalars(
        sa.select(Version).where(
            Version.material_id == material.id, Version.state == VersionState.PUBLISHED
        )
    ).one_or_none()
    if published is not None and published is not version:
        move(session, published, "retire", by=by, now=now)
    move(session, version, "publish", by=by, now=now)
    version.published_at = now
    version.starts_anew = starts_anew
    return version


def retire(session: Session, version_id: uuid.UUID, *, by: Actor, now: datetime) -> Version:
    """Let nobody begin this version any more; raises Conflict("wrong_state")."""
    version = access.version(session, version_id)
    access.material(session, version.material_id, to_change=True)
    move(session, version, "retire", by=by, now=now)
    return version


def rename(
    session: Session, material_id: uuid.UUID, title: str, *, by: Actor, now: datetime
) -> Material:
    """Call a material otherwise; raises Refused("title_needed") or Refused("title_too_long")."""
    material = access.material(session, material_id, to_change=True)
    new = " ".join(title.split())
    if not new:
        raise Refused("title_needed")
    if len(new) > LONGEST_TITLE:
        raise Refused("title_too_long", limit=LONGEST_TITLE)
    before, material.title = material.title, new
    _record(session, material, "material.renamed", by, now, {"from": before, "to": new})
    return material


def set_play(
    session: Session, material_id: uuid.UUID, options: PlayOptions, *, by: Actor, now: datetime
) -> Material:
    """Change how a material is played, from the next launch on."""
    material = access.material(session, material_id, to_change=True)
    before, material.play = material.play, asdict(options)
    _record(
        session, material, "material.play_changed", by, now, {"from": before, "to": material.play}
    )
    return material


def archive(session: Session, material_id: uuid.UUID, *, by: Actor, now: datetime) -> Material:
    """Put a material out of use: it can be chosen for no training any more. Twice is no error."""
    material = access.material(session, material_id, to_change=True)
    if material.archived_at is None:
        material.archived_at = now
        _record(session, material, "material.archived", by, now, {})
    return material


def restore(session: Session, material_id: uuid.UUID, *, by: Actor, now: datetime) -> Material:
    """Take a material into use again. Twice is no error."""
    material = access.material(session, material_id, to_change=True)
    if material.archived_at is not None:
        material.archived_at = None
        _record(session, material, "material.restored", by, now, {})
    return material


def _record(
    session: Session,
    material: Material,
    action: str,
    by: Actor,
    now: datetime,
    details: dict[str, object],
) -> None:
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("material", material.id),
        details=details,
    )

"""Reads of imports: one of them, and those that are under way."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.kernel.errors import NotFound
from app.kernel.jobs import Job, Name, State
from app.people.register.models import Person


@dataclass(frozen=True)
class Import:
    """One import as a page shows it."""

    id: uuid.UUID
    file_name: str
    status: str
    done: int
    total: int
    created_at: datetime
    created_by: str
    #: The material it adds a version to; None for a new one.
    material_id: str | None
    #: Whether it is a film, whose steps are counted, and no bytes.
    is_video: bool
    #: Of a refusal or a fault; empty otherwise.
    code: str
    data: Mapping[str, Any]
    #: The version it has become; None until then.
    version_id: uuid.UUID | None

    @property
    def is_running(self) -> bool:
        """Whether something is still to come."""
        return self.status in (State.QUEUED, State.RUNNING)


@dataclass(frozen=True)
class Place:
    """Where a version is shown."""

    material_id: uuid.UUID
    number: int


def one(session: Session, job_id: uuid.UUID) -> Import:
    """Return one import; raises NotFound where there is none."""
    row = session.execute(_imports().where(Job.id == job_id)).first()
    if row is None:
        raise NotFound
    return _made(*row)


def running(session: Session) -> list[Import]:
    """Return the imports that wait or are being done, the oldest first."""
    rows = session.execute(
        _imports().where(Job.status.in_((State.QUEUED, State.RUNNING))).order_by(Job.created_at)
    )
    return [_made(*row) for row in rows]


def place_of(session: Session, version_id: uuid.UUID) -> Place:
    """Return where a version is shown; raises NotFound where there is none."""
    version = session.get(Version, version_id)
    if version is None:
        raise NotFound
    return Place(version.material_id, version.number)


def _imports() -> sa.Select[Job, str]:
    return (
        sa.select(Job, sa.func.coalesce(Person.name, ""))
        .outerjoin(Person, Person.id == Job.created_by)
        .where(Job.name.in_((Name.IMPORT_PACKAGE, Name.IMPORT_VIDEO)))
    )


def _made(job: Job, name: str) -> Import:
    version_id = job.result.get("version_id")
    return Import(
        id=job.id,
        file_name=job.arguments["file_name"],
        status=job.status,
        done=job.done,
        total=job.total,
        created_at=job.created_at,
        created_by=name,
        material_id=job.arguments["material_id"],
        is_video=job.name == Name.IMPORT_VIDEO,
        code=job.result.get("code", ""),
        data=job.result.get("data", {}),
        version_id=uuid.UUID(version_id) if version_id else None,
    )

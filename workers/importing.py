"""The job that imports a package: an uploaded file becomes a draft version."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.content.imports import service
from app.content.materials import access
from app.kernel.jobs import Job
from workers.lease import Progress
from workers.workshop import Workshop


def do(
    shop: Workshop, job: Job, progress: Progress
) -> Callable[[Session, datetime], dict[str, Any]]:
    """Examine and keep the package; return what adds its version. Raises Refused."""
    upload = _upload(shop, job)
    examined = service.examine(upload, shop.settings, progress)
    service.keep(access.store(shop.settings), upload, examined.sha256)
    material_id = job.arguments["material_id"]

    def record(session: Session, now: datetime) -> dict[str, Any]:
        assert job.created_by is not None  # only a person uploads
        version = service.add_version(
            session,
            examined,
            job.arguments["file_name"],
            uuid.UUID(material_id) if material_id else None,
            by=job.created_by,
            now=now,
        )
        return {"version_id": str(version.id), "material_id": str(version.material_id)}

    return record


def clean(shop: Workshop, job: Job) -> None:
    """Delete the uploaded file."""
    _upload(shop, job).unlink(missing_ok=True)


def _upload(shop: Workshop, job: Job) -> Path:
    upload: str = job.arguments["upload"]
    return shop.settings.uploads / upload

"""What systems are told of courses and of registrations."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.orm import Session

from app.content.materials import queries as materials
from app.content.materials.models import Material, Version
from app.content.outlines import queries as outlines
from app.kernel.errors import NotFound
from app.learning.records import queries as records
from app.learning.records.models import Attempt


def course(session: Session, material_id: uuid.UUID) -> dict[str, Any]:
    """Return a course that is published. Raises NotFound."""
    material = session.get(Material, material_id)
    if material is None:
        raise NotFound
    return course_of(material, materials.published_version(session, material_id))


def course_of(material: Material, version: Version) -> dict[str, Any]:
    """Return what is told of a material by one of its versions."""
    _, items = outlines.outline(version)
    units = outlines.launchable(items)
    return {
        "id": str(material.id),
        "title": material.title,
        "version": version.number,
        "standard": version.edition,
        "units": [{"unit": at, "title": item.title} for at, item in enumerate(units)],
        "archived": material.archived_at is not None,
    }


def registration(session: Session, attempt: Attempt) -> dict[str, Any]:
    """Return how far a registration is."""
    told = records.attempt_detail(session, attempt)
    return {
        "registration": str(attempt.id),
        "status": attempt.status,
        "score": attempt.score,
        "progress": attempt.progress,
        "seconds": attempt.seconds,
        "begun": attempt.created_at.isoformat(),
        "completed": attempt.completed_at.isoformat() if attempt.completed_at else None,
        "ended": attempt.ended_at is not None,
        "units": [
            {
                "unit": at,
                "title": item.title,
                "status": item.status,
                "score": item.score,
                "seconds": item.seconds,
            }
            for at, item in enumerate(told.items)
        ],
    }

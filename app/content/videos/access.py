"""The only way to a video on an author's behalf."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.content.materials import access
from app.content.materials.models import Material, MaterialKind
from app.kernel.errors import NotFound


def video(session: Session, material_id: uuid.UUID) -> Material:
    """Return a video; raises NotFound, for any other material as well."""
    found = access.material(session, material_id)
    if found.kind != MaterialKind.VIDEO:
        raise NotFound
    return found

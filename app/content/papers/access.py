"""The only way to a test on an author's behalf."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.content.materials import access
from app.content.materials.models import Material, MaterialKind, Version
from app.kernel.errors import Refused


def exam(session: Session, material_id: uuid.UUID) -> Material:
    """Return a test; raises NotFound, or Refused("material_is_no_test") for another kind."""
    found = access.material(session, material_id)
    if found.kind != MaterialKind.EXAM:
        raise Refused("material_is_no_test")
    return found


def version(session: Session, version_id: uuid.UUID) -> Version:
    """Return a version of a test; raises what `exam` raises."""
    found = access.version(session, version_id)
    exam(session, found.material_id)
    return found

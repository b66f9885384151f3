"""The only way to a survey on an author's behalf: what every training asks is the office's."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.content.materials import access
from app.content.materials.models import Material, MaterialKind
from app.content.sheets.queries import COMMON_SET
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Forbidden
from app.people.permission.models import Role


def survey(session: Session, material_id: uuid.UUID) -> Material:
    """Return a survey to be read; raises NotFound, and Conflict("not_a_survey")."""
    found = access.material(session, material_id)
    if found.kind != MaterialKind.SURVEY:
        raise Conflict("not_a_survey")
    return found


def to_write(session: Session, actor: Actor, material_id: uuid.UUID) -> Material:
    """Return a survey to be changed; raises Forbidden("common_set_of_office") besides."""
    found = survey(session, material_id)
    if not may_write(actor, found.id):
        raise Forbidden("common_set_of_office")
    return found


def may_write(actor: Actor, material_id: uuid.UUID) -> bool:
    """Whether the actor may change a survey."""
    return material_id != COMMON_SET or Role.OFFICE in actor.roles

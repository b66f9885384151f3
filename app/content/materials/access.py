"""The only ways to a material, a version, and the packages behind them."""

from __future__ import annotations

import uuid
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from app.content.materials.models import Material, Version
from app.kernel.errors import NotFound
from app.kernel.settings import Settings
from content_packages.store import Store


def store(settings: Settings) -> Store:
    """Return the store of packages: one for the whole process, so that open archives are shared."""
    return _store(settings.packages)


@cache
def _store(folder: Path) -> Store:
    return Store(folder)


def material(session: Session, material_id: uuid.UUID, *, to_change: bool = False) -> Material:
    """Return a material; `to_change` locks it, so that its versions change one after another.

    Raises NotFound where there is none.
    """
    found = session.get(Material, material_id, with_for_update=to_change or None)
    if found is None:
        raise NotFound
    return found


def version(session: Session, version_id: uuid.UUID) -> Version:
    """Return a version, whatever its state; raises NotFound where there is none."""
    found = session.get(Version, version_id)
    if found is None:
        raise NotFound
    return found

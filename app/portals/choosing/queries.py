"""Reads for the choice: what a portal may open, as the page lists it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from app.content.materials.models import Material
from app.portals.registrations import queries as portals
from app.portals.registrations.models import Portal

#: Rows that are shown; more are found by their names.
MOST: Final = 100


@dataclass(frozen=True)
class Offered:
    """A material that may be chosen."""

    id: uuid.UUID
    title: str
    kind: str


def offered(session: Session, portal: Portal, words: str = "") -> list[Offered]:
    """Return what may be chosen, by title; one more than is shown where there are more."""
    query = portals.offered(portal.id, has_all=portal.has_all_materials)
    if words:
        query = query.where(Material.title.contains(words, autoescape=True))
    return [_row(each) for each in session.scalars(query.limit(MOST + 1))]


def chosen(session: Session, portal: Portal, keys: Collection[uuid.UUID]) -> list[Offered]:
    """Return what was chosen, in the order of the choice, as far as it may be."""
    query = portals.offered(portal.id, has_all=portal.has_all_materials)
    found = {row.id: _row(row) for row in session.scalars(query.where(Material.id.in_(keys)))}
    return [found[key] for key in keys if key in found]


def _row(material: Material) -> Offered:
    return Offered(material.id, material.title, material.kind)

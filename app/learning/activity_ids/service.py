"""The IRI of a part of a material: the same for all its versions, and for all who take it."""

from __future__ import annotations

import uuid


def activity_id(home_page: str, material_id: uuid.UUID, name: str) -> str:
    """Return the IRI of what a material's author calls `name`; `home_page` is the office's origin.

    cmi5 wants an id that is not the publisher's, and the same at every launch (8.1.5).
    """
    return f"{home_page}/activities/{uuid.uuid5(material_id, name)}"

"""The key that a package shows, and which pages may read what we answer."""

from __future__ import annotations

import hmac
import uuid

import flask
from sqlalchemy.orm import Session

from app.portals.registrations.models import Portal


def key_of(portal: Portal, material_id: uuid.UUID) -> str:
    """Return what the package of a material shows: its portal, its material, the portal's key."""
    return f"{portal.id.hex}.{material_id.hex}.{portal.package_key}"


def portal_in(session: Session, key: str) -> Portal | None:
    """Return the portal that a key names, whether the key is good or not; None for none."""
    named = _id_in(key, 0)
    portal = session.get(Portal, named) if named else None
    return portal if portal and portal.package_key else None


def material_in(portal: Portal, key: str) -> uuid.UUID | None:
    """Return the material of a key that is the portal's own; None for any other key."""
    material_id = _id_in(key, 1)
    if material_id is None:
        return None
    is_own = hmac.compare_digest(key_of(portal, material_id).encode(), key.encode())
    return material_id if is_own else None


def _id_in(key: str, place: int) -> uuid.UUID | None:
    parts = key.split(".")
    try:
        return uuid.UUID(hex=parts[place])
    except (IndexError, ValueError):
        return None


def known_origin(portal: Portal | None) -> str:
    """Return the origin that a request comes from where it is one of a portal's; else nothing."""
    said = flask.request.headers.get("Origin", "")
    return said if portal and said in portal.frame_origins.split() else ""


def readable(response: flask.Response, origin: str) -> flask.Response:
    """Have the pages of an origin read an answer; no page does where there is none."""
    response.vary.add("Origin")
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
    return response

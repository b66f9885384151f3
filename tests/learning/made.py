"""Courses, packages and learners for the tests of the learning wing."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.kernel.settings import Settings
from app.learning.attempts.service import Learner, Message
from app.learning.player import access
from app.learning.records.models import Attempt
from content_packages.store import Store
from scorm.edition import Edition
from scorm.structure import Item, Manifest, Organization, from_document, leaves, to_document
from tests import factories
from tests.content_packages.made import File, zip_of

HANAKO = Learner("00012", "架空 花子", "ja")


def sco(identifier: str, href: str = "index.html", **facts: str | None) -> Item:
    """Return an item that launches a SCO."""
    return Item(identifier, f"項目 {identifier}", href=href, resource_type="sco", **facts)


def document(*items: Item, edition: str = "1.2") -> dict[str, object]:
    """Return the stored document of a manifest with these items."""
    course = Organization("O", "講座", items or (sco("A"),))
    return to_document(Manifest(Edition(edition), None, "M", "O", (course,), ()))


def version(
    session: Session, *items: Item, edition: str = "1.2", sha256: str = "0" * 64
) -> Version:
    """Make a material by somebody, with one published version of these items."""
    author = factories.person(session)
    material = factories.material(
        session, author, manifest=document(*items, edition=edition), edition=edition, sha256=sha256
    )
    return session.scalars(sa.select(Version).where(Version.material_id == material.id)).one()


def newer_version(session: Session, old: Version) -> Version:
    """Add a second version of the same material."""
    row = Version(
        material_id=old.material_id,
        number=old.number + 1,
        state="published",
        sha256="1" * 64,
        size=1000,
        file_name="package.zip",
        edition=old.edition,
        root="",
        manifest=old.manifest,
        findings=[],
        created_by=old.created_by,
        created_at=old.created_at,
        published_at=old.created_at,
    )
    session.add(row)
    session.flush()
    return row


def kept(settings: Settings, folder: Path, *files: File) -> str:
    """Keep a package of these files in the settings' store, and return its SHA-256."""
    path = folder / "package.zip"
    path.write_bytes(zip_of(*files))
    return Store(settings.packages).add(path)


def message(
    sequence: int, *changes: tuple[str, str], item: str = "A", end: bool = False
) -> Message:
    """Return a message of an item's changes."""
    return Message(sequence, item, list(changes), finished=end)


def origin(address: str) -> str:
    """Return the origin of an address, as test clients take it for `base_url`."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def path(address: str) -> str:
    """Return the path of an address."""
    return urlsplit(address).path


def launch_of(attempt: Attempt, sha256: str = "0" * 64, root: str = "") -> access.Launch:
    """Return what a launch token of an attempt says."""
    return access.Launch(attempt.id, attempt.lease, sha256, root, "ja", "/assignments/x")


def attempt(session: Session, attempt_id: uuid.UUID) -> Attempt:
    """Return an attempt as it is in the database now."""
    return session.get_one(Attempt, attempt_id, populate_existing=True)


def later(now: datetime, minutes: int) -> datetime:
    """Return a later moment."""
    return datetime.fromtimestamp(now.timestamp() + 60 * minutes, now.tzinfo)


def course_of(stored: dict[str, Any]) -> list[Item]:
    """Return what the course of a stored manifest delivers, in order."""
    organization = from_document(stored).organization
    assert organization is not None
    return leaves(organization)

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
from app.learning.attempts import service as attempts
from app.learning.attempts.service import Learner, Message, Navigated
from app.learning.launches import service as launches
from app.learning.owners.models import Owner
from app.learning.player import access
from app.learning.records.models import Attempt
from content_packages.store import Store
from scorm.edition import Edition
from scorm.sequencing.definition import Sequencing
from scorm.structure import Item, Manifest, Organization, from_document, leaves, to_document
from tests import factories
from tests.content_packages.made import File, zip_of

HANAKO = Learner("00012", "架空 花子", "ja")
#: 2004: what lets a learner walk through the items of a course, where the default is to choose.
FLOW = Sequencing(flow=True)


def sco(identifier: str, href: str = "index.html", **facts: Any) -> Item:
    """Return an item that launches a SCO."""
    return Item(identifier, f"項目 {identifier}", href=href, resource_type="sco", **facts)


def document(*items: Item, edition: str = "1.2", **facts: Any) -> dict[str, object]:
    """Return the stored document of a manifest with these items; `facts` are of its course."""
    course = Organization("O", "講座", items or (sco("A"),), **facts)
    return to_document(Manifest(Edition(edition), None, "M", "O", (course,), ()))


def version(
    session: Session, *items: Item, edition: str = "1.2", sha256: str = "0" * 64, **facts: Any
) -> Version:
    """Make a material by somebody, with one published version of these items."""
    author = factories.person(session)
    manifest = document(*items, edition=edition, **facts)
    material = factories.material(
        session, author, manifest=manifest, edition=edition, sha256=sha256
    )
    return session.scalars(sa.select(Version).where(Version.material_id == material.id)).one()


def newer_version(session: Session, old: Version, *, starts_anew: bool = False) -> Version:
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
        starts_anew=starts_anew,
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


class Sitting:
    """Somebody at a launch of an attempt; counts its steps and its messages as a player does."""

    def __init__(self, session: Session, attempt: Attempt, now: datetime) -> None:
        self.session, self.attempt, self.now = session, attempt, now
        self.lease = attempt.lease
        self.step = self.sequence = 0

    def go(self, request: str = "open", *, suspends_silent: bool = True) -> Navigated:
        """Ask for something, and take the step that it is."""
        found = self.at_step(self.step + 1, request, suspends_silent=suspends_silent)
        self.step += 1
        self.sequence = found.sequence
        return found

    def at_step(self, step: int, request: str, *, suspends_silent: bool = True) -> Navigated:
        """Ask for something at a step that need not be the next one."""
        return attempts.navigate(
            self.session,
            self.attempt.id,
            lease=self.lease,
            step=step,
            request=request,
            learner=HANAKO,
            now=self.now,
            suspends_silent=suspends_silent,
        )

    def set(self, *changes: tuple[str, str], item: str = "A", end: bool = False) -> dict[str, Any]:
        """Commit what an item's content has set, under the next number."""
        self.sequence += 1
        return self.commit(message(self.sequence, *changes, item=item, end=end))

    def commit(self, *messages: Message) -> dict[str, Any]:
        """Commit messages under numbers of their own."""
        return attempts.commit(
            self.session, self.attempt.id, lease=self.lease, messages=messages, now=self.now
        )

    def leave(self) -> bool:
        """Go away; return whether the attempt is over."""
        return attempts.leave(self.session, self.attempt.id, lease=self.lease, now=self.now)


def launched(
    session: Session,
    course: Version,
    now: datetime,
    *,
    person_id: uuid.UUID | None = None,
    assignment_id: uuid.UUID | None = None,
    is_preview: bool = False,
) -> Sitting:
    """Launch a version for somebody; who and what for are new where they are not said."""
    attempt = launches.begin(
        session,
        course,
        owner=Owner(person_id or factories.person(session).id),
        assignment_id=None if is_preview else assignment_id or uuid.uuid4(),
        now=now,
    )
    return Sitting(session, attempt, now)


def named(found: Navigated) -> str | None:
    """Return the identifier of the item that a navigation has led to."""
    return found.item.identifier if found.item else None


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

"""Courses imported and launched on a system's behalf, and what is done to its registrations."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.content.imports import service as imports
from app.content.imports.service import Examined
from app.content.materials import access as materials
from app.content.materials import queries, service
from app.content.materials.models import Version
from app.kernel.actor import Actor, Grant
from app.kernel.errors import Conflict, NotFound, Refused
from app.kernel.settings import Settings
from app.learning.clients.models import XapiClient
from app.learning.courses import queries as course_queries
from app.learning.courses import service as courses
from app.learning.launches import service as launches
from app.learning.launches.service import Launched
from app.learning.owners.models import Owner
from app.learning.player import access as tokens
from app.learning.player import service as player
from app.learning.player.access import Visit
from app.learning.records.models import Attempt
from app.learning.sessions import service as sessions
from app.learning.sessions.service import Place
from app.people.permission.models import Role
from app.portals.api.forms import Asked
from app.portals.api_learners import service as learners
from xapi.cmi5.course import Unit


@dataclass(frozen=True)
class Launch:
    """What was launched: where, in which registration, and by which session."""

    registration: uuid.UUID
    address: str
    #: None for the page of a course, which opens sessions itself.
    session_id: uuid.UUID | None
    own_window: bool


def on_behalf(session: Session, client_id: uuid.UUID) -> Actor:
    """Return who imports: whoever let the system do so answers for what it brings."""
    client = session.get_one(XapiClient, client_id)
    return Actor(client.created_by, grants=(Grant(Role.AUTHOR),))


def examine(path: Path, settings: Settings) -> Examined:
    """Examine a package; one that cannot be launched is refused with all that is wrong.

    Raises Refused: a code of the import's, or "package_faulty" with its findings.
    """
    examined = imports.examine(path, settings, lambda _done, _total: None)
    if any(found["severity"] == "error" for found in examined.findings):
        raise Refused("package_faulty", findings=examined.findings)
    imports.keep(materials.store(settings), path, examined.sha256)
    return examined


def take_in(
    session: Session, examined: Examined, file_name: str, client_id: uuid.UUID, now: datetime
) -> Version:
    """Make an examined package a published material."""
    by = on_behalf(session, client_id)
    version = imports.add_version(session, examined, file_name, None, by=by.known_id, now=now)
    return service.publish(session, version.id, by=by, now=now)


def remove(session: Session, material_id: uuid.UUID, client_id: uuid.UUID, now: datetime) -> None:
    """Put a course out of use; what was learnt stays. Raises NotFound."""
    service.archive(session, material_id, by=on_behalf(session, client_id), now=now)


def launch(
    session: Session,
    client_id: uuid.UUID,
    material_id: uuid.UUID,
    asked: Asked,
    *,
    now: datetime,
    settings: Settings,
) -> Launch:
    """Launch a course, or a unit of it, for a learner of a system.

    Raises NotFound, Conflict("registration_taken"), Refused("material_archived" or "no_units").
    """
    attempt = _begin(session, client_id, material_id, asked, now)
    version = session.get_one(Version, attempt.version_id)
    visit = Visit(attempt.owner, asked.language, asked.return_url)
    opened = player.opened(session, "attempt.launched", Launched.of(attempt), version, visit, now)
    page = courses.page_of(version.edition)
    if page:
        place = Place(settings.office_origin, now)
        courses.begin_for(session, attempt.id, dict(asked.actor), place)
    if asked.unit is None:
        return Launch(attempt.id, tokens.address(settings, opened, page), None, own_window=False)
    if not page:
        raise Refused("no_units")
    unit = _unit(session, attempt, asked.unit)
    found = courses.open_unit(
        session,
        opened,
        unit.key,
        now=now,
        settings=settings,
        mode=asked.mode,
        return_url=asked.return_url,
    )
    return Launch(attempt.id, found.address, found.session_id, unit.own_window)


def _begin(
    session: Session, client_id: uuid.UUID, material_id: uuid.UUID, asked: Asked, now: datetime
) -> Attempt:
    """Begin the learner's attempt at a course, or go on with it."""
    published = queries.published(session, material_id)
    if materials.material(session, material_id).archived_at is not None:
        raise Refused("material_archived")
    learner = learners.learner(session, client_id, asked.actor, now)
    owner = Owner(guest_id=learner.id)
    taken = learners.registration(session, learner.id, material_id, now)
    _check_registration(session, client_id, asked.registration, owner)
    return launches.begin(
        session, published, owner=owner, assignment_id=taken.id, now=now, key=asked.registration
    )


def _check_registration(
    session: Session, client_id: uuid.UUID, key: uuid.UUID | None, owner: Owner
) -> None:
    """See that a registration is the learner's own and goes on, or is nobody's yet."""
    if key is None or session.get(Attempt, key) is None:
        return
    try:
        attempt = learners.attempt(session, client_id, key)
    except NotFound:
        raise Conflict("registration_taken") from None
    if attempt.owner != owner or attempt.ended_at is not None:
        raise Conflict("registration_taken")


def _unit(session: Session, attempt: Attempt, at: int) -> Unit:
    """Return a unit by its place. Raises NotFound."""
    units = course_queries.course(session, attempt.version_id).units
    if at >= len(units):
        raise NotFound("unit_unknown")
    return units[at]


def waive(session: Session, attempt: Attempt, at: int, reason: str, place: Place) -> None:
    """Have a unit count as done by other means. Raises NotFound."""
    sessions.waive(session, attempt.id, _unit(session, attempt, at), reason, place)


def reset(session: Session, attempt: Attempt, client_id: uuid.UUID, now: datetime) -> None:
    """Have the learner's next launch begin a registration anew; what was done stays."""
    assert attempt.record_id is not None  # previews are the office's own
    launches.reset(session, attempt.record_id, by=on_behalf(session, client_id), now=now)

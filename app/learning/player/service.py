"""Launches: from a person and an assignment to an address on the content's origin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials import queries as materials
from app.content.materials.models import Material, Version
from app.content.materials.queries import Published
from app.kernel.audit import service as audit
from app.kernel.errors import Gone
from app.kernel.settings import Settings
from app.learning.attempts import service as attempts
from app.learning.courses import service as courses
from app.learning.launches import service as launches
from app.learning.launches.service import Launched
from app.learning.player import access, text
from app.learning.player.access import Launch, Visit
from app.learning.records import queries as record_queries
from app.learning.records import service as records
from app.learning.records.access import Assigned
from app.learning.records.models import Attempt
from app.learning.sessions.service import Place
from app.people.accounts import queries as accounts
from app.people.register import queries as register
from scorm import element, result, structure, urls


def launch(
    session: Session,
    assigned: Assigned,
    published: Published,
    visit: Visit,
    *,
    now: datetime,
    settings: Settings,
) -> str:
    """Begin or resume a learner's attempt at what they are to take; return the player's address.

    The attempt keeps the version it began with; a new one takes the published version. After the
    last moment the player has `settings.grace_minutes` to bring in what it holds.
    """
    launched = launches.launch(
        session, published, owner=visit.owner, assignment_id=assigned.assignment_id, now=now
    )
    is_newest = launched.version_id == published.id
    taken = published if is_newest else session.get_one(Version, launched.version_id)
    launch = opened(session, "attempt.launched", launched, taken, visit, now, assigned.until)
    return _page(session, launch, taken, visit, now, settings)


def preview(
    session: Session,
    version: Version,
    visit: Visit,
    *,
    now: datetime,
    settings: Settings,
) -> str:
    """Begin an attempt that leaves no record, at any version, and return the player's address."""
    attempt = launches.begin(session, version, owner=visit.owner, assignment_id=None, now=now)
    launched = Launched.of(attempt)
    launch = opened(session, "attempt.previewed", launched, version, visit, now)
    return _page(session, launch, version, visit, now, settings)


def _page(
    session: Session,
    launch: Launch,
    taken: Version | Published,
    visit: Visit,
    now: datetime,
    settings: Settings,
) -> str:
    """Return the address of the page that plays what was launched."""
    page = courses.page_of(taken.edition)
    if page:
        place = Place(settings.office_origin, now)
        courses.begin(session, launch.attempt_id, visit.owner, place)
    return access.address(settings, launch, page)


def opened(
    session: Session,
    action: str,
    launched: Launched,
    taken: Version | Published,
    visit: Visit,
    now: datetime,
    until: datetime | None = None,
) -> Launch:
    """Note that an attempt was opened, and return its launch; `action` is the audit's.

    The audit is about people: of a guest the wing that let them in has a list of its own.
    """
    if visit.owner.person_id:
        audit.record(
            session,
            action,
            by=visit.owner.person_id,
            now=now,
            subject=("attempt", launched.attempt_id),
            details={"lease": launched.lease, "version": str(launched.version_id)},
        )
    ends = None if until is None else int(until.timestamp())
    door = visit.door
    return Launch(
        launched.attempt_id,
        launched.lease,
        taken.sha256,
        taken.root,
        visit.language,
        visit.back,
        ends,
        door=door.id.hex if door else "",
        framed_by=door.origins if door else "",
    )


def setup(session: Session, launch: Launch, settings: Settings) -> dict[str, Any]:
    """Return what the player's page starts from: the outline, the data model, and the way back.

    Raises what `check_open` raises.
    """
    attempt = _open_attempt(session, launch)
    course = record_queries.course(session, attempt.version_id)
    play = play_of(session, attempt)
    return {
        "edition": course.edition.value,
        "elements": element.export(course.edition, strict=play.strict_limits),
        "title": course.title,
        "root": course.organization.identifier,
        "outline": [_entry(item) for item in course.organization.items],
        "flows": course.flows,
        "statuses": records.statuses(attempt, result.outcomes(course, attempt.document)),
        "preview": attempt.record_id is None,
        "traced": attempt.is_traced,
        "trace": f"{settings.office_origin}/traces/{attempt.id}" if attempt.is_traced else None,
        "window": play.window,
        "framed": bool(launch.door),
        "lease": launch.lease,
        # A page that is loaded again goes on counting where the one before it stopped.
        "step": attempt.step if attempt.opened_lease == launch.lease else 0,
        "back": back_of(launch, settings),
    }


def back_of(launch: Launch, settings: Settings) -> str:
    """Return the address that the player leads back to; "" for nowhere."""
    return settings.office_origin + launch.back if launch.back.startswith("/") else launch.back


def _open_attempt(session: Session, launch: Launch) -> Attempt:
    attempt, _ = record_queries.course_of(session, launch.attempt_id)
    check_open(session, launch, attempt)
    return attempt


def check_open(session: Session, launch: Launch, attempt: Attempt) -> None:
    """Raise Gone("launch_expired") once the learner's account is frozen, or their door is shut.

    Nothing more is shown then; what the player still holds is saved even so.
    """
    is_frozen = attempt.person_id and accounts.is_frozen(session, attempt.person_id)
    if is_frozen or access.is_shut(session, launch):
        raise Gone("launch_expired")


def play_of(session: Session, attempt: Attempt) -> materials.PlayOptions:
    """Return how the attempt's material is to be played."""
    query = sa.select(Material.play).join(Version, Version.material_id == Material.id)
    document = session.scalars(query.where(Version.id == attempt.version_id)).one()
    return materials.play_options(document)


def _entry(item: structure.Item) -> dict[str, Any]:
    return {
        "id": item.identifier,
        "title": item.title,
        "launchable": item.href is not None,
        "visible": item.visible,
        "items": [_entry(child) for child in item.children],
    }


def _learner(session: Session, attempt: Attempt, language: str, now: datetime) -> attempts.Learner:
    """Return what content is told of who learns; of a guest no name is known."""
    key = str(attempt.owner.id)
    if attempt.person_id is None:
        return attempts.Learner(key, text.player(language)["guest"], language)
    who = register.post_of(session, attempt.person_id, now)
    return attempts.Learner(key, who.name if who else "", language)


def navigate(
    session: Session, launch: Launch, step: int, request: str, now: datetime
) -> dict[str, Any]:
    """Follow a navigation request; return the item with its address and its state, or `item` None.

    The address is relative to the player's page. Raises what `setup` raises.
    """
    attempt = _open_attempt(session, launch)
    found = attempts.navigate(
        session,
        launch.attempt_id,
        lease=launch.lease,
        step=step,
        request=request,
        learner=_learner(session, attempt, launch.language, now),
        now=now,
        suspends_silent=play_of(session, attempt).suspends_silent,
    )
    answer = {
        "item": None,
        "ended": found.is_ended,
        "left": found.is_left,
        "reason": found.reason,
        "controls": found.controls.as_document(),
        "statuses": found.statuses,
        "sequence": found.sequence,
    }
    if found.item is None:
        return answer
    return answer | {
        "item": found.item.identifier,
        "title": found.item.title,
        "address": urls.launch_address(found.item.href or ""),
        "hidden_controls": list(found.item.hide_lms_ui),
        "state": found.state,
    }

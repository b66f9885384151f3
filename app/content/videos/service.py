"""Films, from the file that was sent to what can be watched.

A conversion (`run`) is divided into parts, a job each. Whoever ends a part calls `settle`, and so
does the schedule: when all parts are there one more job puts them together, and where a job has
failed the conversion has. A part that comes after its conversion was given up changes nothing.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.content.authoring import service as authoring
from app.content.materials import access as materials
from app.content.materials import service as publishing
from app.content.materials.models import Material, MaterialKind, Version
from app.content.materials.service import LONGEST_TITLE
from app.content.materials.states import VersionState
from app.content.videos import queries
from app.content.videos.models import SOUND, WHOLE, Video, VideoPart, VideoStatus, WatchingRule
from app.kernel import jobs
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, Refused
from app.kernel.jobs import Name, State

KIND = MaterialKind.VIDEO
#: Bytes of all that stands beside a film: it is read whole at each launch.
MOST_OCTETS = 4_000_000
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """A film that has been looked at: what it is, what is made of it, what can be watched now."""

    source: Document
    plan: Document
    #: Empty where nothing could be taken over as it was.
    edition: Document
    #: In bytes.
    size: int


def ask(
    session: Session,
    upload: str,
    file_name: str,
    title: str,
    material_id: uuid.UUID | None,
    *,
    publishes: bool = False,
    by: Actor,
    now: datetime,
) -> jobs.Job:
    """Ask a worker to look at the file `upload` of the folder of uploads.

    `material_id` names the material it becomes a version of; None makes a new one. `publishes` has
    that version published as soon as it can be watched. Raises NotFound where there is no such
    material, and Refused("material_is_written") for one of another kind.
    """
    if material_id is not None and materials.material(session, material_id).kind != KIND:
        raise Refused("material_is_written")
    arguments = {
        "upload": upload,
        "file_name": file_name,
        "title": title,
        "material_id": str(material_id) if material_id else None,
        "video_id": str(uuid.uuid4()),
        "publishes": publishes,
    }
    return jobs.ask(session, Name.IMPORT_VIDEO, arguments, by=by.person_id, now=now)


def add(
    session: Session, arguments: Document, found: Found, *, by: Actor, now: datetime
) -> Version:
    """Add a film as a draft version, and ask for its conversion; `arguments` are those of `ask`."""
    version = _version(session, arguments, by, now)
    video = Video(
        id=uuid.UUID(arguments["video_id"]),
        file_name=arguments["file_name"],
        size=found.size,
        source=dict(found.source),
        plan=dict(found.plan),
        edition=dict(found.edition),
        version_id=version.id,
        is_published_when_ready=arguments["publishes"],
        created_at=now,
    )
    session.add(video)
    session.flush()
    document = {**version.document, "video": str(video.id)}
    rule = _rule(session, version)
    authoring.write(session, version, document, queries.findings(document, rule), by=by, now=now)
    version.file_name, version.size = video.file_name, video.size
    _begin(session, video, by.person_id, now)
    _publish_if_wanted(session, video, by, now)
    details = {"number": version.number, "size": version.size}
    subject = ("material_version", version.id)
    audit.record(
        session, "material_version.imported", by=by.person_id, now=now, subject=subject,
        details=details,
    )  # fmt: skip
    return version


def _version(session: Session, arguments: Document, by: Actor, now: datetime) -> Version:
    """Return the draft that a film goes into: of the material that is named, or of a new one."""
    if arguments["material_id"]:
        return authoring.draft(session, uuid.UUID(arguments["material_id"]), KIND, by=by, now=now)
    title = arguments["title"] or Path(arguments["file_name"]).stem or arguments["file_name"]
    row: Material = authoring.make(
        session, uuid.uuid4(), KIND, title[:LONGEST_TITLE], {}, by=by, now=now
    )
    return authoring.newest(session, row.id, KIND)


def _begin(session: Session, video: Video, by: uuid.UUID | None, now: datetime) -> None:
    """Ask for each part of a conversion: the sound, if there is any, and each stretch."""
    numbers = list(range(1, len(video.plan["stretches"]) + 1))
    if video.source["sound"]:
        numbers.insert(0, SOUND)
    for number in numbers:
        _ask_part(session, video, number, by, now)


def _ask_part(
    session: Session, video: Video, number: int, by: uuid.UUID | None, now: datetime
) -> None:
    name = Name.FINISH_VIDEO if number == WHOLE else Name.MAKE_VIDEO_PART
    arguments = {"video_id": str(video.id), "run": video.run, "number": number}
    job = jobs.ask(session, name, arguments, by=by, now=now)
    session.add(VideoPart(video_id=video.id, run=video.run, number=number, job_id=job.id))
    session.flush()


def note_part(
    session: Session, video_id: uuid.UUID, run: int, number: int, result: Document, now: datetime
) -> None:
    """Note what a part has become, and go on where it was the last one."""
    part = queries.part(session, video_id, run, number)
    part.result = dict(result)
    session.flush()
    settle(session, video_id, now)


def settle(session: Session, video_id: uuid.UUID, now: datetime) -> None:
    """Go on with a conversion, or end it, as its parts are; twice changes nothing more."""
    video = session.get(Video, video_id, with_for_update=True, populate_existing=True)
    if video is None or video.status != VideoStatus.MAKING:
        return
    parts = queries.parts(session, video)
    lost = next((part for part in parts if part.job.status in (State.REFUSED, State.FAILED)), None)
    if lost is not None:
        video.status, video.failure = VideoStatus.FAILED, dict(lost.job.result)
        jobs.cancel(session, [part.job.id for part in parts], now)
    elif all(part.result for part in parts):
        # A conversion of which the last part is there has ended, and is no longer being made.
        _ask_part(session, video, WHOLE, parts[0].job.created_by, now)
    session.flush()


def finish(
    session: Session,
    video_id: uuid.UUID,
    run: int,
    edition: Document,
    *,
    by: Actor,
    now: datetime,
) -> bool:
    """Let a film be watched in all its sizes; return whether this conversion was still wanted."""
    video = session.get_one(Video, video_id, with_for_update=True, populate_existing=True)
    if (video.run, video.status) != (run, VideoStatus.MAKING):
        return False
    video.edition, video.status, video.ready_at = dict(edition), VideoStatus.READY, now
    queries.part(session, video_id, run, WHOLE).result = {"is_published": True}
    _publish_if_wanted(session, video, by, now)
    session.flush()
    return True


def _publish_if_wanted(session: Session, video: Video, by: Actor, now: datetime) -> None:
    """Publish the version that a film was sent for, once, where its author has asked for that."""
    version = session.get_one(Version, video.version_id)
    if video.is_published_when_ready and video.edition and version.state == VersionState.DRAFT:
        video.is_published_when_ready = False
        publishing.publish(session, version.id, by=by, now=now)


def start_over(
    session: Session, video_id: uuid.UUID, run: int, plan: Document, now: datetime
) -> None:
    """Convert by another plan, where the parts of this one do not make a whole."""
    video = session.get_one(Video, video_id, with_for_update=True, populate_existing=True)
    if (video.run, video.status) == (run, VideoStatus.MAKING):
        by = queries.parts(session, video)[0].job.created_by
        video.run, video.plan = run + 1, dict(plan)
        _begin(session, video, by, now)


def cancel(session: Session, video_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Give a conversion up; what can be watched stays. Raises Conflict("video_not_making")."""
    video = session.get_one(Video, video_id, with_for_update=True, populate_existing=True)
    if video.status != VideoStatus.MAKING:
        raise Conflict("video_not_making")
    video.status = VideoStatus.CANCELLED
    jobs.cancel(session, [part.job.id for part in queries.parts(session, video)], now)
    _record(session, video, "video.cancelled", by, now)


def retry(session: Session, video_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Convert once more what has failed or was given up; raises Conflict("video_not_failed")."""
    video = session.get_one(Video, video_id, with_for_update=True, populate_existing=True)
    if video.status not in (VideoStatus.FAILED, VideoStatus.CANCELLED):
        raise Conflict("video_not_failed")
    video.run, video.status, video.failure = video.run + 1, VideoStatus.MAKING, {}
    _begin(session, video, by.person_id, now)
    _record(session, video, "video.retried", by, now)


def publish(
    session: Session,
    version: Version,
    *,
    starts_anew: bool,
    by_another: bool,
    by: Actor,
    now: datetime,
) -> Version:
    """Publish a version that can be watched, in whatever sizes there are by now.

    Raises NotFound("video_not_ready"), and what `materials.service.publish` raises.
    """
    queries.film(session, version)
    return publishing.publish(
        session, version.id, starts_anew=starts_anew, by_another=by_another, by=by, now=now
    )


def write(session: Session, version: Version, parts: Document, *, by: Actor, now: datetime) -> None:
    """Put what stands beside a film into a draft: `parts` of its document, by their names.

    Raises Refused("video_words_too_many") beyond `MOST_OCTETS`, and what `authoring.write` raises.
    """
    document = {**version.document, **parts}
    if len(json.dumps(document, ensure_ascii=False).encode()) > MOST_OCTETS:
        raise Refused("video_words_too_many", limit=MOST_OCTETS // 1_000_000)
    findings = queries.findings(document, _rule(session, version))
    authoring.write(session, version, document, findings, by=by, now=now)


def set_rule(
    session: Session, material_id: uuid.UUID, rule: WatchingRule, *, by: Actor, now: datetime
) -> None:
    """Say when a video counts as watched, from the next launch on.

    What is not published and lacks something for it cannot be, until it has it. Raises
    Refused("questions_missing") or Refused("code_missing") where the published version lacks it:
    none of those who take it could finish.
    """
    row = materials.material(session, material_id, to_change=True)
    for version in queries.versions(session, row.id):
        lacking = queries.missing(version.document, rule)
        if version.state != VersionState.PUBLISHED:
            version.findings = queries.findings(version.document, rule)
        elif lacking:
            raise Refused(lacking[0])
    before, row.play = row.play, rule.as_document()
    audit.record(
        session, "video.rule_changed", by=by.person_id, now=now, subject=("material", row.id),
        details={"from": before, "to": row.play},
    )  # fmt: skip


def _rule(session: Session, version: Version) -> WatchingRule:
    return WatchingRule.of(materials.material(session, version.material_id).play)


def _record(session: Session, video: Video, action: str, by: Actor, now: datetime) -> None:
    subject = ("video", video.id)
    audit.record(
        session, action, by=by.person_id, now=now, subject=subject, details={"run": video.run}
    )

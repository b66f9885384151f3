"""Captions, chapters and the transcript written: into the draft of a video, which they begin."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.content.authoring import service as authoring
from app.content.captions import queries
from app.content.videos import service as videos
from app.content.videos.queries import beside
from app.kernel.actor import Actor


def keep(
    session: Session, material_id: uuid.UUID, language: str, text: str, *, by: Actor, now: datetime
) -> None:
    """Keep canonical WebVTT as the captions of a language, in the place of what there is.

    Raises NotFound where there is no such video, and what `videos.service.write` raises.
    """
    version = authoring.draft(session, material_id, videos.KIND, by=by, now=now)
    track = {"language": language, "text": text, "changed_at": now.isoformat()}
    others = [each for each in beside(version).captions if each["language"] != language]
    videos.write(session, version, {"captions": [*others, track]}, by=by, now=now)


def remove(
    session: Session, material_id: uuid.UUID, language: str, *, by: Actor, now: datetime
) -> None:
    """Take the captions of a language out; raises NotFound where there are none."""
    version = authoring.draft(session, material_id, videos.KIND, by=by, now=now)
    queries.track(version, language)
    others = [each for each in beside(version).captions if each["language"] != language]
    videos.write(session, version, {"captions": others}, by=by, now=now)


def set_chapters(
    session: Session,
    material_id: uuid.UUID,
    chapters: Sequence[tuple[float, str]],
    transcript: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Say where the chapters of a video begin, in seconds, and what can be read in its place."""
    version = authoring.draft(session, material_id, videos.KIND, by=by, now=now)
    parts = {"chapters": [list(each) for each in chapters], "transcript": transcript}
    videos.write(session, version, parts, by=by, now=now)

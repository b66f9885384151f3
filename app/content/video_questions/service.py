"""What a video asks, written: into its draft, which that begins."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.content.authoring import service as authoring
from app.content.materials.models import Version
from app.content.video_questions.queries import VideoQuestion, questions
from app.content.videos import service as videos
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Refused

#: A film that stops more often is a test.
MOST_QUESTIONS: Final = 100


def put(
    session: Session, material_id: uuid.UUID, question: VideoQuestion, *, by: Actor, now: datetime
) -> None:
    """Add a question, or write anew the one of its id: so twice is no error.

    Raises NotFound where there is no such video, Refused("video_questions_too_many"), and what
    `videos.service.write` raises.
    """
    version = authoring.draft(session, material_id, videos.KIND, by=by, now=now)
    others = [each for each in questions(version) if each.id != question.id]
    if len(others) >= MOST_QUESTIONS:
        raise Refused("video_questions_too_many", limit=MOST_QUESTIONS)
    _write(session, version, [*others, question], by, now)


def remove(
    session: Session, material_id: uuid.UUID, name: str, *, by: Actor, now: datetime
) -> None:
    """Take the question of an id out; raises Conflict("video_question_gone") where it is not."""
    version = authoring.draft(session, material_id, videos.KIND, by=by, now=now)
    asked = questions(version)
    others = [each for each in asked if each.id != name]
    if len(others) == len(asked):
        raise Conflict("video_question_gone")
    _write(session, version, others, by, now)


def set_code(
    session: Session, material_id: uuid.UUID, code: str, *, by: Actor, now: datetime
) -> None:
    """Say which code the film shows; empty for none."""
    version = authoring.draft(session, material_id, videos.KIND, by=by, now=now)
    videos.write(session, version, {"code": code}, by=by, now=now)


def _write(
    session: Session, version: Version, asked: Iterable[VideoQuestion], by: Actor, now: datetime
) -> None:
    documents = [each.as_document() for each in sorted(asked, key=lambda each: each.at)]
    videos.write(session, version, {"questions": documents}, by=by, now=now)

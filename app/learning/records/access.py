"""Whose record it is, and who looks after it: the wing that assigned it knows for what."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import flask
from sqlalchemy.orm import Session

from app.content.videos.models import WatchingRule
from app.kernel.actor import Actor
from app.kernel.errors import NotFound, Refused
from app.learning.records.models import LearnerRecord
from app.people.permission import access as permission
from app.people.permission.access import PLANNING, Subject

#: Under this name the application keeps a function from an assignment to its training.
TRAINING_OF = "kenshu.training_of"
#: Under this name the application keeps a function from an assignment to what it is now.
ASSIGNED_OF = "kenshu.assigned_of"


@dataclass(frozen=True)
class Assigned:
    """What somebody is to take, and for what."""

    material_id: uuid.UUID
    assignment_id: uuid.UUID
    #: The last moment to learn; None where there is none.
    until: datetime | None = None
    #: What it is counted with (a part of a run): opaque here.
    group_id: uuid.UUID | None = None
    #: Minutes that a test takes longer than its paper says.
    extra_minutes: int = 0
    #: How a video is watched here; None for what is none.
    watching: WatchingRule | None = None
    #: The path in the office that it was begun from, and leads back to.
    back: str = "/"
    #: What it is taken for, in words: the training.
    title: str = ""
    #: Why it cannot be taken now; None where it can.
    refusal: Refused | None = None


def own(session: Session, actor: Actor, record_id: uuid.UUID) -> LearnerRecord:
    """Return a record of the actor's own; raises NotFound for anybody else's."""
    row = session.get(LearnerRecord, record_id)
    if row is None or row.person_id != actor.known_id:
        raise NotFound
    return row


def assigned(session: Session, record: LearnerRecord, now: datetime) -> Assigned:
    """Return what a record is kept for; raises NotFound where nobody assigns it any more."""
    assigned_of = cast(
        "Callable[[Session, uuid.UUID, datetime], Assigned | None]",
        flask.current_app.extensions[ASSIGNED_OF],
    )
    found = assigned_of(session, record.assignment_id, now)
    if found is None:
        raise NotFound
    return found


def record(session: Session, actor: Actor, record_id: uuid.UUID, now: datetime) -> LearnerRecord:
    """Return a record of a training and a person that the actor looks after; raises NotFound."""
    row = session.get(LearnerRecord, record_id)
    if row is None or row.person_id is None:
        raise NotFound
    training_of = cast(
        "Callable[[Session, uuid.UUID], Subject | None]",
        flask.current_app.extensions[TRAINING_OF],
    )
    training = training_of(session, row.assignment_id)
    permission.check_reaches(session, actor, PLANNING, row.person_id, training, now)
    return row


def to_take(session: Session, record: LearnerRecord, now: datetime) -> Assigned:
    """Return what a record is kept for; raises Refused where it cannot be taken now."""
    found = assigned(session, record, now)
    if found.refusal is not None:
        raise found.refusal
    return found

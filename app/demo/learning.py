"""What the demonstration's learners have done, committed as their players would have."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials import queries as materials
from app.learning.attempts import service as attempts
from app.learning.launches import service as launches
from app.learning.owners.models import Owner
from app.training.enrolment import service as enrolment
from app.training.enrolment.models import Assignment, Enrolment
from app.training.plans.models import Run, RunItem

_SCORES = (100, 80, 90, 80, 100)


def finish_security(
    session: Session, run: Run, person_ids: Sequence[uuid.UUID], now: datetime
) -> None:
    """Have people pass the SCORM 1.2 package, one of them only after having failed."""
    for place, person_id in enumerate(person_ids):
        score = 60 if place == 3 else _SCORES[place % len(_SCORES)]
        changes = [
            ("cmi.core.score.raw", str(score)),
            ("cmi.core.score.min", "0"),
            ("cmi.core.score.max", "100"),
            ("cmi.core.lesson_status", "passed" if score >= 80 else "failed"),
            ("cmi.core.session_time", f"00:{12 + place % 9:02}:30.00"),
            ("cmi.core.exit", ""),
        ]
        _take(session, run, person_id, changes, now, finished=True)


def leave_security_half_way(
    session: Session, run: Run, person_ids: Sequence[uuid.UUID], now: datetime
) -> None:
    """Have people leave in the middle, to come back another day."""
    changes = [
        ("cmi.core.lesson_status", "incomplete"),
        ("cmi.core.session_time", "00:05:10.00"),
        ("cmi.core.exit", "suspend"),
    ]
    for person_id in person_ids:
        _take(session, run, person_id, changes, now, finished=True)


def _take(
    session: Session,
    run: Run,
    person_id: uuid.UUID,
    changes: list[tuple[str, str]],
    now: datetime,
    *,
    finished: bool,
) -> None:
    assignment_id, material_id = session.execute(
        sa.select(Assignment.id, RunItem.material_id)
        .join(Enrolment, Enrolment.id == Assignment.enrolment_id)
        .join(RunItem, RunItem.id == Assignment.run_item_id)
        .where(Enrolment.run_id == run.id, Enrolment.person_id == person_id)
    ).one()
    if material_id is None:
        raise LookupError("the demonstration learns from materials")
    version = materials.published_version(session, material_id)
    attempt = launches.begin(
        session, version, owner=Owner(person_id), assignment_id=assignment_id, now=now
    )
    lease = attempt.lease
    learner = attempts.Learner(id=str(person_id), name="", language="ja")
    found = attempts.navigate(
        session, attempt.id, lease=lease, step=1, request="open", learner=learner, now=now
    )
    if found.item is None:
        raise LookupError("the package delivers nothing")
    message = attempts.Message(1, found.item.identifier, changes, finished)
    attempts.commit(session, attempt.id, lease=lease, messages=[message], now=now)
    attempts.leave(session, attempt.id, lease=lease, now=now)
    enrolment.follow(session, assignment_id, now)

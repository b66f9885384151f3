"""Sitting a test: begun, saved again and again, handed in, and marked as far as a machine can.

Whoever concludes a record holds its row first and the sitting's after it, so that two hands on two
sittings of one record count both; a saving holds the sitting's alone.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, NotFound, Refused
from app.learning.exams import queries
from app.learning.exams.models import Sitting
from app.learning.records import service as records
from app.learning.records.access import Assigned
from app.learning.records.models import LearnerRecord
from app.learning.records.service import Going
from app.learning.records.states import RecordStatus
from content_packages.questions import paper as papers
from content_packages.questions.paper import Rules

Answers = Mapping[str, object]


def begin(
    session: Session, record_id: uuid.UUID, assigned: Assigned, *, by: Actor, now: datetime
) -> Sitting:
    """Return the sitting that is open, or begin the next one.

    One whose time is over is handed in first. Raises Refused: "exam_not_published",
    "no_sittings_left".
    """
    record = locked(session, record_id)
    sat = queries.sittings(session, record_id)
    if sat and sat[0].submitted_at is None:
        if not queries.is_over(sat[0], now):
            return sat[0]
        hand_in(session, sat[0].id, now=now)
    version = queries.published(session, record.material_id)
    if version is None:
        raise Refused("exam_not_published")
    paper = queries.paper(session, version.id)
    if queries.left(paper.rules, record, len(sat)) == 0:
        raise Refused("no_sittings_left", count=len(sat))
    seed = secrets.token_hex(8)
    drawn = papers.drawn(paper, seed)
    if not drawn:
        raise Refused("exam_not_published")
    row = Sitting(
        record_id=record_id,
        person_id=record.person_id,
        version_id=version.id,
        number=len(sat) + 1,
        seed=seed,
        drawn=drawn,
        started_at=now,
        ends_at=_end(paper.rules, now, assigned),
    )
    session.add(row)
    session.flush()
    conclude(session, record_id, now)
    subject = ("sitting", row.id)
    audit.record(session, "sitting.begun", by=by.person_id, now=now, subject=subject)
    return row


def _end(rules: Rules, started_at: datetime, assigned: Assigned) -> datetime | None:
    ends = [assigned.until] if assigned.until else []
    if rules.minutes is not None:
        ends.append(started_at + timedelta(minutes=rules.minutes + assigned.extra_minutes))
    return min(ends, default=None)


def save(
    session: Session,
    sitting_id: uuid.UUID,
    answers: Answers,
    *,
    now: datetime,
    sequence: int | None = None,
) -> tuple[Sitting, bool]:
    """Keep some answers, by their questions' names; return the sitting, and whether it holds them.

    A saving whose number is not higher than the last one's comes late and changes nothing: it was
    kept where the answers are the same. Without a number it is the next one. Raises
    Conflict("sitting_submitted"), Refused("sitting_over"), Refused("answers_malformed").
    """
    row = session.get(Sitting, sitting_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    if row.submitted_at is not None:
        raise Conflict("sitting_submitted")
    if not queries.takes_answers(row, now):
        raise Refused("sitting_over")
    number = row.sequence + 1 if sequence is None else sequence
    if number <= row.sequence:
        return row, all(row.answers.get(name) == said for name, said in answers.items())
    _keep(row, answers, now)
    row.sequence = number
    session.flush()
    return row, True


def _keep(row: Sitting, answers: Answers, now: datetime) -> None:
    if not answers.keys() <= set(row.drawn):
        raise Refused("answers_malformed")
    held = {**row.answers, **answers}
    row.answers = {name: said for name, said in held.items() if said is not None}
    row.saved_at = now


def hand_in(
    session: Session, sitting_id: uuid.UUID, answers: Answers | None = None, *, now: datetime
) -> Sitting:
    """Hand a sitting in with what was saved, and `answers` while they still count; mark it.

    Twice is no error: the first time stands. What a hand has to mark waits for it. After its end
    it counts as handed in at its end.
    """
    row = held(session, sitting_id)
    if row.submitted_at is not None:
        return row
    if answers and queries.takes_answers(row, now):
        _keep(row, answers, now)
    row.is_by_time = queries.is_over(row, now)
    row.submitted_at = min(now, row.ends_at) if row.ends_at else now
    paper = queries.paper(session, row.version_id)
    row.marks = papers.marks(paper, row.drawn, row.answers)
    score(session, row, row.submitted_at)
    conclude(session, row.record_id, now)
    return row


def score(session: Session, row: Sitting, now: datetime) -> None:
    """Sum up the marks of a sitting: its score and whether it is passed, once all are given."""
    paper = queries.paper(session, row.version_id)
    row.score = papers.score(paper, row.drawn, row.marks)
    row.marked_at = now if row.score is not None else None
    if row.score is not None:
        row.is_passed = papers.is_passed(paper.rules, row.score)
    else:
        # Nothing that a hand may give can take it away.
        row.is_passed = True if paper.rules.pass_mark <= 0 else None
    session.flush()


def reset_ends(session: Session, assigned: Iterable[Assigned]) -> None:
    """Have open sittings end as what they are taken for says now: its limit, and more minutes."""
    by_key = {each.assignment_id: each for each in assigned}
    rows = session.execute(
        sa.select(Sitting, LearnerRecord.assignment_id)
        .join(LearnerRecord, LearnerRecord.id == Sitting.record_id)
        .where(LearnerRecord.assignment_id.in_(by_key), Sitting.submitted_at.is_(None))
        .with_for_update(of=Sitting)
    )
    for row, key in rows:
        rules = queries.paper(session, row.version_id).rules
        row.ends_at = _end(rules, row.started_at, by_key[key])
    session.flush()


def allow_another(session: Session, record_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Let somebody sit a test once more than it allows; raises Refused("sittings_left").

    Whoever may still sit needs nobody's leave, so that pressed twice it is granted once.
    """
    record = locked(session, record_id)
    exam = queries.exam(session, record)
    if exam is None or exam.left != 0:
        raise Refused("sittings_left")
    record.extra_sittings += 1
    session.flush()
    audit.record(
        session,
        "record.sitting_allowed",
        by=by.person_id,
        now=now,
        subject=("learner_record", record_id),
        details={"people": [str(record.person_id)]},
    )


def locked(session: Session, record_id: uuid.UUID) -> LearnerRecord:
    """Return a record, locked; raises NotFound."""
    row = session.get(LearnerRecord, record_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def held(session: Session, sitting_id: uuid.UUID) -> Sitting:
    """Return a sitting, its record and itself locked in this order; raises NotFound."""
    row = session.get(Sitting, sitting_id)
    if row is None:
        raise NotFound
    locked(session, row.record_id)
    return session.get_one(Sitting, sitting_id, with_for_update=True, populate_existing=True)


def conclude(session: Session, record_id: uuid.UUID, now: datetime) -> None:
    """Make a record what its sittings have come to."""
    goings = [_going(row) for row in queries.sittings(session, record_id)]
    records.conclude_record(session, record_id, goings, now)


def _going(row: Sitting) -> Going:
    last = row.submitted_at or row.saved_at or row.started_at
    seconds = max(0.0, (last - row.started_at).total_seconds())
    if row.submitted_at is None:
        progress = len(row.answers) / len(row.drawn)
        return Going(RecordStatus.IN_PROGRESS, None, min(1.0, progress), seconds, None)
    verdicts = {
        True: RecordStatus.PASSED,
        False: RecordStatus.FAILED,
        None: RecordStatus.IN_PROGRESS,
    }
    done_at = row.submitted_at if row.is_passed else None
    return Going(verdicts[row.is_passed], row.score, 1.0, seconds, done_at)

"""Holding people to the limits of a call, and reminding the sections that have not answered."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import outbox
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.people.permission.access import PLANNING
from app.training.calls import queries
from app.training.calls.models import Answer, SectionAnswer
from app.training.plans.models import Run
from app.training.plans.states import RunState

#: So many runs can be asked for (第1〜第3希望).
MOST_PREFERENCES = 3


def refuse_closed_runs(
    session: Session, offering_id: uuid.UUID, run_ids: Sequence[uuid.UUID], now: datetime
) -> None:
    """Raise Refused("preferences_needed") or "apply_too_late" for what cannot be asked for."""
    if not 1 <= len(set(run_ids)) == len(run_ids) <= MOST_PREFERENCES:
        raise Refused("preferences_needed", most=MOST_PREFERENCES)
    runs = session.scalars(
        sa.select(Run).where(Run.id.in_(run_ids), Run.offering_id == offering_id)
    ).all()
    if len(runs) != len(run_ids):
        raise NotFound
    for run in runs:
        if not queries.takes_applications(run, now):
            raise Refused("apply_too_late", number=run.number)


def refuse_unless_calling(session: Session, offering_id: uuid.UUID, now: datetime) -> None:
    """Raise Refused("head_too_late") where no run of an offering can be put forward for now."""
    calling = sa.select(Run.id).where(
        Run.offering_id == offering_id,
        Run.state == RunState.CALLING,
        sa.or_(Run.head_until.is_(None), Run.head_until >= now),
    )
    if session.scalar(calling.limit(1)) is None:
        raise Refused("head_too_late")


def refuse_after_head_limit(
    session: Session, offering_id: uuid.UUID, by: Actor, now: datetime
) -> None:
    """Hold sections to their limit; the office may still enter what came on paper."""
    if not by.roles & (PLANNING | {"system"}):
        refuse_unless_calling(session, offering_id, now)


def answer(
    session: Session,
    offering_id: uuid.UUID,
    section_id: uuid.UUID,
    said: Answer,
    *,
    by: Actor,
    now: datetime,
) -> SectionAnswer:
    """Write down what a section answers, over what it answered before; the offering is locked."""
    take_back(session, offering_id, section_id)
    row = SectionAnswer(
        offering_id=offering_id,
        section_id=section_id,
        answer=said,
        answered_by=by.person_id,
        answered_at=now,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "offering.answered",
        by=by.person_id,
        now=now,
        subject=("offering", offering_id),
        details={"section": str(section_id), "answer": str(said)},
    )
    payload = {"table": "section_answer", "id": str(row.id), "action": str(said)}
    outbox.put(session, outbox.Kind.MOVED, payload, now)
    return row


def take_back(session: Session, offering_id: uuid.UUID, section_id: uuid.UUID) -> None:
    """Forget what a section has answered: its list is being written again."""
    session.execute(
        sa.delete(SectionAnswer).where(
            SectionAnswer.offering_id == offering_id, SectionAnswer.section_id == section_id
        )
    )


def remind(
    session: Session,
    offering_id: uuid.UUID,
    section_ids: Collection[uuid.UUID],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Have sections be told that their answer is missing; raises Refused("nothing_chosen")."""
    if not section_ids:
        raise Refused("nothing_chosen")
    keys = sorted(map(str, section_ids))
    audit.record(
        session,
        "offering.reminded",
        by=by.person_id,
        now=now,
        subject=("offering", offering_id),
        details={"sections": keys},
    )
    payload = {
        "table": "offering",
        "id": str(offering_id),
        "action": "remind_sections",
        "sections": keys,
    }
    outbox.put(session, outbox.Kind.MOVED, payload, now)

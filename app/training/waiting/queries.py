"""Reads of what waits for a head's word."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.training.approvals.models import ApprovalStep
from app.training.calls.models import Answer, SectionAnswer
from app.training.candidacies.models import Candidacy
from app.training.candidacies.queries import Line
from app.training.candidacies.states import CandidacyState
from app.training.plans.models import Run
from app.training.plans.states import RunState


def before_head() -> sa.ColumnElement[bool]:
    """Return the condition on `Candidacy` that it waits for a head's word.

    What a section writes waits from when its list is handed on.
    """
    is_handed_on = sa.exists().where(
        SectionAnswer.offering_id == Candidacy.offering_id,
        SectionAnswer.section_id == Candidacy.section_id,
        SectionAnswer.answer == Answer.LIST,
    )
    return sa.or_(
        Candidacy.state == CandidacyState.APPLIED,
        sa.and_(Candidacy.state == CandidacyState.DRAFT, is_handed_on),
    )


def waiting_since(session: Session, lines: Collection[Line]) -> dict[uuid.UUID, datetime]:
    """Return since when each of these waits for its head: two statements."""
    again = dict(
        session.execute(
            sa.select(ApprovalStep.subject_id, sa.func.max(ApprovalStep.at))
            .where(
                ApprovalStep.subject_id.in_([line.id for line in lines]),
                ApprovalStep.action == "submit",
            )
            .group_by(ApprovalStep.subject_id)
        ).all()
    )
    handed_on = {
        (row.offering_id, row.section_id): row.answered_at
        for row in session.scalars(
            sa.select(SectionAnswer).where(
                SectionAnswer.offering_id.in_({line.offering_id for line in lines})
            )
        )
    }
    since = {}
    for line in lines:
        since[line.id] = again.get(line.id, line.created_at)
        if line.state == CandidacyState.DRAFT:
            since[line.id] = handed_on.get((line.offering_id, line.section_id), line.created_at)
    return since


def lapsing(session: Session, now: datetime) -> list[uuid.UUID]:
    """Return the candidacies that lapse at the end of tomorrow if no head decides (前日の予告)."""
    tomorrow = clock.today(now) + timedelta(days=1)
    last = (
        sa.select(Run.offering_id)
        .where(Run.state == RunState.CALLING)
        .group_by(Run.offering_id)
        .having(
            sa.func.max(Run.head_until) >= clock.start_of(tomorrow),
            sa.func.max(Run.head_until) <= clock.end_of(tomorrow),
        )
    )
    return list(
        session.scalars(
            sa.select(Candidacy.id)
            .where(
                Candidacy.state.in_(
                    (CandidacyState.DRAFT, CandidacyState.APPLIED, CandidacyState.RETURNED)
                ),
                Candidacy.offering_id.in_(last),
            )
            .order_by(Candidacy.id)
        )
    )

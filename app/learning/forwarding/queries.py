"""Reads of destinations: all there are, what each is to get, what waits and what was refused."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.learning.forwarding.models import XapiForward, XapiForwardRule
from app.learning.forwarding.states import ForwardState
from app.learning.outgoing.models import HELD_BACK, XapiOutgoing
from app.learning.statements.models import XapiStatement

#: Whether something waits, and was not refused.
_WAITS = XapiOutgoing.refused_at.is_(None)
_IS_ENDED = XapiForward.state == ForwardState.ENDED


@dataclass(frozen=True)
class Counts:
    """How much of what a destination is to get has not gone there."""

    waiting: int
    refused: int


@dataclass(frozen=True)
class RefusedRow:
    """A statement that a destination would not have, or that was held back."""

    seq: int
    statement_id: uuid.UUID
    stored_at: datetime
    refused_at: datetime
    status: int
    answer: str

    @property
    def is_held_back(self) -> bool:
        """Whether we did not send it ourselves."""
        return self.status == HELD_BACK


def listed(session: Session) -> Sequence[tuple[XapiForward, Counts]]:
    """Return all destinations in one statement: those that have ended last, then the newest."""
    waiting, refused = _counts(XapiForward.id)
    rows = session.execute(
        sa.select(XapiForward, waiting.scalar_subquery(), refused.scalar_subquery()).order_by(
            _IS_ENDED, XapiForward.id.desc()
        )
    )
    return [(row, Counts(*counts)) for row, *counts in rows]


def counts(session: Session, forward_id: uuid.UUID) -> Counts:
    """Return how much waits for a destination, and how much it has refused."""
    waiting, refused = _counts(forward_id)
    row = session.execute(sa.select(waiting.scalar_subquery(), refused.scalar_subquery())).one()
    return Counts(*row)


def _counts(whose: Any) -> tuple[sa.Select[int], sa.Select[int]]:
    count = sa.select(sa.func.count()).select_from(XapiOutgoing)
    count = count.where(XapiOutgoing.forward_id == whose)
    return count.where(_WAITS), count.where(~_WAITS)


def oldest(session: Session, forward_id: uuid.UUID) -> datetime | None:
    """Return when the statement was stored that waits first; None where none waits."""
    return session.scalar(
        sa.select(XapiStatement.stored_at)
        .join(XapiOutgoing, XapiOutgoing.seq == XapiStatement.seq)
        .where(XapiOutgoing.forward_id == forward_id, _WAITS)
        .order_by(XapiOutgoing.seq)
        .limit(1)
    )


def rule(session: Session, forward_id: uuid.UUID, kind: str) -> Sequence[str]:
    """Return the IRIs of a rule, of one of `outgoing.KINDS`; none for all."""
    return session.scalars(
        sa.select(XapiForwardRule.iri)
        .where(XapiForwardRule.forward_id == forward_id, XapiForwardRule.kind == kind)
        .order_by(XapiForwardRule.iri)
    ).all()


def refused(forward_id: uuid.UUID) -> sa.Select[*tuple[Any, ...]]:
    """Return the query of what a destination has refused, the newest first, for `RefusedRow`."""
    return (
        sa.select(
            XapiOutgoing.seq,
            XapiStatement.id,
            XapiStatement.stored_at,
            XapiOutgoing.refused_at,
            XapiOutgoing.status,
            XapiOutgoing.answer,
        )
        .join(XapiStatement, XapiStatement.seq == XapiOutgoing.seq)
        .where(XapiOutgoing.forward_id == forward_id, ~_WAITS)
        .order_by(XapiOutgoing.seq.desc())
    )

"""Reads of verdicts: how each person of a run stands by the rule of attendance."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.training.attendance import queries as attendance
from app.training.attendance.queries import Entry, Mark, Missed, Sitting
from app.training.verdicts.models import Override


class Verdict(StrEnum):
    """What the rule of attendance says of somebody: 基準を満たす, 基準を満たさない, 未確定."""

    ENOUGH = "enough"
    NOT_ENOUGH = "not_enough"
    OPEN = "open"


def verdict(found: Missed, limit: int, override: Override | None = None) -> Verdict:
    """Return whether enough was attended; the office's word goes before the rule's.

    More than the limit is too much, whatever the sessions that are still to come.
    """
    if override is not None:
        return Verdict.ENOUGH if override.is_enough else Verdict.NOT_ENOUGH
    if found.is_too_much(limit):
        return Verdict.NOT_ENOUGH
    return Verdict.OPEN if found.open else Verdict.ENOUGH


def overrides(session: Session, enrolment_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Override]:
    """Return what the office has said of some enrolments, by enrolment."""
    rows = session.scalars(sa.select(Override).where(Override.enrolment_id.in_(enrolment_ids)))
    return {row.enrolment_id: row for row in rows}


@dataclass(frozen=True)
class Standing:
    """One person of a run with what was missed and what follows from it: a row of the matrix."""

    entry: Entry
    marks: Mapping[uuid.UUID, Mark]
    missed: Missed
    verdict: Verdict
    override: Override | None


def standings(
    session: Session,
    run_id: uuid.UUID,
    limit: int,
    day: date,
    reached: sa.ColumnElement[bool],
) -> tuple[list[Sitting], list[Standing]]:
    """Return a run's sessions, and its people with how each stands: four statements."""
    held = attendance.sittings(session, [run_id]).get(run_id, [])
    entries = attendance.people(session, run_id, day, reached)
    known = attendance.marks(session, run_id)
    said = overrides(session, [entry.enrolment_id for entry in entries])
    rows = []
    for entry in entries:
        mine, word = known.get(entry.enrolment_id, {}), said.get(entry.enrolment_id)
        gone = attendance.missed(held, mine)
        rows.append(Standing(entry, mine, gone, verdict(gone, limit, word), word))
    return held, rows

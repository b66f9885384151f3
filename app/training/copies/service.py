"""Taking a year's plan over into the next: rules and quotas as they are, runs a year later."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock, dates, db, deadlines
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.open_days import OpenDays
from app.training.offerings.models import Offering, Quota
from app.training.offerings.service import RULES
from app.training.plans.models import Run, RunItem, RunSession, Training
from app.training.plans.states import RunState

#: What a copied run, sitting, part and quota take over as they are; days and deadlines are moved.
_OF_RUN = ("kind", "takes_late", "minutes", "capacity_min", "capacity_max")
_OF_SESSION = ("number", "place", "online_url", "lecturer")
_OF_ITEM = ("kind", "material_id", "position", "is_required", "watching")
_OF_QUOTA = ("section_id", "with_children", "grade", "at_least", "at_most")
_YEAR = timedelta(weeks=52)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Copied:
    """How many offerings and runs another year has taken over."""

    offerings: int
    runs: int


def copy_year(
    session: Session,
    fiscal_year: int,
    *,
    mine: sa.ColumnElement[bool],
    with_runs: bool,
    by: Actor,
    now: datetime,
    days: OpenDays | None = None,
) -> Copied:
    """Have the next year offer what a year offers of the trainings that are `mine`.

    Rules and quotas go along. Runs do `with_runs`, as drafts 52 weeks later (53, where they would
    still begin in the old year), with their sittings; those that were cancelled do not. What the
    next year offers already stays as it is, so that twice is once.
    """
    olds = _to_copy(session, fiscal_year, mine)
    news = {old.id: db.new_id() for old in olds}
    session.add_all(
        Offering(
            id=news[old.id],
            training_id=old.training_id,
            fiscal_year=fiscal_year + 1,
            created_at=now,
            **_of(old, RULES),
        )
        for old in olds
    )
    session.flush()
    for quota in session.scalars(sa.select(Quota).where(Quota.offering_id.in_(news))).all():
        session.add(Quota(offering_id=news[quota.offering_id], **_of(quota, _OF_QUOTA)))
    runs = _copy_runs(session, news, days or OpenDays(), now) if with_runs else 0
    details = {"year": [str(fiscal_year), str(fiscal_year + 1)], "added": len(olds), "runs": runs}
    subject = ("offering", None)
    audit.record(session, "plan.copied", by=by.person_id, now=now, subject=subject, details=details)
    return Copied(len(olds), runs)


def _to_copy(
    session: Session, fiscal_year: int, mine: sa.ColumnElement[bool]
) -> Sequence[Offering]:
    """Return what the next year does not offer yet; the trainings are locked meanwhile."""
    offered = sa.select(Offering.training_id).where(Offering.fiscal_year == fiscal_year)
    lock = sa.select(Training.id).where(Training.id.in_(offered), mine).order_by(Training.id)
    session.execute(lock.with_for_update())
    there = sa.select(Offering.training_id).where(Offering.fiscal_year == fiscal_year + 1)
    return session.scalars(
        sa.select(Offering)
        .join(Training, Training.id == Offering.training_id)
        .where(Offering.fiscal_year == fiscal_year, mine, Offering.training_id.not_in(there))
        .order_by(Training.code)
    ).all()


def _copy_runs(
    session: Session, news: dict[uuid.UUID, uuid.UUID], days: OpenDays, now: datetime
) -> int:
    """Copy the runs of some offerings to others, with their sittings and parts; how many."""
    olds = session.scalars(
        sa.select(Run)
        .where(Run.offering_id.in_(news), Run.state != RunState.CANCELLED)
        .order_by(Run.offering_id, Run.number)
    ).all()
    numbers: dict[uuid.UUID, int] = {}
    copies: dict[uuid.UUID, _Copy] = {}
    for old in olds:
        number = numbers[old.offering_id] = numbers.get(old.offering_id, 0) + 1
        copies[old.id] = copy = _Copy(db.new_id(), _later(old.learn_from), old.learn_from)
        session.add(
            Run(
                id=copy.id,
                offering_id=news[old.offering_id],
                number=number,
                created_at=now,
                **_of(old, _OF_RUN),
                **_moved(old, copy, days),
            )
        )
    session.flush()
    _copy_parts(session, copies, days)
    return len(olds)


@dataclass(frozen=True)
class _Copy:
    """A run to come: its key, how much later it is than the old one, and when that began."""

    id: uuid.UUID
    later: timedelta
    began_on: date


def _copy_parts(session: Session, copies: dict[uuid.UUID, _Copy], days: OpenDays) -> None:
    anchors = {copy.id: copy.began_on + copy.later for copy in copies.values()}
    sittings = session.scalars(
        sa.select(RunSession).where(RunSession.run_id.in_(copies)).order_by(RunSession.starts_at)
    ).all()
    first: dict[uuid.UUID, date] = {}
    for old in sittings:
        copy = copies[old.run_id]
        starts_at, ends_at = old.starts_at + copy.later, old.ends_at + copy.later
        first.setdefault(copy.id, clock.today(starts_at))
        said = _of(old, _OF_SESSION)
        session.add(RunSession(run_id=copy.id, starts_at=starts_at, ends_at=ends_at, **said))
    for item in session.scalars(sa.select(RunItem).where(RunItem.run_id.in_(copies))):
        copy = copies[item.run_id]
        rule = _later_rule(item.due_rule, copy.later)
        until = deadlines.moment(rule, first.get(copy.id, anchors[copy.id]), days)
        session.add(RunItem(run_id=copy.id, due_rule=rule, due_until=until, **_of(item, _OF_ITEM)))
    session.flush()


def _moved(old: Run, copy: _Copy, days: OpenDays) -> dict[str, Any]:
    """Return the days and deadlines of a run's copy: days moved, rules counted again."""
    begins_on = old.learn_from + copy.later
    found: dict[str, Any] = {
        "learn_from": begins_on,
        "learn_until": old.learn_until + copy.later,
        "apply_from": old.apply_from + copy.later if old.apply_from else None,
    }
    for name in ("apply", "head", "change"):
        rule = _later_rule(getattr(old, f"{name}_rule"), copy.later)
        found[f"{name}_rule"] = rule
        found[f"{name}_until"] = deadlines.moment(rule, begins_on, days)
    return found


def _later(begins_on: date) -> timedelta:
    """Return how much later a copy begins: as many whole weeks as bring it into the next year."""
    is_same = clock.fiscal_year(begins_on + _YEAR) == clock.fiscal_year(begins_on)
    return _YEAR + _WEEK if is_same else _YEAR


def _later_rule(rule: str, later: timedelta) -> str:
    """Return a deadline for a copy: a day is moved, a rule stays as it is."""
    day = dates.parse(rule)
    return f"{day + later:%Y/%m/%d}" if day else rule


def _of(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}

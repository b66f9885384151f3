"""Reads for the list of who has not finished: narrowed, in any order, and counted by section."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.folding import code_key, name_key
from app.kernel.language import lazy
from app.kernel.lists import Column, Listing
from app.people.register.text import COLUMNS
from app.reports.spans import Span
from app.reports.standing import HELD, UNFINISHED, is_held, people_on, standing, stands
from app.training.enrolment.models import Enrolment
from app.training.offerings.models import Offering
from app.training.plans.models import Run, Training
from app.training.reminders.queries import due_on

#: What the filter by due date asks for: 期限を過ぎた, 期限の前.
LATE, AHEAD = "late", "ahead"


def _of_people(*names: str) -> tuple[sa.ColumnElement[Any], ...]:
    """Return columns of `people_on`, by name: it is another one each day."""
    return tuple(sa.literal_column(f"people.{name}") for name in names)


#: As the organisation lists people.
_PEOPLE = _of_people("position", "code", "rank_order", "number")
LIST = Listing(
    columns=(
        Column("number", COLUMNS["number"], _of_people("number")),
        Column("name", COLUMNS["name"], _of_people("name_key"), may_hide=False),
        Column("section", COLUMNS["section"], _of_people("position", "code")),
        Column("title", COLUMNS["title"], _of_people("rank_order")),
        Column("training", lazy("研修"), (Training.title,)),
        Column("run", lazy("回"), (Run.number,), is_number=True),
        Column("due", lazy("期限"), (due_on(),)),
        Column("state", lazy("状態")),
    ),
    filters=("q", "year", "training", "run", "section", "obligation", "due", "standing"),
    order=(*_PEOPLE, due_on(), Training.title, Enrolment.run_id, Enrolment.person_id),
)


@dataclass(frozen=True)
class Narrowed:
    """What the list is narrowed to, beside sections."""

    year: int
    training_id: uuid.UUID | None = None
    run_id: uuid.UUID | None = None
    obligation: str = ""
    #: LATE, AHEAD, or nothing.
    due: str = ""
    #: A value of `standing`, or nothing.
    standing: str = ""
    #: A part of the name, or the number.
    words: str = ""


@dataclass(frozen=True)
class Unfinished:
    """Somebody who has not finished something."""

    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    number: str | None
    name: str
    section: str | None
    title: str | None
    training: str
    run_id: uuid.UUID
    run: int
    due_on: date
    standing: str


@dataclass(frozen=True)
class HeldRun:
    """A run that the list can be narrowed to."""

    id: uuid.UUID
    training_id: uuid.UUID
    training: str
    number: int


def listed(
    narrowed: Narrowed,
    span: Span,
    day: date,
    section_ids: Collection[uuid.UUID] | None = None,
    *,
    is_of_many: bool = True,
) -> sa.Select[Any]:
    """Return the query of who has not finished, with the columns of `Unfinished`; in no order.

    `section_ids` are those in which they serve that day; None: wherever. `is_of_many` as `standing`
    takes it.
    """
    people = people_on(day)
    query = _joined(_narrowed(narrowed, span, day), narrowed.words, people).add_columns(
        Enrolment.id,
        people.c.id,
        people.c.number,
        people.c.name,
        people.c.section,
        people.c.title,
        Training.title,
        Run.id,
        Run.number,
        due_on(),
        standing(is_of_many=is_of_many),
    )
    return query if section_ids is None else query.where(people.c.section_id.in_(section_ids))


def page(
    session: Session, query: sa.Select[Any], few: sa.Select[Any], first: int, count: int
) -> list[Unfinished]:
    """Return so many rows of a list from one on: two statements.

    The first orders them all by what the indexes hold; the second asks for what is shown of a few.
    `query` and `few` are the same list, `few` for few rows.
    """
    keys = query.with_only_columns(Enrolment.run_id, Enrolment.person_id)
    part = session.execute(keys.limit(count).offset(first))
    found = [(row.run_id, row.person_id) for row in part]
    if not found:
        return []
    rows = session.execute(
        few.where(
            Enrolment.run_id.in_({run_id for run_id, _ in found}),
            Enrolment.person_id.in_({person_id for _, person_id in found}),
        )
    )
    lines = {(row.run_id, row.person_id): row for row in (Unfinished(*each) for each in rows)}
    return [lines[key] for key in found]


def by_section(
    session: Session, narrowed: Narrowed, span: Span, day: date
) -> dict[uuid.UUID | None, int]:
    """Return how many there are by the section in which they serve that day, in one statement."""
    people = people_on(day)
    each = _narrowed(narrowed, span, day).add_columns(
        Enrolment.person_id.label("person_id"), sa.func.count().label("count")
    )
    each_of = each.group_by(Enrolment.person_id).subquery("each_of")
    query = cast("sa.Select[Any]", sa.select(people.c.section_id, sa.func.sum(each_of.c.count)))
    query = query.select_from(each_of).join(people, people.c.id == each_of.c.person_id)
    query = query.where(*_here(people, narrowed.words)).group_by(people.c.section_id)
    return {row[0]: int(row[1]) for row in session.execute(query)}


def _joined(query: sa.Select[Any], words: str, people: sa.CTE) -> sa.Select[Any]:
    return query.join(people, people.c.id == Enrolment.person_id).where(*_here(people, words))


def _narrowed(narrowed: Narrowed, span: Span, day: date) -> sa.Select[Any]:
    query = cast("sa.Select[Any]", sa.select()).select_from(Enrolment)
    query = (
        query.join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(
            Enrolment.state.in_(UNFINISHED),
            is_held(day),
            Offering.fiscal_year == narrowed.year,
            span.of(Enrolment.person_id, day),
        )
    )
    if narrowed.training_id:
        query = query.where(Training.id == narrowed.training_id)
    if narrowed.run_id:
        query = query.where(Run.id == narrowed.run_id)
    if narrowed.obligation:
        query = query.where(Offering.obligation == narrowed.obligation)
    if narrowed.due:
        query = query.where(due_on() < day if narrowed.due == LATE else due_on() >= day)
    if narrowed.standing:
        query = query.where(stands(narrowed.standing))
    return query


def _here(people: sa.CTE, words: str) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that somebody is to be asked on the day, and is called so."""
    here = [people.c.is_here, sa.not_(people.c.is_away)]
    return [*here, _is_called(people, words)] if words else here


def _is_called(people: sa.CTE, words: str) -> sa.ColumnElement[bool]:
    return sa.or_(
        people.c.number == code_key(words),
        people.c.name_key.contains(name_key(words), autoescape=True),
    )


def runs(session: Session, span: Span, year: int) -> list[HeldRun]:
    """Return the runs of a year whose people can be read of, by training, in one statement."""
    rows = session.execute(
        sa.select(Run.id, Training.id, Training.title, Run.number)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Offering.fiscal_year == year, Run.state.in_(HELD), span.of_training())
        .order_by(Training.title, Training.id, Run.number)
    )
    return [HeldRun(*row) for row in rows]

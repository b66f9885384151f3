"""Pages of 受講率: the offerings of a year beside one another, and one of them by section."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import NotFound
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission.models import Role
from app.people.sections import queries as sections
from app.reports import spans
from app.reports.branches import Tree
from app.reports.progress import queries
from app.reports.progress.curve import Point, curve
from app.reports.progress.queries import Counts, HeldRun, SectionCounts
from app.reports.spans import Span
from app.training.offerings import queries as plan
from app.training.offerings.models import Obligation
from app.training.offerings.text import OBLIGATIONS
from app.training.offerings.views import asked_year
from app.training.plans.models import Training

blueprint = flask.Blueprint("progress", __name__)
READERS = having(Role.OFFICE, Role.ORGANISER, Role.HEAD, Role.COORDINATOR)
OFFERING = {"offering_id": "near offering"}


@route(blueprint, "/reports/progress", may=READERS)
def overview() -> ResponseReturnValue:
    """Compare the offerings of a year: those that have to be taken, unless others are asked for."""
    day, year = clock.today(now()), asked_year()
    asked = flask.request.args.get("obligation", Obligation.MANDATORY.value)
    obligation = asked if asked in OBLIGATIONS else ""
    return flask.render_template(
        "reports/progress.html",
        lines=queries.overview(session(), _span(), year, obligation, day),
        year=year,
        years=sorted({*plan.years(session()), year, clock.fiscal_year(day)}, reverse=True),
        obligation=obligation,
        obligations=OBLIGATIONS,
        today=day,
    )


@route(blueprint, "/reports/progress/<uuid:offering_id>", may=READERS, about=OFFERING)
def offering(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Show how far the people of an offering are, by section, by run, and day by day."""
    found = plan.offered(session(), offering_id)
    span, day = spans.check(_span()), clock.today(now())
    if not _may_read(span, found.training_id):
        raise NotFound
    runs = queries.held_runs(session(), offering_id, day)
    chosen = _chosen(runs)
    is_present = flask.request.args.get("organisation") != "then"
    rows = queries.by_section(session(), offering_id, span, day, is_present=is_present)
    counts = _summed(rows, chosen)
    seconds = queries.seconds_by_section(session(), chosen, span, day, is_present=is_present)
    tree = Tree(sections.present(session(), day))
    ended = queries.names(session(), counts.keys() - tree.ids, day)
    total = sum(counts.values(), Counts())
    moments = queries.completed_at(session(), chosen, span, day)
    return flask.render_template(
        "reports/progress_offering.html",
        offering=found,
        runs=[(run, sum(_summed(rows, [run.id]).values(), Counts())) for run in runs],
        run_id=flask.request.args.get("run", type=uuid.UUID),
        total=total,
        lines=queries.lines(tree, counts, seconds, ended),
        seconds=sum(seconds.values()),
        unplaced=sum(moment is None for moment in moments),
        curve=_curve(runs, chosen, moments, total.asked),
        is_present=is_present,
        may_plan=bool(spans.planned_by(actor()).parts),
        today=day,
    )


def _span() -> Span:
    return spans.read_by(actor(), is_concurrent=settings().concurrent_heads)


def _may_read(span: Span, training_id: uuid.UUID) -> bool:
    query = sa.select(Training.id).where(Training.id == training_id, span.of_training())
    return session().scalar(query) is not None


def _chosen(runs: Sequence[HeldRun]) -> list[uuid.UUID]:
    """Return the run that is asked for; all of them where none is."""
    asked = flask.request.args.get("run", type=uuid.UUID)
    return [run.id for run in runs if asked in (None, run.id)]


def _summed(
    rows: Iterable[SectionCounts], run_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Counts]:
    found: dict[uuid.UUID, Counts] = {}
    for row in rows:
        if row.run_id in run_ids:
            found[row.section_id] = found.get(row.section_id, Counts()) + row.counts
    return found


def _curve(
    runs: Sequence[HeldRun],
    chosen: Collection[uuid.UUID],
    moments: Sequence[datetime | None],
    asked: int,
) -> list[Point]:
    mine = [run for run in runs if run.id in chosen]
    if not (mine and asked):
        return []
    first = min(run.learn_from for run in mine)
    until = max(run.learn_until for run in mine)
    return curve(moments, asked, first, until, clock.today(now()))

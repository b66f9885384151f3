"""The plan of a fiscal year: its list, its paper, and each of its offerings."""

from __future__ import annotations

import uuid
from typing import Any

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.language import gettext
from app.kernel.tables import blank, paper
from app.kernel.web import filters
from app.kernel.web.paging import number, page_of
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.training.naming import queries as naming
from app.training.naming.queries import UNANSWERED
from app.training.offerings import access, queries, service, text
from app.training.offerings.forms import OfferingForm, PlanForm
from app.training.offerings.models import Obligation, Offering
from app.training.offerings.queries import PlanLine
from app.training.plans.models import Provider
from app.training.plans.text import KINDS, STATES
from app.training.quotas import queries as quotas
from app.training.syllabus import queries as syllabus
from app.training.syllabus.text import PROVIDERS

blueprint = flask.Blueprint("offerings", __name__)
PLANNING = having(*sorted(permission.PLANNING))
OFFERING = {"offering_id": "offering"}
WHOLE_OFFERING = {"offering_id": "whole offering"}
#: Years that a plan can be of: no page asks for others.
FIRST_YEAR, LAST_YEAR = 1990, 2099


@route(blueprint, "/plans", may=PLANNING)
def plan() -> ResponseReturnValue:
    """Show the plan of a year."""
    year, today = asked_year(), clock.today(now())
    page = page_of(session(), _lines(year), PlanLine, number())
    ids = [line.id for line in page.rows]
    return flask.render_template(
        "training/plan.html",
        page=page,
        year=year,
        years=sorted({*queries.years(session()), year, clock.fiscal_year(today)}, reverse=True),
        states_of=queries.states(session(), ids),
        sums=quotas.sums(session(), ids, today),
        states=STATES,
        obligations=text.OBLIGATIONS,
        categories=syllabus.categories(session()),
        no_category=queries.NO_CATEGORY,
        last=LAST_YEAR,
    )


@route(blueprint, "/plans/file", may=PLANNING)
def plan_file() -> ResponseReturnValue:
    """Answer the plan of a year as a workbook to be printed."""
    year, today = asked_year(), clock.today(now())
    lines = [PlanLine(*row) for row in session().execute(_lines(year))]
    sums = quotas.sums(session(), [line.id for line in lines], today)
    heading = gettext("%(year)s 研修実施計画", year=filters.fiscal_year(year))
    rows = [_paper_row(line, sums.get(line.id)) for line in lines]
    response = flask.make_response(paper.workbook(heading, _paper_columns(), rows))
    response.headers["Content-Type"] = blank.MEDIA_TYPE
    response.headers.set("Content-Disposition", "attachment", filename=f"plan-{year}.xlsx")
    return response


@route(blueprint, "/plans/new", may=PLANNING)
def new_offering() -> ResponseReturnValue:
    """Ask which training a year is to offer."""
    year = asked_year()
    return flask.render_template("training/new_offering.html", form=_plan_form(year), year=year)


@route(blueprint, "/plans/new", may=PLANNING, method="POST")
def do_new_offering() -> ResponseReturnValue:
    """Have a year offer a training."""
    year = asked_year()
    form = _plan_form(year)
    if not form.validate():
        return flask.render_template("training/new_offering.html", form=form, year=year), 422
    row = service.plan(session(), form.training_of(), year, by=actor(), now=now())
    flask.flash(gettext("年間計画に加えました。次に、決まりを確かめてください。"), "success")
    return flask.redirect(flask.url_for(".edit", offering_id=row.id), 303)


@route(blueprint, "/offerings/<uuid:offering_id>", may=PLANNING, about=OFFERING)
def offering(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a year offers of a training: its rules, its runs, its quotas."""
    found, reach = access.planned(session(), actor(), offering_id)
    today = clock.today(now())
    return flask.render_template(
        "training/offering.html",
        offering=found,
        nature=syllabus.nature(session(), found.training_id, today),
        frame=quotas.frame(session(), offering_id, today),
        runs=queries.runs(session(), offering_id),
        may_change=reach.sections is None,
        named=naming.counts(session(), offering_id) if reach.sections is None else None,
        unanswered=UNANSWERED,
        is_outside=found.provider != Provider.WARD,
        is_chosen=found.obligation != Obligation.MANDATORY,
        text=text,
        states=STATES,
        kinds=KINDS,
    )


@route(blueprint, "/offerings/<uuid:offering_id>/edit", may=PLANNING, about=WHOLE_OFFERING)
def edit(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the rules of an offering."""
    found, _ = access.planned(session(), actor(), offering_id, whole=True)
    form = OfferingForm(obj=session().get_one(Offering, offering_id))
    form.offer()
    return flask.render_template("training/edit_offering.html", offering=found, form=form)


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/edit",
    may=PLANNING,
    about=WHOLE_OFFERING,
    method="POST",
)
def do_edit(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Give an offering other rules."""
    found, _ = access.planned(session(), actor(), offering_id, whole=True)
    form = OfferingForm()
    form.offer()
    if not form.validate():
        return flask.render_template("training/edit_offering.html", offering=found, form=form), 422
    service.change(session(), offering_id, form.data_of(), by=actor(), now=now())
    flask.flash(gettext("決まりを保存しました。これからの操作に使われます。"), "success")
    return flask.redirect(flask.url_for(".offering", offering_id=offering_id), 303)


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/drop",
    may=PLANNING,
    about=WHOLE_OFFERING,
    method="POST",
)
def drop(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Take an offering out of its year's plan."""
    found, _ = access.planned(session(), actor(), offering_id, whole=True)
    service.drop(session(), offering_id, by=actor(), now=now())
    flask.flash(gettext("年間計画から外しました：%(title)s", title=found.title), "success")
    return flask.redirect(flask.url_for(".plan", year=found.fiscal_year), 303)


def asked_year() -> int:
    """Return the year that is asked for; the present one where it is none."""
    asked = flask.request.values.get("year", type=int)
    known = asked is not None and FIRST_YEAR <= asked <= LAST_YEAR
    return asked if asked is not None and known else clock.fiscal_year(clock.today(now()))


def _lines(year: int) -> sa.Select[Any]:
    asked = flask.request.args
    return queries.plan(
        year,
        clock.today(now()),
        words=asked.get("q", ""),
        category=asked.get("category", ""),
        mine=access.mine(actor()),
    )


def _plan_form(year: int) -> PlanForm:
    form = PlanForm()
    form.offer(queries.not_offered(session(), year, mine=access.mine(actor(), whole=True)))
    return form


def _paper_columns() -> list[paper.PaperColumn]:
    return [
        paper.PaperColumn(gettext("区分"), 12),
        paper.PaperColumn(gettext("研修コード"), 10),
        paper.PaperColumn(gettext("研修名"), 24),
        paper.PaperColumn(gettext("目的"), 28),
        paper.PaperColumn(gettext("対象"), 16),
        paper.PaperColumn(gettext("科目"), 24),
        paper.PaperColumn(gettext("受講者の決まり方"), 10),
        paper.PaperColumn(gettext("主催"), 14),
        paper.PaperColumn(gettext("実施する機関"), 16),
        paper.PaperColumn(gettext("時期"), 24),
        paper.PaperColumn(gettext("回数"), 6),
        paper.PaperColumn(gettext("定員"), 6),
        paper.PaperColumn(gettext("割当"), 6),
    ]


def _paper_row(line: PlanLine, sums: quotas.Sums | None) -> list[str | int | None]:
    when = f"{filters.plain_day(line.first_day)}〜{filters.plain_day(line.last_day)}"
    return [
        line.category,
        line.code,
        line.title,
        line.purpose,
        line.target,
        line.subjects,
        str(text.OBLIGATIONS[line.obligation][0]),
        line.owner or gettext("研修担当（研修管理者）"),
        str(PROVIDERS[line.provider]),
        when if line.first_day else None,
        line.runs,
        line.capacity,
        sums.most if sums else None,
    ]

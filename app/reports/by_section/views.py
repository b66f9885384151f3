"""The page of a year by section, and its file."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.language import gettext
from app.kernel.web import exports, filters, showing
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.access import PLANNING
from app.reports import text
from app.reports import views as reports
from app.reports.by_section import queries
from app.reports.by_section.queries import SectionLine
from app.training.offerings import queries as offerings
from app.training.offerings.views import asked_year
from app.training.seat_page import access as seats

#: One for all reports: their pages are found under one name.
blueprint = reports.blueprint
MAY = having(*sorted(PLANNING))


@route(blueprint, "/reports/sections", may=MAY)
def sections() -> ResponseReturnValue:
    """Show what the sections took in a year."""
    year = asked_year()
    years = {*offerings.years(session()), year, clock.fiscal_year(clock.today(now()))}
    choices = [
        {"value": str(each), "label": filters.fiscal_year(each)}
        for each in sorted(years, reverse=True)
    ]
    reached = seats.reached(actor(), PLANNING, clock.today(now()))
    return flask.render_template(
        "reports/sections.html",
        year=year,
        choices=choices,
        is_present=_is_present(),
        lines=_lines(year),
        total=queries.total(session(), year, reached),
        may_export=exports.is_allowed(),
    )


@route(blueprint, "/reports/sections.csv", may=MAY, audited=True)
def sections_file() -> ResponseReturnValue:
    """Answer the same as a file: sums alone, so no reason is asked for."""
    exports.check_allowed()
    year, lines = asked_year(), _lines(asked_year())
    answer = exports.plain_file(
        gettext("所属別の受講_%(year)s.csv", year=year),
        map(str, text.SECTION_COLUMNS),
        map(_row, lines),
    )
    narrowing = {"year": year, **({"organisation": "present"} if _is_present() else {})}
    details = {"count": len(lines), "filter": narrowing}
    showing.note("sections.exported", "section", None, details)
    return answer


def _is_present() -> bool:
    return flask.request.args.get("organisation") == "present"


def _lines(year: int) -> list[SectionLine]:
    today = clock.today(now())
    reached = seats.reached(actor(), PLANNING, today)
    return queries.by_section(session(), year, today, reached, is_present=_is_present())


def _row(line: SectionLine) -> list[object]:
    section = line.section or text.NOWHERE
    return [section, line.people, line.enrolments, line.completed, round(line.minutes / 60, 1)]

"""The report of a year: as a page, as a workbook, and on paper."""

from __future__ import annotations

from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock, pdf
from app.kernel.language import gettext
from app.kernel.tables import blank, paper
from app.kernel.tables.paper import PaperColumn
from app.kernel.web import filters, showing
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission.access import PLANNING
from app.reports import spans
from app.reports.yearly import queries, text
from app.reports.yearly.queries import Taken, YearLine
from app.training.offerings import queries as plan
from app.training.offerings.views import asked_year

blueprint = flask.Blueprint("yearly", __name__)
PLANNERS = having(*sorted(PLANNING))


@dataclass(frozen=True)
class Report:
    """The report of one year."""

    year: int
    lines: list[YearLine]

    @property
    def total(self) -> Taken:
        """What all of its trainings add up to."""
        return sum((line.taken for line in self.lines), Taken())

    @property
    def heading(self) -> str:
        """What it is called."""
        return gettext("%(year)s 研修実績報告", year=filters.fiscal_year(self.year))

    @property
    def rows(self) -> list[list[str | int | None]]:
        """Its rows as files have them, and the sum under them."""
        total = self.total
        people = (total.decided, total.attended, total.completed)
        last = ["", "", gettext("合計"), sum(line.runs for line in self.lines), None, *people, ""]
        return [*map(text.row, self.lines), [*last, round(total.seconds / 3600)]]


@route(blueprint, "/reports/yearly", may=PLANNERS)
def yearly() -> ResponseReturnValue:
    """Show what became of each training of a year."""
    found = _report()
    present = clock.fiscal_year(clock.today(now()))
    return flask.render_template(
        "reports/yearly.html",
        report=found,
        years=sorted({*plan.years(session()), found.year, present}, reverse=True),
    )


@route(blueprint, "/reports/yearly.xlsx", may=PLANNERS, audited=True)
def workbook() -> ResponseReturnValue:
    """Answer the same as a workbook to be printed."""
    found = _report()
    _note(found, "xlsx")
    columns = [PaperColumn(str(name), width) for name, width in text.COLUMNS]
    body = paper.workbook(found.heading, columns, found.rows)
    return _file(body, blank.MEDIA_TYPE, f"results-{found.year}.xlsx")


@route(blueprint, "/reports/yearly.pdf", may=PLANNERS, audited=True)
def sheet() -> ResponseReturnValue:
    """Answer the same on paper, lying on its side."""
    found, configured = _report(), settings()
    data = {
        "title": found.heading,
        "footer": configured.organisation,
        "columns": [str(name) for name, _ in text.COLUMNS],
        "widths": [width for _, width in text.COLUMNS],
        "rows": [[_printed(value, configured.fonts) for value in row] for row in found.rows],
        "note": gettext(
            "出席は、集合研修では1コマでも出席した人、eラーニングでは受講を始めた人です。"
            "満足度は全研修共通設問の平均（5点満点）、延べ時間は時間数です。"
        ),
    }
    let_go()
    body = pdf.render("yearly", data, now=now(), fonts=configured.fonts)
    _note(found, "pdf")
    return _file(body, "application/pdf", f"results-{found.year}.pdf")


def _report() -> Report:
    year, span = asked_year(), spans.planned_by(actor())
    return Report(year, queries.report(session(), span, year, clock.today(now())))


def _printed(value: str | int | None, fonts: str) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return pdf.spelled(value or "", fonts)


def _note(found: Report, form: str) -> None:
    details = {"count": len(found.lines), "year": found.year, "form": form}
    showing.note("year.exported", "offering", None, details)


def _file(body: bytes, media_type: str, name: str) -> flask.Response:
    response = flask.Response(body)
    response.headers["Content-Type"] = media_type
    response.headers["Cache-Control"] = "no-store"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response

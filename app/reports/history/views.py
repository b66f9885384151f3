"""Pages of histories: one's own, as a page, a file and a paper, and those of others."""

from __future__ import annotations

import uuid
from datetime import date

import flask
from flask.typing import ResponseReturnValue

from app.kernel import pdf
from app.kernel.audit import service as audit
from app.kernel.errors import Forbidden
from app.kernel.language import gettext
from app.kernel.web import exports, filters, showing
from app.kernel.web.paging import number, page_of
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import SIGNED_IN, Rule, actor, having
from app.people.heads import queries as heads
from app.people.permission.access import NEAR, PLANNING
from app.people.register.models import Person
from app.people.register.queries import is_called, newest_number
from app.reports import text
from app.reports import views as reports
from app.reports.history import access, queries
from app.reports.history.papers import paper
from app.reports.history.queries import Line
from app.training.enrolment.text import PROGRESS
from app.training.plans.text import KINDS

#: One for all reports: their pages are found under one name.
blueprint = reports.blueprint


def _or_former_heads(*roles: str) -> Rule:
    """Return the rule that lets in who holds one of these roles, and who has headed a section."""
    holding = having(*roles)

    def check() -> None:
        try:
            holding.check()
        except Forbidden as refused:
            is_former = heads.has_headed(session(), actor().known_id, now())
            if refused.code != "role_needed" or not is_former:
                raise

    return Rule(holding.name, check)


#: Who reads of others at all, and who is shown whom.
READERS = _or_former_heads(*sorted(PLANNING | NEAR))
HEADS = _or_former_heads(*sorted(NEAR))


@route(blueprint, "/history", may=SIGNED_IN)
def history() -> ResponseReturnValue:
    """Show what the actor has taken."""
    lines = queries.history(session(), actor().known_id)
    is_head = bool(actor().roles & NEAR) or heads.has_headed(session(), actor().known_id, now())
    return _page(lines, reads_others=is_head)


@route(blueprint, "/history.csv", may=SIGNED_IN, audited=True)
def history_file() -> ResponseReturnValue:
    """Answer the same as a file: one's own, for no reason that anybody asks for."""
    lines = _asked_lines()
    answer = exports.plain_file(
        gettext("受講履歴.csv"), map(str, text.HISTORY_COLUMNS), map(_row, lines)
    )
    _note_own(lines)
    return answer


@route(blueprint, "/history.pdf", may=SIGNED_IN, audited=True)
def history_paper() -> ResponseReturnValue:
    """Answer the same as a PDF."""
    lines = _asked_lines()
    fonts = settings().fonts
    data = paper(lines, actor(), session(), now(), fonts)
    let_go()  # to set it takes longer than anybody should wait for the database
    body = pdf.render("history", data, now=now(), fonts=fonts)
    _note_own(lines)
    response = flask.Response(body, mimetype="application/pdf")
    response.headers["Cache-Control"] = "no-store"
    response.headers.set("Content-Disposition", "attachment", filename=gettext("受講履歴.pdf"))
    return response


@route(blueprint, "/history/people", may=HEADS, audited=True)
def histories() -> ResponseReturnValue:
    """List whose history a head reads."""
    words = flask.request.args.get("q", "").strip()
    query = access.people(session(), actor(), now(), is_concurrent=settings().concurrent_heads)
    if words:
        query = query.where(is_called(words, newest_number(Person.id)))
    page = page_of(session(), query, access.PersonLine, number())
    people = (line.person_id for line in page.rows)
    showing.note("histories.listed", "person", None, audit.shown(people, total=page.total, q=words))
    return flask.render_template("reports/histories.html", page=page, words=words)


@route(
    blueprint,
    "/history/people/<uuid:person_id>",
    may=READERS,
    about={"person_id": "part person"},
    audited=True,
)
def history_of(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show what somebody has taken, to who looks after them or after the trainings."""
    whose = access.history_of(
        session(), actor(), person_id, now(), is_concurrent=settings().concurrent_heads
    )
    lines = queries.history(session(), person_id, whose.visible)
    showing.note("history.viewed", "person", person_id, {"count": len(lines)})
    return _page(lines, whose=whose.name, is_part=whose.is_part)


def _asked() -> tuple[int | None, str]:
    """Return the year and the words that a history is narrowed to."""
    said = flask.request.args
    return said.get("year", type=int), said.get("q", "").strip()[:100]


def _asked_lines() -> list[Line]:
    return queries.narrowed(queries.history(session(), actor().known_id), *_asked())


def _note_own(lines: list[Line]) -> None:
    year, words = _asked()
    narrowing = {"year": year or None, "q": words or None}
    said = {name: value for name, value in narrowing.items() if value}
    showing.note(
        "history.exported",
        "person",
        actor().known_id,
        {"count": len(lines), **({"filter": said} if said else {})},
    )


def _page(
    lines: list[Line],
    *,
    whose: str | None = None,
    is_part: bool = False,
    reads_others: bool = False,
) -> ResponseReturnValue:
    year, words = _asked()
    there = sorted({line.fiscal_year for line in lines}, reverse=True)
    choices = [
        {"value": "", "label": gettext("すべての年度")},
        *({"value": str(each), "label": filters.fiscal_year(each)} for each in there),
    ]
    return flask.render_template(
        "reports/history.html",
        years=queries.by_year(queries.narrowed(lines, year, words)),
        choices=choices if lines else [],
        year=year,
        words=words,
        whose=whose,
        is_part=is_part,
        reads_others=reads_others,
        # What was answered is nobody's business in the section.
        may_open=whose is None or bool(actor().roles & PLANNING),
        with_papers=whose is None,
        results=text.HISTORY_RESULTS,
        sources=text.SOURCES,
        progress=PROGRESS,
        kinds=KINDS,
    )


def _row(line: Line) -> list[object]:
    proof = line.certificate
    return [
        line.fiscal_year,
        line.training,
        line.run_number,
        KINDS.get(line.kind, ""),
        _day(line.learn_from),
        _day(line.learn_until),
        text.HISTORY_RESULTS[line.result][0],
        _day(line.decided_on),
        filters.number(line.score, 1),
        f"{proof.fiscal_year}-{proof.number}" if proof else "",
        line.section,
        line.title,
        text.SOURCES[line.source],
    ]


def _day(value: date | None) -> str:
    """Return 2026/11/23, which a spreadsheet sorts."""
    return f"{value:%Y/%m/%d}" if value else ""

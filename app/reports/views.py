"""Pages of reports: a run's state, a person's history, one record; and their files."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock, csv
from app.kernel.audit import service as audit
from app.kernel.csv import Encoding
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web import filters
from app.kernel.web.paging import number, page_of
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import SIGNED_IN, actor, having
from app.learning.traces import queries as traces
from app.people.permission.models import Role
from app.reports import access, queries, text
from app.reports.queries import FileLine, HistoryLine
from app.training.enrolment.queries import Numbers, numbers
from app.training.enrolment.states import EnrolmentState
from app.training.enrolment.text import PROGRESS
from app.training.plans import queries as plans

blueprint = flask.Blueprint("reports", __name__)
OFFICE = having(Role.OFFICE)


@route(blueprint, "/reports/runs/<uuid:run_id>", may=OFFICE, audited=True)
def run(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show who of a run has and who has not."""
    found = plans.run(session(), run_id)
    standing, words = flask.request.args.get("standing", ""), flask.request.args.get("q", "")
    page = page_of(
        session(),
        queries.people(run_id, standing=standing, words=words.strip()),
        queries.PersonLine,
        number(),
    )
    people = (line.person_id for line in page.rows)
    shown = audit.shown(people, total=page.total, q=words, standing=standing)
    _note("run.reported", ("run", run_id), shown)
    return flask.render_template(
        "reports/run.html",
        run=found,
        numbers=numbers(session(), [run_id]).get(run_id, Numbers()),
        sections=queries.by_section(session(), run_id),
        page=page,
        standing=standing,
        unencodable=queries.unencodable(session(), run_id),
        progress=PROGRESS,
    )


@route(blueprint, "/reports/runs/<uuid:run_id>.csv", may=OFFICE, audited=True)
def run_file(run_id: uuid.UUID) -> ResponseReturnValue:
    """Answer the same as a file, a row a person and material."""
    found = plans.run(session(), run_id)
    standing = flask.request.args.get("standing", "")
    lines = queries.lines(session(), run_id, standing)
    shown = audit.shown((line.person_id for line in lines), total=len(lines), standing=standing)
    _note("run.exported", ("run", run_id), shown)
    return _file(
        gettext("受講状況_%(code)s_第%(number)s回.csv", code=found.code, number=found.number),
        map(str, text.RUN_COLUMNS),
        map(_run_row, lines),
    )


@route(blueprint, "/history", may=SIGNED_IN)
def history() -> ResponseReturnValue:
    """Show what the actor has taken."""
    return flask.render_template(
        "reports/history.html",
        lines=queries.history(session(), actor().known_id),
        whose=None,
        progress=PROGRESS,
    )


@route(blueprint, "/history.csv", may=SIGNED_IN, audited=True)
def history_file() -> ResponseReturnValue:
    """Answer the same as a file."""
    lines = queries.history(session(), actor().known_id)
    _note("history.exported", ("person", actor().known_id), {"count": len(lines)})
    return _file(gettext("受講履歴.csv"), map(str, text.HISTORY_COLUMNS), map(_history_row, lines))


@route(blueprint, "/history/people/<uuid:person_id>", may=OFFICE, audited=True)
def history_of(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show what somebody has taken, to the office."""
    lines = queries.history(session(), person_id)
    _note("history.viewed", ("person", person_id), {"count": len(lines)})
    return flask.render_template(
        "reports/history.html",
        lines=lines,
        whose=access.named(session(), person_id),
        progress=PROGRESS,
    )


@route(blueprint, "/history/<uuid:record_id>", may=SIGNED_IN, audited=True)
def record(record_id: uuid.UUID) -> ResponseReturnValue:
    """Show one record: its attempts, their parts, and what was answered."""
    detail = access.record_for(session(), actor(), record_id)
    person_id = detail.record.person_id
    is_own = person_id == actor().known_id
    if not is_own:
        audit.act_as(Role.OFFICE)
        _note("record.viewed", ("learner_record", record_id), audit.shown([person_id]))
    return flask.render_template(
        "reports/record.html",
        line=queries.history_line(session(), record_id),
        record=detail.record,
        attempts=detail.attempts,
        whose=None if is_own else access.named(session(), person_id),
        is_office=Role.OFFICE in actor().roles,
        traced=traces.traced(session(), [attempt.id for attempt in detail.attempts]),
        progress=PROGRESS,
        results=text.RESULTS,
        readable=text.readable,
    )


def _note(action: str, subject: tuple[str, uuid.UUID], details: dict[str, Any]) -> None:
    audit.record(
        session(), action, by=actor().person_id, now=now(), subject=subject, details=details
    )


def _file(name: str, columns: Iterable[str], rows: Iterable[list[object]]) -> flask.Response:
    asked = flask.request.args.get("encoding", Encoding.UTF_8.value)
    if asked not in list(Encoding):
        raise Refused("unknown_encoding")
    encoding = Encoding(asked)
    response = flask.Response(csv.write(list(columns), rows, encoding).body)
    charset = "utf-8" if encoding is Encoding.UTF_8 else "windows-31j"
    response.headers["Content-Type"] = f"text/csv; charset={charset}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _run_row(line: FileLine) -> list[object]:
    is_out = line.enrolment == EnrolmentState.REVOKED
    return [
        line.number,
        line.name,
        line.section,
        line.title,
        line.material,
        PROGRESS[EnrolmentState.REVOKED if is_out else line.status][0],
        filters.number(line.score, 1),
        _clock_time(line.seconds),
        _moment(line.started_at),
        _moment(line.completed_at),
    ]


def _history_row(line: HistoryLine) -> list[object]:
    return [
        line.training,
        line.run_number,
        line.material,
        PROGRESS[line.status][0],
        filters.number(line.score, 1),
        _clock_time(line.seconds),
        _moment(line.started_at),
        _moment(line.completed_at),
    ]


def _clock_time(seconds: float) -> str:
    """Return 1:20:05, which a spreadsheet adds up."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def _moment(value: datetime | None) -> str:
    """Return 2026/11/23 13:00 in Japan's time, which a spreadsheet sorts."""
    return f"{value.astimezone(clock.JST):%Y/%m/%d %H:%M}" if value else ""

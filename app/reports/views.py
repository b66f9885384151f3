"""Pages of reports: a run's state, a person's history, one record; and their files."""

from __future__ import annotations

import uuid
from datetime import datetime

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.language import gettext
from app.kernel.web import exports, filters, showing
from app.kernel.web.paging import number, page_of
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import SIGNED_IN, actor, having
from app.learning.traces import queries as traces
from app.people.permission import access as permission
from app.people.saved_filters import views as saved_filters
from app.reports import access, queries, text
from app.reports.queries import FileLine, HistoryLine
from app.training.enrolment.models import Enrolment
from app.training.enrolment.queries import Numbers, numbers
from app.training.enrolment.states import EnrolmentState
from app.training.enrolment.text import PROGRESS
from app.training.plans import access as plans
from app.training.seat_page import access as seats

blueprint = flask.Blueprint("reports", __name__)
#: Who sees the state of a run, and who what one person has taken.
PLANNING = having(*sorted(permission.PLANNING))
READERS = having(*sorted(permission.PLANNING | permission.NEAR))
RUN = {"run_id": "run"}


@route(blueprint, "/reports/runs/<uuid:run_id>", may=PLANNING, about=RUN, audited=True)
def run(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show who of a run has and who has not."""
    found, reach = plans.planned(session(), actor(), run_id)
    today = clock.today(now())
    reached = reach.of_person(today)
    standing, words = flask.request.args.get("standing", ""), flask.request.args.get("q", "")
    page = page_of(
        session(),
        queries.people(run_id, today, reached, standing=standing, words=words.strip()),
        queries.PersonLine,
        number(),
    )
    is_present = flask.request.args.get("organisation") == "present"
    people = (line.person_id for line in page.rows)
    shown = audit.shown(people, total=page.total, q=words, standing=standing)
    showing.note("run.reported", "run", run_id, shown)
    return flask.render_template(
        "reports/run.html",
        run=found,
        numbers=numbers(session(), [run_id], today, reached=reached).get(run_id, Numbers()),
        sections=queries.by_section(session(), run_id, today, reached, is_present=is_present),
        is_present=is_present,
        saved=saved_filters.shown(),
        page=page,
        seats=seats.openable(
            session(), actor(), now(), Enrolment.id.in_([line.enrolment_id for line in page.rows])
        ),
        standing=standing,
        unencodable=queries.unencodable(session(), run_id, reached),
        may_export=exports.is_allowed(),
        reasons=exports.REASONS,
        encodings=exports.ENCODINGS,
        progress=PROGRESS,
    )


@route(blueprint, "/reports/runs/<uuid:run_id>.csv", may=PLANNING, about=RUN, audited=True)
def run_file(run_id: uuid.UUID) -> ResponseReturnValue:
    """Answer the same as a file, a row a person and material."""
    found, reach = plans.planned(session(), actor(), run_id)
    exports.check()
    today, standing = clock.today(now()), flask.request.args.get("standing", "")
    lines = queries.lines(session(), run_id, today, reach.of_person(today), standing)
    return exports.answer(
        exports.Export(
            name=gettext(
                "受講状況_%(code)s_第%(number)s回.csv", code=found.code, number=found.number
            ),
            columns=map(str, text.RUN_COLUMNS),
            rows=map(_run_row, lines),
            people={line.person_id for line in lines},
            action="run.exported",
            subject=("run", run_id),
            filters={"standing": standing},
        )
    )


@route(blueprint, "/history", may=SIGNED_IN)
def history() -> ResponseReturnValue:
    """Show what the actor has taken."""
    return flask.render_template(
        "reports/history.html",
        lines=queries.history(session(), actor().known_id),
        whose=None,
        may_open=True,
        progress=PROGRESS,
    )


@route(blueprint, "/history.csv", may=SIGNED_IN, audited=True)
def history_file() -> ResponseReturnValue:
    """Answer the same as a file: one's own, for no reason that anybody asks for."""
    lines = queries.history(session(), actor().known_id)
    showing.note("history.exported", "person", actor().known_id, {"count": len(lines)})
    return exports.file(
        gettext("受講履歴.csv"),
        map(str, text.HISTORY_COLUMNS),
        map(_history_row, lines),
        exports.encoding(),
    )


@route(
    blueprint,
    "/history/people/<uuid:person_id>",
    may=READERS,
    about={"person_id": "part person"},
    audited=True,
)
def history_of(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show what somebody has taken, to who looks after them or after the trainings."""
    whose, visible = access.history_of(
        session(), actor(), person_id, now(), is_concurrent=settings().concurrent_heads
    )
    lines = queries.history(session(), person_id, visible)
    showing.note("history.viewed", "person", person_id, {"count": len(lines)})
    return flask.render_template(
        "reports/history.html",
        lines=lines,
        whose=whose,
        # What was answered is nobody's business in the section.
        may_open=bool(actor().roles & permission.PLANNING),
        progress=PROGRESS,
    )


@route(
    blueprint,
    "/history/<uuid:record_id>",
    may=SIGNED_IN,
    about={"record_id": "learner_record"},
    audited=True,
)
def record(record_id: uuid.UUID) -> ResponseReturnValue:
    """Show one record: its attempts, their parts, and what was answered."""
    detail, is_looked_after = access.record_for(session(), actor(), record_id, now())
    person_id = detail.record.person_id
    is_own = person_id == actor().known_id
    if not is_own:
        showing.note("record.viewed", "learner_record", record_id, audit.shown([person_id]))
    return flask.render_template(
        "reports/record.html",
        line=queries.history_line(session(), record_id),
        record=detail.record,
        attempts=detail.attempts,
        whose=None if is_own else access.named(session(), person_id),
        is_office=is_looked_after,
        traced=traces.traced(session(), [attempt.id for attempt in detail.attempts]),
        progress=PROGRESS,
        results=text.RESULTS,
        readable=text.readable,
    )


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

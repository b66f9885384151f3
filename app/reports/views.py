"""Pages of reports: a run's state, as a page and as a file, and one record."""

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
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import SIGNED_IN, actor, having
from app.learning.exams import queries as exams
from app.learning.surveys import queries as surveys
from app.learning.traces import queries as traces
from app.learning.waivers import text as waivers
from app.people.permission import access as permission
from app.people.saved_filters import views as saved_filters
from app.reports import access, queries, text
from app.reports.history import queries as history
from app.reports.queries import FileLine
from app.training.enrolment.models import Enrolment
from app.training.enrolment.queries import Numbers, numbers
from app.training.enrolment.states import EnrolmentState
from app.training.enrolment.text import PROGRESS
from app.training.plans import access as plans
from app.training.seat_page import access as seats

blueprint = flask.Blueprint("reports", __name__)
#: Who sees the state of a run.
PLANNING = having(*sorted(permission.PLANNING))
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
        file_columns=text.RUN_COLUMNS,
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
            columns=text.RUN_COLUMNS,
            rows=map(_run_row, lines),
            people={line.person_id for line in lines},
            action="run.exported",
            subject=("run", run_id),
            filters={"standing": standing},
        )
    )


@route(
    blueprint,
    "/history/<uuid:record_id>",
    may=SIGNED_IN,
    about={"record_id": "learner_record"},
    audited=True,
)
def record(record_id: uuid.UUID) -> ResponseReturnValue:
    """Show one record: its attempts or sittings, their parts, and what was answered."""
    detail, is_looked_after = access.record_for(session(), actor(), record_id, now())
    person_id = detail.record.person_id
    assert person_id is not None  # a guest's record is nobody's here
    is_own = person_id == actor().known_id
    if not is_own:
        showing.note("record.viewed", "learner_record", record_id, audit.shown([person_id]))
    exam = exams.exam(session(), detail.record) if not detail.attempts else None
    return flask.render_template(
        "reports/record.html",
        exam=exam,
        # Who sat reads the answers where the rules of the test show them.
        marked={
            row.id: exams.marked(session(), row)
            for row in (exam.sittings if exam and not is_own else ())
            if row.submitted_at is not None
        },
        line=history.material_line(session(), record_id),
        record=detail.record,
        attempts=detail.attempts,
        survey=surveys.recorded(session(), detail.record, is_own=is_own),
        whose=None if is_own else access.named(session(), person_id),
        is_office=is_looked_after,
        traced=traces.traced(session(), [attempt.id for attempt in detail.attempts]),
        progress=PROGRESS,
        results=text.RESULTS,
        readable=text.readable,
        waivers=waivers.REASONS,
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


def _clock_time(seconds: float) -> str:
    """Return 1:20:05, which a spreadsheet adds up."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def _moment(value: datetime | None) -> str:
    """Return 2026/11/23 13:00 in Japan's time, which a spreadsheet sorts."""
    return f"{value.astimezone(clock.JST):%Y/%m/%d %H:%M}" if value else ""

"""Files of attendance: one filled in elsewhere, checked and then noted; and those taken out."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web import exports, showing
from app.kernel.web.exports import Export
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.training.attendance import access, service
from app.training.attendance import queries as attendance
from app.training.attendance.models import Presence
from app.training.attendance.queries import Entry, Mark
from app.training.attendance.service import Noted
from app.training.attendance.text import ANNOUNCEMENTS, PRESENCES
from app.training.attendance_files import queries, text
from app.training.attendance_files.forms import FileForm
from app.training.offerings.models import Offering
from app.training.plans import access as plans
from app.training.plans.models import RunSession
from app.training.plans.queries import RunLine
from app.training.verdicts import queries as verdicts
from app.training.verdicts.text import VERDICTS

blueprint = flask.Blueprint("attendance_files", __name__)
LOOKING = having(*sorted(plans.LOOKING))
SESSION = {"session_id": "run_session"}


@route(blueprint, "/sessions/<uuid:session_id>/attendance/file", may=LOOKING, about=SESSION)
def choose(session_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a file."""
    sitting, run, _ = _list(session_id)
    return _ask(sitting, run, FileForm())


@route(
    blueprint,
    "/sessions/<uuid:session_id>/attendance/file",
    may=LOOKING,
    about=SESSION,
    method="POST",
    takes_files=True,
)
def check(session_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a file would note; nothing is written but that it was looked at."""
    sitting, run, entries = _list(session_id)
    form = FileForm()
    table = form.table() if form.validate() else None
    if table is None:
        return _ask(sitting, run, form), 422
    found = queries.check(table.lines, entries, attendance.sitting_of(sitting).minutes)
    named = [line.entry.person_id for line in found.lines if line.entry]
    counts = {"found": len(found.sound), "unknown": len(found.faulty)}
    showing.note("attendance.checked", "run_session", session_id, {**audit.shown(named), **counts})
    return flask.render_template(
        "training/attendance_file_check.html",
        run=run,
        sitting=attendance.sitting_of(sitting),
        check=found,
        packed=" ".join(_packed(line.entry, line.noted) for line in found.sound),
        findings=text.FINDINGS,
        presences=PRESENCES,
    )


@route(
    blueprint,
    "/sessions/<uuid:session_id>/attendance/file/commit",
    may=LOOKING,
    about=SESSION,
    method="POST",
)
def take(session_id: uuid.UUID) -> ResponseReturnValue:
    """Note what was checked."""
    sitting, _, entries = _list(session_id)
    noted = _unpacked(flask.request.form.get("lines", ""))
    reached = {entry.enrolment_id for entry in entries}
    sound = {key: how for key, how in noted.items() if key in reached}
    count = service.note(session(), session_id, sound, by=actor(), now=now())
    flask.flash(gettext("%(count)s人の出欠を記録しました。", count=f"{count:,}"), "success")
    return flask.redirect(flask.url_for("attendance.matrix", run_id=sitting.run_id), 303)


@route(
    blueprint,
    "/sessions/<uuid:session_id>/attendance.csv",
    may=LOOKING,
    about=SESSION,
    audited=True,
)
def sheet_file(session_id: uuid.UUID) -> ResponseReturnValue:
    """Answer one session's list as a file: as it can be filled in and taken in again."""
    sitting, run, entries = _list(session_id)
    exports.check()
    name = gettext(
        "出欠_%(code)s_第%(number)s回_第%(session)sコマ.csv",
        code=run.code,
        number=run.number,
        session=sitting.number,
    )
    return exports.answer(
        Export(
            name=name,
            columns=map(str, text.SHEET_COLUMNS),
            rows=(_row(entry) for entry in entries),
            people={entry.person_id for entry in entries},
            action="attendance.exported",
            subject=("run_session", session_id),
            filters={},
        )
    )


@route(
    blueprint,
    "/runs/<uuid:run_id>/attendance.csv",
    may=LOOKING,
    about={"run_id": "run"},
    audited=True,
)
def matrix_file(run_id: uuid.UUID) -> ResponseReturnValue:
    """Answer people by sessions as a file, with what they missed and what follows from it."""
    run, reach = plans.run(session(), actor(), run_id)
    exports.check()
    today = clock.today(now())
    limit = session().get_one(Offering, run.offering_id).absence_limit
    held, rows = verdicts.standings(session(), run_id, limit, today, reach.of_person(today))
    heads = [gettext("第%(number)sコマ", number=sitting.number) for sitting in held]
    last = [gettext("欠席した分"), gettext("判定")]
    return exports.answer(
        Export(
            name=gettext("出欠_%(code)s_第%(number)s回.csv", code=run.code, number=run.number),
            columns=[*map(str, text.RUN_COLUMNS), *heads, *last],
            rows=(
                [
                    *_who(row.entry),
                    *(_presence(row.marks.get(sitting.id)) for sitting in held),
                    row.missed.missed,
                    VERDICTS[row.verdict][0],
                ]
                for row in rows
            ),
            people={row.entry.person_id for row in rows},
            action="attendance.exported",
            subject=("run", run_id),
            filters={},
        )
    )


def _row(entry: Entry) -> list[object]:
    mark = entry.mark
    announced = ANNOUNCEMENTS[mark.announced][0] if mark and mark.announced else ""
    return [*_who(entry), _presence(mark), mark.minutes if mark else None, announced]


def _who(entry: Entry) -> list[object]:
    return [entry.number, entry.name, entry.section, entry.title]


def _presence(mark: Mark | None) -> object:
    return PRESENCES[mark.presence][0] if mark and mark.presence else ""


def _list(session_id: uuid.UUID) -> tuple[RunSession, RunLine, list[Entry]]:
    sitting, run, reach = access.sitting(session(), actor(), session_id)
    today = clock.today(now())
    return sitting, run, attendance.on_list(session(), sitting, today, reach.of_person(today))


def _ask(sitting: RunSession, run: RunLine, form: FileForm) -> str:
    return flask.render_template(
        "training/attendance_file.html",
        run=run,
        sitting=attendance.sitting_of(sitting),
        form=form,
    )


def _packed(entry: Entry | None, noted: Noted | None) -> str:
    """Return a checked line as the form carries it to where it is noted."""
    if entry is None or noted is None:
        return ""
    minutes = "" if noted.minutes is None else noted.minutes
    return f"{entry.enrolment_id.hex}:{noted.presence}:{minutes}"


def _unpacked(words: str) -> dict[uuid.UUID, Noted]:
    """Return the lines that the form has carried; raises Refused where they are none."""
    try:
        return dict(_lines(words))
    except ValueError as error:
        raise Refused("attendance_file_stale") from error


def _lines(words: str) -> Iterator[tuple[uuid.UUID, Noted]]:
    for word in words.split():
        key, presence, minutes = word.split(":")
        yield uuid.UUID(key), Noted(Presence(presence), int(minutes) if minutes else None)

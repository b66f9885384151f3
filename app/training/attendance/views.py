"""Pages of attendance: a run's matrix, one session's list, its roster on paper, and the absent."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.language import gettext
from app.kernel.web import exports, showing
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.access import PLANNING
from app.training.attendance import access, forms, queries, service, text
from app.training.attendance.forms import SheetForm
from app.training.attendance.models import Presence
from app.training.attendance.queries import Entry
from app.training.enrolment.models import Enrolment
from app.training.make_ups.text import STATES as MAKE_UP_STATES
from app.training.offerings.models import Offering
from app.training.plans import access as plans
from app.training.plans.models import RunSession
from app.training.plans.queries import RunLine
from app.training.seat_page import access as seats
from app.training.verdicts import queries as verdicts
from app.training.verdicts.text import VERDICTS

blueprint = flask.Blueprint("attendance", __name__)
LOOKING = having(*sorted(plans.LOOKING))
RUN = {"run_id": "run"}
SESSION = {"session_id": "run_session"}


@route(blueprint, "/runs/<uuid:run_id>/attendance", may=LOOKING, about=RUN, audited=True)
def matrix(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show people by sessions: how each was there, what they missed, what follows from it."""
    run, reach = plans.run(session(), actor(), run_id)
    today = clock.today(now())
    limit = session().get_one(Offering, run.offering_id).absence_limit
    held, rows = verdicts.standings(session(), run_id, limit, today, reach.of_person(today))
    _note("attendance.viewed", "run", run_id, (row.entry for row in rows))
    return flask.render_template(
        "training/attendance.html",
        run=run,
        sittings=held,
        rows=rows,
        seats=seats.openable(session(), actor(), now(), Enrolment.run_id == run_id),
        limit=limit,
        may_decide=bool(actor().roles & PLANNING),
        may_export=exports.is_allowed(),
        reasons=exports.REASONS,
        encodings=exports.ENCODINGS,
        presences=text.PRESENCES,
        announcements=text.ANNOUNCEMENTS,
        make_up_states=MAKE_UP_STATES,
        verdicts=VERDICTS,
    )


@route(blueprint, "/runs/<uuid:run_id>/absent", may=LOOKING, about=RUN, audited=True)
def absent(run_id: uuid.UUID) -> ResponseReturnValue:
    """List who was not there for the whole, or has said so: as announced and as it was."""
    run, reach = plans.run(session(), actor(), run_id)
    today = clock.today(now())
    held = queries.sittings(session(), [run_id]).get(run_id, [])
    people = queries.people(session(), run_id, today, reach.of_person(today))
    known = queries.marks(session(), run_id)
    missing = {
        sitting.id: [
            (entry, mark)
            for entry in people
            if (mark := known.get(entry.enrolment_id, {}).get(sitting.id)) is not None
            and (mark.announced or mark.presence not in (None, Presence.PRESENT))
        ]
        for sitting in held
    }
    listed = [entry for rows in missing.values() for entry, _ in rows]
    _note("attendance.absent_listed", "run", run_id, listed)
    return flask.render_template(
        "training/absent.html",
        run=run,
        sittings=held,
        missing=missing,
        presences=text.PRESENCES,
        announcements=text.ANNOUNCEMENTS,
        absence_reasons=text.REASONS,
    )


@route(
    blueprint, "/sessions/<uuid:session_id>/attendance", may=LOOKING, about=SESSION, audited=True
)
def sheet(session_id: uuid.UUID) -> ResponseReturnValue:
    """Ask how each person was there."""
    sitting, run, entries = _list(session_id)
    _note("attendance.viewed", "run_session", session_id, entries)
    return _ask(sitting, run, forms.shown(entries))


@route(
    blueprint,
    "/sessions/<uuid:session_id>/attendance",
    may=LOOKING,
    about=SESSION,
    method="POST",
)
def note(session_id: uuid.UUID) -> ResponseReturnValue:
    """Note it; what somebody else has noted meanwhile is shown before it is written over."""
    sitting, run, entries = _list(session_id)
    length = queries.sitting_of(sitting).minutes
    form = forms.sent(entries, length, flask.request.form)
    if form.errors:
        return _ask(sitting, run, form), 422
    if flask.request.form.get("stamp", "") != form.stamp:
        return _ask(sitting, run, form, is_stale=True), 409
    count = service.note(session(), session_id, form.noted, by=actor(), now=now())
    if count:
        flask.flash(gettext("%(count)s人の出欠を記録しました。", count=f"{count:,}"), "success")
    else:
        flask.flash(gettext("記録する人が選ばれていません。何も変わっていません。"), "info")
    return flask.redirect(flask.url_for(".matrix", run_id=sitting.run_id), 303)


@route(blueprint, "/sessions/<uuid:session_id>/roster", may=LOOKING, about=SESSION, audited=True)
def roster(session_id: uuid.UUID) -> ResponseReturnValue:
    """Show the list to be printed, with numbers and room for a sign: for who has no terminal."""
    sitting, run, entries = _list(session_id)
    _note("attendance.roster_viewed", "run_session", session_id, entries)
    return flask.render_template(
        "training/attendance_roster.html",
        run=run,
        sitting=queries.sitting_of(sitting),
        entries=entries,
        announcements=text.ANNOUNCEMENTS,
    )


def _list(session_id: uuid.UUID) -> tuple[RunSession, RunLine, list[Entry]]:
    """Return a session, its run, and those of its list whom the actor reaches."""
    sitting, run, reach = access.sitting(session(), actor(), session_id)
    today = clock.today(now())
    return sitting, run, queries.on_list(session(), sitting, today, reach.of_person(today))


def _ask(sitting: RunSession, run: RunLine, form: SheetForm, *, is_stale: bool = False) -> str:
    return flask.render_template(
        "training/attendance_sheet.html",
        run=run,
        sitting=queries.sitting_of(sitting),
        form=form,
        is_stale=is_stale,
        is_early=sitting.starts_at - service.DOORS > now(),
        choices=[(code, text.PRESENCES[code][0]) for code in forms.CHOICES],
        partly=forms.PARTLY,
        announcements=text.ANNOUNCEMENTS,
        absence_reasons=text.REASONS,
        may_export=exports.is_allowed(),
        reasons=exports.REASONS,
        encodings=exports.ENCODINGS,
    )


def _note(action: str, kind: str, key: uuid.UUID, entries: Iterable[Entry]) -> None:
    showing.note(action, kind, key, audit.shown(entry.person_id for entry in entries))

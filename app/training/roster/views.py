"""The office's pages to enrol people in a run, and its actions on one enrolment."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.audit import service as audit
from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web import showing
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.people.permission.access import Reach
from app.people.sections import queries as sections
from app.training.enrolment.text import PROGRESS
from app.training.plans import access as plans
from app.training.plans.queries import RunLine
from app.training.roster import access, queries, service
from app.training.roster.forms import EnrolForm

blueprint = flask.Blueprint("roster", __name__)
PLANNING = having(*sorted(permission.PLANNING))
RUN = {"run_id": "run"}


@route(blueprint, "/runs/<uuid:run_id>/enrol", may=PLANNING, about=RUN)
def enrol(run_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whom to enrol."""
    run, reach = plans.planned(session(), actor(), run_id)
    return _ask(run, _form(reach))


@route(blueprint, "/runs/<uuid:run_id>/enrol", may=PLANNING, about=RUN, method="POST")
def check_enrol(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show what the list would do; nothing is written but that it was looked at."""
    run, reach = plans.planned(session(), actor(), run_id)
    form = _form(reach)
    if not form.validate():
        return _ask(run, form), 422
    if "again" in flask.request.form:
        return _ask(run, form)
    check = queries.check(session(), run_id, *form.data_of(), now(), within=reach.sections)
    counts = {"found": len(check.found), "unknown": len(check.unknown)}
    showing.note("run.list_checked", "run", run_id, {**audit.shown(check.named), **counts})
    people = " ".join(post.person_id.hex for post in check.found)
    return flask.render_template(
        "training/enrol_check.html",
        run=run,
        form=form,
        check=check,
        people=people,
        progress=PROGRESS,
    )


@route(blueprint, "/runs/<uuid:run_id>/enrol/commit", may=PLANNING, about=RUN, method="POST")
def do_enrol(run_id: uuid.UUID) -> ResponseReturnValue:
    """Enrol the people of the checked list."""
    _, reach = plans.planned(session(), actor(), run_id)
    people = _keys(flask.request.form.get("people", ""))
    done = service.enrol(session(), run_id, people, within=reach.sections, by=actor(), now=now())
    if done.added:
        flask.flash(gettext("%(count)s人を登録しました。", count=f"{done.added:,}"), "success")
    else:
        flask.flash(gettext("新しく登録する人はいませんでした。全員が登録済みです。"), "info")
    return flask.redirect(flask.url_for("runs.run", run_id=run_id), 303)


@route(
    blueprint,
    "/enrolments/<uuid:enrolment_id>/restore",
    may=PLANNING,
    about={"enrolment_id": "enrolment"},
    method="POST",
)
def restore(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Bring back somebody who was taken out."""
    access.enrolment(session(), actor(), enrolment_id, now())
    row = service.restore(session(), enrolment_id, by=actor(), now=now())
    flask.flash(gettext("受講者の登録を元に戻しました。"), "success")
    return flask.redirect(flask.url_for("runs.run", run_id=row.run_id), 303)


def _form(reach: Reach) -> EnrolForm:
    form = EnrolForm()
    form.offer(
        [
            row
            for row in sections.tree(session(), now())
            if reach.sections is None or row.id in reach.sections
        ]
    )
    return form


def _ask(run: RunLine, form: EnrolForm) -> str:
    return flask.render_template("training/enrol.html", run=run, form=form)


def _keys(words: str) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(word) for word in words.split()]
    except ValueError as error:
        raise NotFound from error

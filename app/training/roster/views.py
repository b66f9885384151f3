"""The office's pages to enrol people in a run, and its actions on one enrolment."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.audit import service as audit
from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.models import Role
from app.training.plans import queries as plans
from app.training.plans.queries import RunLine
from app.training.roster import queries, service, text
from app.training.roster.forms import EnrolForm

blueprint = flask.Blueprint("roster", __name__)
OFFICE = having(Role.OFFICE)


@route(blueprint, "/runs/<uuid:run_id>/enrol", may=OFFICE)
def enrol(run_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whom to enrol."""
    form = EnrolForm()
    form.offer(queries.sections(session(), now()))
    return _ask(plans.run(session(), run_id), form)


@route(blueprint, "/runs/<uuid:run_id>/enrol", may=OFFICE, method="POST")
def check_enrol(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show what the list would do; nothing is written but that it was looked at."""
    run = plans.run(session(), run_id)
    form = EnrolForm()
    form.offer(queries.sections(session(), now()))
    if not form.validate():
        return _ask(run, form), 422
    if "again" in flask.request.form:
        return _ask(run, form)
    check = queries.check(session(), run_id, *form.data_of(), now())
    audit.record(
        session(),
        "run.list_checked",
        by=actor().person_id,
        now=now(),
        subject=("run", run_id),
        details={
            **audit.shown(check.named),
            "found": len(check.found),
            "unknown": len(check.unknown),
        },
    )
    people = " ".join(post.person_id.hex for post in check.found)
    return flask.render_template(
        "training/enrol_check.html", run=run, form=form, check=check, people=people
    )


@route(blueprint, "/runs/<uuid:run_id>/enrol/commit", may=OFFICE, method="POST")
def do_enrol(run_id: uuid.UUID) -> ResponseReturnValue:
    """Enrol the people of the checked list."""
    people = _keys(flask.request.form.get("people", ""))
    done = service.enrol(session(), run_id, people, by=actor(), now=now())
    if done.added:
        flask.flash(gettext("%(count)s人を登録しました。", count=f"{done.added:,}"), "success")
    else:
        flask.flash(gettext("新しく登録する人はいませんでした。全員が登録済みです。"), "info")
    return flask.redirect(flask.url_for("trainings.run", run_id=run_id), 303)


@route(blueprint, "/enrolments/<uuid:enrolment_id>/<action>", may=OFFICE, method="POST")
def act(enrolment_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Revoke or restore one enrolment."""
    row = service.act(session(), enrolment_id, action, by=actor(), now=now())
    flask.flash(str(text.DONE[action]), "success")
    return flask.redirect(flask.url_for("trainings.run", run_id=row.run_id), 303)


def _ask(run: RunLine, form: EnrolForm) -> str:
    return flask.render_template("training/enrol.html", run=run, form=form)


def _keys(words: str) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(word) for word in words.split()]
    except ValueError as error:
        raise NotFound from error

"""Pages of many reports: what waits for a head, and a run's for who plans it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock, lists
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.kernel.language import gettext
from app.kernel.web import exports, paging, showing
from app.kernel.web import lists as asking
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.access import PLANNING
from app.people.permission.models import Role
from app.training.plans import access as plans
from app.training.plans.queries import RunLine
from app.training.report_desk import access, queries, service, text
from app.training.report_desk.queries import Asking, Line, Waiting
from app.training.results import access as results_access
from app.training.results import service as results
from app.training.results import text as results_text
from app.training.results.forms import WaiveForm
from app.training.results.service import Word
from app.training.results.states import HANDED_IN, SETTLED, ReportState
from app.training.roster import queries as roster

blueprint = flask.Blueprint("report_desk", __name__)
HEADS = having(Role.HEAD)
PLANNERS = having(*sorted(PLANNING))
RUN = {"run_id": "run"}
#: What can be said to several of a run at once, and the states that it is said to.
ACTIONS: dict[str, tuple[str, ...]] = {
    "accept": (ReportState.CONFIRMED,),
    "accept_unconfirmed": HANDED_IN,
    "waive": tuple(each for each in results_text.STATES if each not in SETTLED),
}


@route(blueprint, "/results/waiting", may=HEADS, audited=True)
def waiting() -> ResponseReturnValue:
    """Show the reports that wait for the actor as a head."""
    is_all = flask.request.args.get("scope") == "all"
    found = access.waiting(session(), actor(), now(), is_all=is_all)
    people = [row.person_id for row in found]
    showing.note("result_report.listed", "result_report", None, audit.shown(people))
    return flask.render_template("training/results_waiting.html", waiting=found, is_all=is_all)


@route(blueprint, "/results/waiting/confirm", may=HEADS, method="POST")
def confirm() -> ResponseReturnValue:
    """Confirm several reports, once their number was confirmed."""
    chosen = flask.request.form.getlist("row", type=uuid.UUID)
    keys = list(dict.fromkeys(chosen))[: asking.MOST_ROWS]
    if not keys:
        raise Refused("nothing_chosen")
    if not asking.confirmed():
        return _ask_confirm(keys)
    lists.check(asking.confirmed(), keys)
    for key in keys:
        _, acting = results_access.decided(session(), actor(), key, now(), {Role.HEAD})
        results.confirm(session(), key, Word(), by=acting, now=now())
    flask.flash(gettext("%(count)s件の報告を確認しました。", count=len(keys)), "success")
    return flask.redirect(flask.url_for(".waiting"), 303)


def _ask_confirm(keys: Sequence[uuid.UUID]) -> str:
    """Show which they are; raises NotFound where one is not the actor's to confirm."""
    known: dict[uuid.UUID, Waiting] = {
        row.enrolment_id: row for row in access.waiting(session(), actor(), now(), is_all=True)
    }
    if not known.keys() >= set(keys):
        raise NotFound
    rows = [known[key] for key in keys]
    people = [row.person_id for row in rows]
    showing.note("result_report.listed", "result_report", None, audit.shown(people))
    return flask.render_template("training/results_confirm.html", rows=rows, mark=lists.mark(keys))


@route(blueprint, "/runs/<uuid:run_id>/results", may=PLANNERS, about=RUN, audited=True)
def of_run(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show a run's people with how far their reports are."""
    run, reach = plans.planned(session(), actor(), run_id)
    today = clock.today(now())
    state, words = _state(), flask.request.args.get("q", "").strip()[:100]
    reached = reach.of_person(today)
    query = queries.lines(run_id, today, reached, state=state, words=words)
    page = paging.page_of(session(), query, Line, paging.number())
    people = [row.person_id for row in page.rows]
    shown = audit.shown(people, total=page.total, q=words, standing=state)
    showing.note("result_report.listed", "run", run_id, shown)
    counts = queries.counts(session(), run_id, reached)
    return flask.render_template(
        "training/results_of_run.html",
        run=run,
        asking=queries.asking(session(), run_id),
        page=page,
        counts=counts,
        total=sum(counts.values()),
        state=state,
        words=words,
        states=results_text.STATES,
        settled=SETTLED,
        at=now(),
        sections=dict(roster.sections_of(session(), run_id, today)),
        may_export=exports.is_allowed(),
        may_write_form=plans.may_plan(actor(), run.subject),
        reasons=exports.REASONS,
        encodings=exports.ENCODINGS,
    )


@route(
    blueprint,
    "/runs/<uuid:run_id>/results/<action>",
    may=PLANNERS,
    about={**RUN, "action": tuple(ACTIONS)},
    method="POST",
)
def decide(run_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Take in, or waive, several reports of a run, once their number was confirmed."""
    run, _ = plans.planned(session(), actor(), run_id)
    if action not in ACTIONS:
        raise NotFound
    rows = _chosen(run_id, action)
    keys = [row.enrolment_id for row in rows]
    form = WaiveForm()
    is_sound = action != "waive" or form.validate()
    if not asking.confirmed():
        return _ask(run, action, rows, WaiveForm(formdata=None))
    lists.check(asking.confirmed(), keys)
    if not is_sound:
        return _ask(run, action, rows, form)
    _, acting = results_access.decided(session(), actor(), keys[0], now(), PLANNING)
    if action == "waive":
        for key in keys:
            results.waive(session(), key, form.reason.data, by=acting, now=now())
        flask.flash(gettext("%(count)s人の報告を免除しました。", count=f"{len(keys):,}"), "success")
    else:
        is_unconfirmed = action == "accept_unconfirmed"
        count = service.accept_all(
            session(), run_id, keys, by=acting, now=now(), is_unconfirmed=is_unconfirmed
        )
        flask.flash(gettext("%(count)s件の報告を受理しました。", count=f"{count:,}"), "success")
    return flask.redirect(flask.url_for(".of_run", run_id=run_id), 303)


def _chosen(run_id: uuid.UUID, action: str) -> list[Line]:
    """Return those of the chosen, or of all whom the list shows, to whom it can be said.

    Raises Refused("nothing_chosen"), and Refused("nothing_to_accept") where it is none of them.
    """
    asked = flask.request.form
    is_all = "all" in asked.getlist(lists.CHOSEN)
    keys = None if is_all else asked.getlist("row", type=uuid.UUID)[: asking.MOST_ROWS]
    if keys is not None and not keys:
        raise Refused("nothing_chosen")
    today = clock.today(now())
    _, reach = plans.planned(session(), actor(), run_id)
    state, words = (asked.get("state", ""), asked.get("q", "")) if is_all else ("", "")
    query = queries.lines(
        run_id, today, reach.of_person(today), state=state, words=words, keys=keys
    )
    found = [Line(*row) for row in session().execute(query)]
    rows = [row for row in found if row.state in ACTIONS[action]][: asking.MOST_ROWS]
    if not rows:
        raise Refused("nothing_to_accept")
    return rows


def _ask(run: RunLine, action: str, rows: Sequence[Line], form: WaiveForm) -> ResponseReturnValue:
    people = [row.person_id for row in rows]
    showing.note("result_report.listed", "run", run.id, audit.shown(people))
    page = flask.render_template(
        "training/results_decide.html",
        run=run,
        action=action,
        rows=rows,
        form=form,
        mark=lists.mark([row.enrolment_id for row in rows]),
        states=results_text.STATES,
    )
    return (page, 422) if form.errors else page


@route(blueprint, "/runs/<uuid:run_id>/results.csv", may=PLANNERS, about=RUN, audited=True)
def file(run_id: uuid.UUID) -> ResponseReturnValue:
    """Answer how far the reports of a run are, as a file without a word of theirs."""
    run, reach = plans.planned(session(), actor(), run_id)
    exports.check()
    today = clock.today(now())
    query = queries.lines(run_id, today, reach.of_person(today), state=_state())
    rows = [Line(*row) for row in session().execute(query)]
    due = queries.asking(session(), run_id)
    return exports.answer(
        exports.Export(
            name=gettext(
                "受講結果報告_%(code)s_第%(number)s回.csv", code=run.code, number=run.number
            ),
            columns=map(str, text.COLUMNS),
            rows=(_row(row, due) for row in rows),
            people={row.person_id for row in rows},
            action="result_report.exported",
            subject=("run", run_id),
            filters={"standing": _state()},
        )
    )


def _state() -> str:
    asked = flask.request.args.get("state", "")
    return asked if asked in results_text.STATES else ""


def _row(row: Line, asking: Asking) -> list[object]:
    due = asking.due(row.extended_until)
    is_late = row.first_at is not None and row.first_at > due
    return [
        row.number,
        row.name,
        row.section,
        row.title,
        results_text.STATES[row.state][0],
        _moment(due),
        _moment(row.first_at),
        _moment(row.last_at),
        row.versions,
        gettext("はい") if is_late else "",
    ]


def _moment(value: datetime | None) -> str:
    return f"{value.astimezone(clock.JST):%Y/%m/%d %H:%M}" if value else ""

"""The learner's pages: applying, what has become of it, withdrawing and applying again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, Refused
from app.kernel.language import gettext
from app.kernel.web import filters, showing
from app.kernel.web.addresses import is_local
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import SIGNED_IN, actor
from app.people.register import queries as register
from app.training.approvals import queries as approvals
from app.training.approvals import text as approvals_text
from app.training.approvals.queries import Step
from app.training.calls import queries as calls
from app.training.calls.queries import Call, Called, RunName
from app.training.candidacies import access, queries, service, text
from app.training.candidacies.forms import ApplyForm, Offer
from app.training.candidacies.models import Candidacy, Route
from app.training.candidacies.queries import Line
from app.training.candidacies.states import OPEN, CandidacyState
from app.training.offers import queries as offers

blueprint = flask.Blueprint("candidacies", __name__)
OFFERING = {"offering_id": "open offering"}
NEAR = {"candidacy_id": "near candidacy"}


@dataclass(frozen=True)
class Application:
    """One candidacy of somebody's own, with all that has been said to it."""

    line: Line
    wishes: list[RunName]
    run: RunName | None
    steps: list[Step]
    #: Who entered it, where that was somebody else (代行入力).
    entered_by: str
    #: Until when the head decides; None where that is over, or has no limit.
    head_until: datetime | None

    @property
    def may_withdraw(self) -> bool:
        """Whether it can still be taken back without more."""
        return self.line.state in OPEN

    @property
    def may_submit(self) -> bool:
        """Whether it can be sent again with other runs."""
        return self.line.state == CandidacyState.RETURNED and self.line.route == Route.APPLIED

    @property
    def may_answer(self) -> bool:
        """Whether it is a naming to which they can still say whether they can."""
        return self.line.state == CandidacyState.NOMINATED and self.line.route == Route.NAMED


@route(blueprint, "/applications", may=SIGNED_IN)
def applications() -> ResponseReturnValue:
    """Show what one has applied for, or was put forward for, and what has become of it."""
    mine = Candidacy.person_id == actor().known_id
    lines = queries.found(session(), clock.today(now()), mine)
    lines.sort(key=lambda line: line.created_at, reverse=True)
    return flask.render_template(
        "training/applications.html",
        applications=list(_told(lines)),
        states=text.STATES,
        routes=text.ROUTES,
        answers=text.ANSWERS,
        step_words=approvals_text.STEPS,
        reasons={**text.RETURN_REASONS, **text.EXCEPTION_REASONS},
    )


@route(blueprint, "/courses/<uuid:offering_id>/apply", may=SIGNED_IN, about=OFFERING)
def apply(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for which runs somebody applies."""
    return _ask(offer_of(offering_id))


@route(blueprint, "/courses/<uuid:offering_id>/apply", may=SIGNED_IN, about=OFFERING, method="POST")
def do_apply(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Apply."""
    offer = offer_of(offering_id)
    key = offer.form.key_of()
    known = session().get(Candidacy, key)
    if known is None:
        if not offer.terms.is_applied_for:
            raise Refused("not_applied_for")
        # What stands in the way is told by the page itself, with what to do.
        if offer.obstacles or not offer.form.validate():
            return _ask(offer), 422
    runs = offer.form.runs_of() if known is None else []
    row = service.apply(session(), offering_id, key, runs, by=actor(), now=now())
    flask.flash(_applied(row), "success")
    return flask.redirect(flask.url_for(".applications"), 303)


@route(
    blueprint, "/candidacies/<uuid:candidacy_id>/submit", may=SIGNED_IN, about=NEAR, audited=True
)
def submit(candidacy_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for which other runs somebody applies again."""
    row, _ = access.candidacy(session(), actor(), candidacy_id, now())
    if row.person_id != actor().person_id:
        showing.note("candidacy.listed", "candidacy", row.id, audit.shown([row.person_id]))
    return _ask_again(row, _form_again(row))


@route(
    blueprint, "/candidacies/<uuid:candidacy_id>/submit", may=SIGNED_IN, about=NEAR, method="POST"
)
def do_submit(candidacy_id: uuid.UUID) -> ResponseReturnValue:
    """Apply again with what was returned."""
    row, acting = access.candidacy(session(), actor(), candidacy_id, now())
    form = _form_again(row)
    if not form.validate():
        return _ask_again(row, form), 422
    service.submit(session(), candidacy_id, form.runs_of(), by=acting, now=now())
    flask.flash(str(text.DONE["submit"]), "success")
    return flask.redirect(_back(row), 303)


@route(
    blueprint,
    "/candidacies/<uuid:candidacy_id>/<action>",
    may=SIGNED_IN,
    about={**NEAR, "action": ("withdraw", "revise")},
    method="POST",
)
def act(candidacy_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Withdraw a candidacy, or take a returned one up again."""
    row, acting = access.candidacy(session(), actor(), candidacy_id, now())
    if action not in ("withdraw", "revise"):
        flask.abort(404)
    service.act(session(), candidacy_id, action, by=acting, now=now())
    flask.flash(str(text.DONE[action]), "success")
    return flask.redirect(_back(row), 303)


def offer_of(offering_id: uuid.UUID, person_id: uuid.UUID | None = None, action: str = "") -> Offer:
    """Return what `training/_apply.html` shows of an offering to the actor.

    With `person_id` it is about another, whose access is checked, and the form goes to `action`.
    Raises NotFound for an offering that nobody is called for yet.
    """
    call = access.called(session(), offering_id)
    whose = person_id or actor().known_id
    terms = offers.terms(session(), call, whose, now())
    form = ApplyForm()
    form.offer([(run, run_words(run)) for run in terms.choices])
    for_name = ""
    if person_id and person_id != actor().person_id:
        post = register.post_of(session(), person_id, now())
        for_name = f"{post.number} {post.name}" if post else ""
    return Offer(
        terms,
        form,
        action or flask.url_for("candidacies.do_apply", offering_id=offering_id),
        tuple(_obstacle(each) for each in terms.obstacles),
        str(text.PATHS[call.offering.approval_path]),
        for_name,
    )


def run_words(run: Called) -> str:
    """Return a run as a choice tells it: its number, its days, its seats."""
    days = filters.period(run.learn_from, run.learn_until)
    if run.left is None:
        return gettext("第%(number)s回　%(days)s", number=run.number, days=days)
    if not run.left:
        return gettext(
            "第%(number)s回　%(days)s（満席、補欠になります）", number=run.number, days=days
        )
    return gettext(
        "第%(number)s回　%(days)s（残り%(left)s席）", number=run.number, days=days, left=run.left
    )


def _obstacle(code: str) -> tuple[str, str]:
    what, next_step = text.OWN_OBSTACLES[code]
    return str(what), str(next_step)


def _ask(offer: Offer) -> str:
    return flask.render_template("training/apply.html", offer=offer, states=text.STATES)


def _form_again(row: Candidacy) -> ApplyForm:
    call: Call = calls.call(session(), row.offering_id)
    wishes = queries.preferences(session(), [row.id]).get(row.id, [])
    before = {f"wish_{place}": str(key) for place, key in enumerate(wishes, 1)}
    form = ApplyForm(data=before)
    choices = [run for run in call.runs if run.takes_applications(now())]
    form.offer([(run, run_words(run)) for run in choices])
    return form


def _ask_again(row: Candidacy, form: ApplyForm) -> str:
    if row.state != CandidacyState.RETURNED:
        raise Conflict("wrong_state", action="submit", state=row.state)
    [line] = queries.found(session(), clock.today(now()), Candidacy.id == row.id)
    steps = approvals.steps(session(), row.id)
    return flask.render_template(
        "training/submit.html",
        line=line,
        form=form,
        last=steps[-1] if steps else None,
        back=_back(row),
        reasons=text.RETURN_REASONS,
    )


def _back(row: Candidacy) -> str:
    """Return where the form came from, or one's own applications, or the section's list."""
    said = flask.request.values.get("next", "")
    if said and is_local(said):
        return said
    if row.person_id == actor().person_id:
        return flask.url_for("candidacies.applications")
    return flask.url_for(
        "nominations.section_list", offering_id=row.offering_id, section=row.section_id
    )


def _applied(row: Candidacy) -> str:
    said = {
        CandidacyState.APPLIED: gettext("申し込みました。所属長の承認を待っています。"),
        CandidacyState.SELECTED: gettext("申し込みました。受講が決まりました。"),
        CandidacyState.WAITLISTED: gettext(
            "申し込みました。空いている席がないため、補欠になりました。"
        ),
        CandidacyState.NOMINATED: gettext("申し込みました。研修担当が受講者を選びます。"),
    }
    words = said.get(CandidacyState(row.state))
    return words or gettext("この申込みは、もう登録されています。下の一覧で確認してください。")


def _told(lines: list[Line]) -> Iterable[Application]:
    keys = [line.id for line in lines]
    wishes = queries.preferences(session(), keys)
    runs = {run for each in wishes.values() for run in each} | {
        line.run_id for line in lines if line.run_id
    }
    names = calls.run_names(session(), runs)
    steps = approvals.steps_of(session(), keys)
    limits = calls.limits(session(), (line.offering_id for line in lines), now())
    entered = {line.entered_by for line in lines if line.entered_by}
    people = register.names(session(), entered)
    for line in lines:
        is_told = line.run_id and line.state in (CandidacyState.SELECTED, CandidacyState.WAITLISTED)
        yield Application(
            line,
            [names[key] for key in wishes.get(line.id, [])],
            names[line.run_id] if is_told and line.run_id else None,
            steps.get(line.id, []),
            people.get(line.entered_by, "") if line.entered_by else "",
            limits.get(line.offering_id) if line.state == CandidacyState.APPLIED else None,
        )

"""Pages of naming: whom the office names and what they have answered, and one's own answer."""

from __future__ import annotations

import uuid
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.language import gettext
from app.kernel.web import showing
from app.kernel.web.paging import SIZE, number, page_of
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import SIGNED_IN, actor, having
from app.people.permission import access as permission
from app.training.audiences import access as audiences
from app.training.audiences import queries as audiences_queries
from app.training.audiences.access import OfferingHead
from app.training.audiences.views import offering_url
from app.training.candidacies import queries as candidacies
from app.training.candidacies import service as candidacies_service
from app.training.candidacies import text as candidacies_text
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.naming import access, queries, service, text
from app.training.naming.forms import AnswerForm, NamingForm
from app.training.offerings.models import Offering
from app.training.plans.models import Training
from app.training.roster import queries as roster
from app.training.roster.queries import Check

blueprint = flask.Blueprint("naming", __name__)
PLANNING = having(*sorted(permission.PLANNING))
OFFERING = {"offering_id": "whole offering"}


@route(
    blueprint, "/offerings/<uuid:offering_id>/naming", may=PLANNING, about=OFFERING, audited=True
)
def named(offering_id: uuid.UUID) -> ResponseReturnValue:
    """List who was named, with their answers."""
    head = audiences.planned(session(), actor(), offering_id)
    answer = flask.request.args.get("answer", "")
    query = queries.named(offering_id, clock.today(now()), answer)
    page = page_of(session(), query, candidacies.Line, number())
    shown = audit.shown((line.person_id for line in page.rows), total=page.total)
    showing.note("candidacy.named_viewed", "offering", offering_id, shown)
    return _page(
        "naming.html",
        head,
        page=page,
        answer=answer,
        counts=queries.counts(session(), offering_id),
        states=candidacies_text.STATES,
        answers=candidacies_text.ANSWERS,
        exceptions=candidacies_text.EXCEPTION_REASONS,
        withdrawable=CandidacyState.NOMINATED,
    )


@route(blueprint, "/offerings/<uuid:offering_id>/naming/new", may=PLANNING, about=OFFERING)
def new(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whom to name."""
    head = audiences.planned(session(), actor(), offering_id)
    return _ask(head, NamingForm(formdata=None))


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/naming/new",
    may=PLANNING,
    about=OFFERING,
    method="POST",
)
def check(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Show who would be named, and who not and why; nothing is written but that it was seen."""
    head, form = audiences.planned(session(), actor(), offering_id), NamingForm()
    if not form.validate():
        return _ask(head, form), 422
    if "again" in flask.request.form:
        return _ask(head, form)
    listed, people = _people(offering_id, form)
    offering = session().get_one(Offering, offering_id)
    found = queries.sorted_out(session(), offering, people, now())
    stopped = [*found.passable, *found.stopped]
    posts = [*found.free, *found.beyond, *(each.post for each in stopped)]
    shown = audit.shown((post.person_id for post in posts), total=len(people))
    showing.note("candidacy.checked", "offering", offering_id, shown)
    return _page(
        "naming_check.html",
        head,
        form=form,
        found=found,
        listed=listed,
        most=SIZE,
        obstacles=text.OBSTACLES,
        exceptions=candidacies_text.EXCEPTION_REASONS,
    )


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/naming/commit",
    may=PLANNING,
    about=OFFERING,
    method="POST",
)
def name_all(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Name the people of the checked list."""
    head, form = audiences.planned(session(), actor(), offering_id), NamingForm()
    if not form.validate():
        return _ask(head, form), 422
    _, people = _people(offering_id, form)
    reason = form.exception.data or None
    done = service.name_all(session(), offering_id, people, exception=reason, by=actor(), now=now())
    if done.named:
        told = gettext("%(count)s人を指名し、返答を求めました。", count=f"{done.named:,}")
        flask.flash(told, "success")
    else:
        flask.flash(gettext("新しく指名する人はいませんでした。"), "info")
    return _to_named(offering_id)


@route(
    blueprint,
    "/naming/<uuid:candidacy_id>/withdraw",
    may=PLANNING,
    about={"candidacy_id": "whole candidacy"},
    method="POST",
)
def withdraw(candidacy_id: uuid.UUID) -> ResponseReturnValue:
    """Take a naming back that is not decided."""
    row, head = access.planned(session(), actor(), candidacy_id)
    candidacies_service.act(session(), row.id, "withdraw", by=actor(), now=now())
    flask.flash(gettext("指名を取り下げました。"), "success")
    return _to_named(head.id)


@route(
    blueprint,
    "/naming/<uuid:candidacy_id>",
    may=SIGNED_IN,
    about={"candidacy_id": "own candidacy"},
)
def ask(candidacy_id: uuid.UUID) -> ResponseReturnValue:
    """Ask somebody who was named whether they can."""
    row = access.own(session(), actor(), candidacy_id)
    return _own(row, AnswerForm(formdata=None, answer=row.answer))


@route(
    blueprint,
    "/naming/<uuid:candidacy_id>",
    may=SIGNED_IN,
    about={"candidacy_id": "own candidacy"},
    method="POST",
)
def answer(candidacy_id: uuid.UUID) -> ResponseReturnValue:
    """Take the answer."""
    row, form = access.own(session(), actor(), candidacy_id), AnswerForm()
    if not form.validate():
        return _own(row, form), 422
    service.answer(session(), row, form.answer.data, by=actor(), now=now())
    flask.flash(str(text.ANSWERED[form.answer.data]), "success")
    return flask.redirect(flask.url_for(".ask", candidacy_id=candidacy_id), 303)


def _own(row: Candidacy, form: AnswerForm) -> str:
    offering = session().get_one(Offering, row.offering_id)
    return flask.render_template(
        "training/naming_answer.html",
        candidacy=row,
        form=form,
        title=session().get_one(Training, offering.training_id).title,
        offering=offering,
        runs=queries.runs(session(), offering.id),
        state=candidacies_text.STATES[row.state],
        answer=candidacies_text.ANSWERS.get(row.answer or ""),
        is_open=row.state == CandidacyState.NOMINATED,
    )


def _ask(head: OfferingHead, form: NamingForm) -> str:
    return _page("naming_new.html", head, form=form)


def _page(template: str, head: OfferingHead, **values: Any) -> str:
    return flask.render_template(
        f"training/{template}",
        head=head,
        standing=audiences_queries.standing(session(), head.id),
        offering_url=offering_url(head),
        **values,
    )


def _people(offering_id: uuid.UUID, form: NamingForm) -> tuple[Check, list[uuid.UUID]]:
    """Return what the list says, and the people of it and of the audience where it is asked for."""
    listed = roster.check(session(), None, form.numbers.data or "", (), now())
    people = [post.person_id for post in (*listed.found, *listed.excluded)]
    if form.everyone.data:
        people += audiences_queries.meant(session(), offering_id) or ()
    return listed, people


def _to_named(offering_id: uuid.UUID) -> ResponseReturnValue:
    return flask.redirect(flask.url_for(".named", offering_id=offering_id), 303)

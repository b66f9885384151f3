"""A section's pages: the calls that reach it, its list, and entering for others."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel import lists
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.kernel.language import gettext
from app.kernel.web import lists as asking
from app.kernel.web import showing
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.access import NEAR, PLANNING
from app.people.permission.models import Role
from app.people.permission.queries import is_serving_in
from app.training.calls import text as calls_text
from app.training.calls.service import MOST_PREFERENCES
from app.training.candidacies import service as candidacies
from app.training.candidacies import text as candidacies_text
from app.training.candidacies import views as applying
from app.training.candidacies.states import CandidacyState
from app.training.nominations import access, forms, queries, service
from app.training.nominations.access import SectionList

blueprint = flask.Blueprint("nominations", __name__)
#: Who writes a section's list: its coordinator and head; the office enters what came on paper.
#: The head sends it.
SECTIONS = having(*sorted(NEAR))
WRITING = having(*sorted(NEAR), *sorted(PLANNING))
SENDING = having(Role.HEAD, *sorted(PLANNING))
OFFERING = {"offering_id": "near offering"}
PATH = "/nominations/<uuid:offering_id>"


@route(blueprint, "/nominations", may=SECTIONS)
def nominations() -> ResponseReturnValue:
    """Show the calls that reach the actor's sections, with how far each answer is."""
    return flask.render_template(
        "training/nominations.html",
        lists=queries.open_lists(session(), access.near_sections(actor()), now()),
        stages=calls_text.STAGES,
        now=now(),
    )


@route(blueprint, PATH, may=WRITING, about=OFFERING, audited=True)
def section_list(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Show a section's list, and whom it can put on it."""
    return _page(_found(offering_id))


@route(blueprint, f"{PATH}/add", may=WRITING, about=OFFERING, method="POST")
def add(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Put people on the list; what the office enters is put forward at once."""
    found = _found(offering_id)
    people = forms.people_of(flask.request.form)
    if not people:
        raise Refused("nothing_chosen")
    _check_staff(people, found)
    rows = service.add(
        session(),
        offering_id,
        found.section.id,
        people,
        by=found.acting,
        now=now(),
        exception=flask.request.form.get("reason") or None,
    )
    said = gettext(
        "%(count)s人を名簿に加えました。順位と希望の回を確かめ、所属長に回してください。",
        count=len(rows),
    )
    if found.is_planned:
        said = gettext("%(count)s人を、所属に代わって推薦しました。", count=len(rows))
    flask.flash(said, "success")
    return _back(found)


@route(blueprint, f"{PATH}/order", may=WRITING, about=OFFERING, method="POST")
def order(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the order of the list, and the runs that are asked for."""
    found = _found(offering_id)
    data = forms.order_of(flask.request.form)
    service.order(
        session(),
        offering_id,
        found.section.id,
        data.candidacy_ids,
        data.wishes,
        by=found.acting,
        now=now(),
    )
    if data.unreadable:
        said = gettext(
            "順位の数字を読み取れない行が%(count)s行あり、元の順のままです。", count=data.unreadable
        )
        flask.flash(said, "warning")
    flask.flash(gettext("順位と希望を保存しました。"), "success")
    return _back(found)


@route(blueprint, f"{PATH}/hand-on", may=SECTIONS, about=OFFERING, method="POST")
def hand_on(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Lay the list before the head."""
    found = _found(offering_id)
    count = service.hand_on(session(), offering_id, found.section.id, by=found.acting, now=now())
    flask.flash(gettext("%(count)s人の推薦を所属長に回しました。", count=count), "success")
    return _back(found)


@route(blueprint, f"{PATH}/nobody", may=WRITING, about=OFFERING, method="POST")
def nobody(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Answer that the section sends nobody."""
    found = _found(offering_id)
    service.say_nobody(session(), offering_id, found.section.id, by=found.acting, now=now())
    flask.flash(gettext("「該当なし」と回答しました。"), "success")
    return _back(found)


@route(blueprint, f"{PATH}/send", may=SENDING, about=OFFERING, method="POST")
def send(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Put the whole list forward."""
    found = _found(offering_id)
    count = service.send(
        session(), offering_id, found.section.id, asking.confirmed(), by=found.acting, now=now()
    )
    flask.flash(gettext("%(count)s人を推薦しました。", count=count), "success")
    return _back(found)


@route(blueprint, f"{PATH}/apply", may=WRITING, about=OFFERING, audited=True)
def apply(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for which runs somebody else applies (代行入力)."""
    found = _found(offering_id)
    person_id = _person(found)
    showing.note("candidacy.listed", "candidacy", None, audit.shown([person_id]))
    return _ask(found, person_id)


@route(blueprint, f"{PATH}/apply", may=WRITING, about=OFFERING, method="POST")
def do_apply(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Apply for somebody else (代行入力)."""
    found = _found(offering_id)
    person_id = _person(found)
    offer = applying.offer_of(offering_id, person_id)
    if not offer.terms.is_applied_for:
        raise Refused("not_applied_for")
    form = offer.form
    if not form.validate():
        return _ask(found, person_id), 422
    candidacies.apply(
        session(),
        offering_id,
        form.key_of(),
        form.runs_of(),
        by=found.acting,
        now=now(),
        person_id=person_id,
    )
    flask.flash(gettext("本人に代わって申し込みました。"), "success")
    return _back(found)


def _ask(found: SectionList, person_id: uuid.UUID) -> str:
    action = flask.url_for(
        ".do_apply", offering_id=found.call.offering.id, section=found.section.id, person=person_id
    )
    offer = applying.offer_of(found.call.offering.id, person_id, action)
    return flask.render_template("training/apply.html", offer=offer, states=candidacies_text.STATES)


def _found(offering_id: uuid.UUID) -> SectionList:
    section_id = flask.request.values.get("section", type=uuid.UUID)
    return access.section_list(session(), actor(), offering_id, section_id, now())


def _person(found: SectionList) -> uuid.UUID:
    """Return whom it is done for: somebody of the section.

    Raises Refused("nothing_chosen"), and NotFound for people of other sections.
    """
    person_id = flask.request.values.get("person", type=uuid.UUID)
    if person_id is None:
        raise Refused("nothing_chosen")
    _check_staff((person_id,), found)
    return person_id


def _check_staff(people: tuple[uuid.UUID, ...], found: SectionList) -> None:
    """Raise NotFound for anybody who does not serve in the section."""
    section = {found.section.id}
    if not all(
        is_serving_in(session(), person_id, section, now(), is_concurrent=True)
        for person_id in people
    ):
        raise NotFound


def _back(found: SectionList) -> ResponseReturnValue:
    address = flask.url_for(
        ".section_list", offering_id=found.call.offering.id, section=found.section.id
    )
    return flask.redirect(address, 303)


def _page(found: SectionList) -> str:
    offering = found.call.offering
    entries = queries.entries(session(), found.call, found.section.id, now())
    staff = queries.staff(session(), found.call, found.section.id, now())
    people = {candidate.post.person_id for candidate in staff}
    shown = people | {entry.line.person_id for entry in entries}
    showing.note("candidacy.listed", "offering", offering.id, audit.shown(sorted(shown)))
    ready = service.approvable(session(), offering.id, found.section.id, found.acting)
    standing = queries.standing(session(), offering.id, found.section.id)
    accounts = queries.accounts(session(), offering.id, found.section.id, now())
    left = min((account.left for _, account in accounts if not account.grade), default=None)
    return flask.render_template(
        "training/section_list.html",
        found=found,
        entries=entries,
        staff=staff,
        standing=standing,
        accounts=accounts,
        left=left,
        beyond=0 if left is None else max(0, standing.counts.get(CandidacyState.DRAFT, 0) - left),
        runs=[
            (run, applying.run_words(run))
            for run in found.call.runs
            if run.takes_nominations(now())
        ],
        most=MOST_PREFERENCES,
        ready=len(ready),
        mark=lists.mark([row.id for row in ready]),
        may_send=bool(found.acting.roles & ({Role.HEAD} | PLANNING)),
        is_open=found.is_planned or found.call.is_open(now()),
        head_until=found.call.head_until(now()),
        apply_until=found.call.apply_until(now()),
        stages=calls_text.STAGES,
        states=candidacies_text.STATES,
        routes=candidacies_text.ROUTES,
        obstacles=candidacies_text.OBSTACLES,
        reasons=candidacies_text.RETURN_REASONS,
        exceptions=candidacies_text.EXCEPTION_REASONS,
    )

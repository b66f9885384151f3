"""The office's pages of an offering's audience: by a condition, by a list, and who is in it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.language import gettext
from app.kernel.web import showing
from app.kernel.web.paging import SIZE, number, page_of
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.people.profiles.text import EMPLOYMENT
from app.people.sections import queries as sections
from app.people.titles import queries as titles
from app.training.audiences import access, queries, service, text
from app.training.audiences.access import OfferingHead
from app.training.audiences.forms import ConditionForm, ListForm, Options
from app.training.audiences.models import Condition
from app.training.plans import queries as plans
from app.training.roster import queries as roster

blueprint = flask.Blueprint("audiences", __name__)
PLANNING = having(*sorted(permission.PLANNING))
OFFERING = {"offering_id": "whole offering"}
#: What a page sends on of the form before it.
_NOT_KEPT = frozenset({"csrf_token", "again", "mode"})


@route(blueprint, "/offerings/<uuid:offering_id>/audience", may=PLANNING, about=OFFERING)
def audience(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the condition."""
    head = access.planned(session(), actor(), offering_id)
    form = ConditionForm.of(queries.present(session(), head.condition or Condition(), now()))
    return _asking(head, form)


@route(
    blueprint, "/offerings/<uuid:offering_id>/audience", may=PLANNING, about=OFFERING, method="POST"
)
def check(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Show whom the condition means; nothing is written but that it was looked at."""
    head = access.planned(session(), actor(), offering_id)
    form = _sent()
    if not form.validate():
        return _asking(head, form), 422
    if "again" in flask.request.form:
        return _asking(head, form)
    found = queries.preview(session(), form.data_of(), now())
    shown = audit.shown((post.person_id for post in found.people[:SIZE]), total=len(found.people))
    showing.note("audience.checked", "offering", offering_id, shown)
    return _page(
        "audience_check.html", head, found=found, form=form, kept=_kept(), first=found.people[:SIZE]
    )


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/audience/commit",
    may=PLANNING,
    about=OFFERING,
    method="POST",
)
def settle(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Settle on those who fulfil the condition now, fixed or followed."""
    head = access.planned(session(), actor(), offering_id)
    form = _sent()
    if not form.validate():
        return _asking(head, form), 422
    done = service.settle(
        session(),
        offering_id,
        form.data_of(),
        is_dynamic=flask.request.form.get("mode") == "dynamic",
        by=actor(),
        now=now(),
    )
    told = gettext(
        "対象者を%(total)s人に確定しました（追加%(added)s人、除外%(removed)s人）。",
        total=f"{done.total:,}",
        added=f"{done.added:,}",
        removed=f"{done.removed:,}",
    )
    flask.flash(told, "success")
    return _to_people(offering_id)


@route(blueprint, "/offerings/<uuid:offering_id>/audience/list", may=PLANNING, about=OFFERING)
def by_list(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a list of numbers."""
    head = access.planned(session(), actor(), offering_id)
    return _page("audience_list.html", head, form=ListForm(formdata=None))


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/audience/list",
    may=PLANNING,
    about=OFFERING,
    method="POST",
)
def check_list(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Show whom the list means; nothing is written but that it was looked at."""
    head = access.planned(session(), actor(), offering_id)
    form = ListForm()
    if not form.validate():
        return _page("audience_list.html", head, form=form), 422
    if "again" in flask.request.form:
        return _page("audience_list.html", head, form=form)
    found = roster.check(session(), None, form.numbers.data or "", (), now())
    present = queries.meant(session(), offering_id) or frozenset()
    named = [*found.found, *found.excluded]
    new = [post for post in named if post.person_id not in present]
    left = (odd.person_id for odd in found.left if odd.person_id)
    shown = audit.shown([*(post.person_id for post in named), *left])
    showing.note("audience.list_checked", "offering", offering_id, shown)
    known = len(named) - len(new)
    return _page(
        "audience_list_check.html", head, form=form, found=found, new=new, known=known, kept=_kept()
    )


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/audience/list/commit",
    may=PLANNING,
    about=OFFERING,
    method="POST",
)
def add(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Add the people of the checked list."""
    access.planned(session(), actor(), offering_id)
    numbers = flask.request.form.get("numbers", "")
    found = roster.check(session(), None, numbers, (), now())
    named = [post.person_id for post in (*found.found, *found.excluded)]
    count = service.add_listed(session(), offering_id, named, by=actor(), now=now())
    flask.flash(gettext("対象者に%(count)s人を加えました。", count=f"{count:,}"), "success")
    return _to_people(offering_id)


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/audience/people",
    may=PLANNING,
    about=OFFERING,
    audited=True,
)
def people(offering_id: uuid.UUID) -> ResponseReturnValue:
    """List who is meant."""
    head = access.planned(session(), actor(), offering_id)
    words = flask.request.args.get("q", "").strip()
    query = queries.members(offering_id, clock.today(now()), words=words)
    page = page_of(session(), query, queries.Line, number())
    shown = audit.shown((line.person_id for line in page.rows), total=page.total, q=words)
    showing.note("audience.viewed", "offering", offering_id, shown)
    return _page("audience_people.html", head, page=page, words=words, sources=text.SOURCES)


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/audience/remove",
    may=PLANNING,
    about=OFFERING,
    method="POST",
)
def remove(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Take one person out."""
    access.planned(session(), actor(), offering_id)
    person_id = flask.request.form.get("person", type=uuid.UUID)
    if person_id:
        service.remove(session(), offering_id, person_id, by=actor(), now=now())
        flask.flash(gettext("対象者から外しました。受講の登録は変わりません。"), "success")
    return _to_people(offering_id)


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/audience/clear",
    may=PLANNING,
    about=OFFERING,
    method="POST",
)
def clear(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Name nobody any more."""
    access.planned(session(), actor(), offering_id)
    service.clear(session(), offering_id, by=actor(), now=now())
    flask.flash(gettext("対象者の指定を解きました。全職員が対象です。"), "success")
    return flask.redirect(flask.url_for(".audience", offering_id=offering_id), 303)


def offering_url(head: OfferingHead) -> str:
    """Return where an offering has its page; its training's, while it has none."""
    if "offerings.offering" in flask.current_app.view_functions:
        return flask.url_for("offerings.offering", offering_id=head.id)
    return flask.url_for("trainings.training", training_id=head.training_id)


def _sent() -> ConditionForm:
    form = ConditionForm()
    form.offer(_options())
    return form


def _asking(head: OfferingHead, form: ConditionForm) -> str:
    form.offer(_options())
    return _page("audience.html", head, form=form)


def _page(template: str, head: OfferingHead, **values: Any) -> str:
    said: list[tuple[str, str]] = []
    if head.condition is not None:
        form = ConditionForm.of(queries.present(session(), head.condition, now()))
        form.offer(_options())
        said = form.said()
    return flask.render_template(
        f"training/{template}",
        head=head,
        said=said,
        standing=queries.standing(session(), head.id),
        offering_url=offering_url(head),
        **values,
    )


def _options() -> Options:
    """Return what a condition can name, asked for once a request."""
    if "audience_options" not in flask.g:
        today = clock.today(now())
        named = titles.titles(session(), today)
        trainings = [(str(key), label) for key, label in plans.choices(session())]
        flask.g.audience_options = Options(
            sections=[
                (str(row.id), "　" * row.depth + row.name)
                for row in sections.tree(session(), now())
            ],
            grades=[(grade, grade) for grade in dict.fromkeys(row.grade for row in named) if grade],
            titles=[(str(row.id), row.name) for row in named],
            employment=[(code, str(words)) for code, words in EMPLOYMENT.items()],
            job_types=[(each, each) for each in queries.job_types(session(), today)],
            trainings=trainings,
        )
    found: Options = flask.g.audience_options
    return found


def _kept() -> Sequence[tuple[str, str]]:
    return [
        (name, value)
        for name, value in flask.request.form.items(multi=True)
        if name not in _NOT_KEPT
    ]


def _to_people(offering_id: uuid.UUID) -> ResponseReturnValue:
    return flask.redirect(flask.url_for(".people", offering_id=offering_id), 303)

"""Pages of merges: what may be one person, two entries side by side, and what was made one."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.kernel.folding import code_key
from app.kernel.language import gettext
from app.kernel.web import showing
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, everywhere
from app.people.merges import queries, service
from app.people.permission.models import Role
from app.people.profiles import queries as profiles
from app.people.profiles.text import EMPLOYMENT
from app.people.register import access
from app.people.register import queries as register

blueprint = flask.Blueprint("merges", __name__)

MAY = everywhere(Role.OFFICE, Role.ADMINISTRATOR)


@route(blueprint, "/merges", may=MAY, audited=True)
def merges() -> ResponseReturnValue:
    """Show pairs that may be one person, and what was made one; ask for two numbers."""
    found = queries.suggestions(session(), now())
    people = (key for pair in found for key in (pair.kept_id, pair.merged_id))
    showing.note("merges.listed", "person", None, audit.shown(people))
    return flask.render_template(
        "people/merges.html", suggestions=found, done=queries.done(session()), refusal=None
    )


@route(blueprint, "/merges/compare", may=MAY, audited=True)
def compare() -> ResponseReturnValue:
    """Show two entries side by side."""
    try:
        kept, merged = (_person(name) for name in ("kept", "merged"))
    except NotFound:
        return _again("merge_number_unknown")
    if kept == merged:
        return _again("merge_same")
    for person_id in (kept, merged):
        showing.person("person.viewed", person_id)
    gone = profiles.profile(session(), merged, now(), is_whole=True)
    return flask.render_template(
        "people/merge.html",
        kept=profiles.profile(session(), kept, now(), is_whole=True),
        merged=gone,
        mergeable=gone.left_on is not None and gone.left_on < clock.today(now()),
        kept_rows=sum(queries.held(session(), kept).values()),
        merged_rows=sum(queries.held(session(), merged).values()),
        employment=EMPLOYMENT,
    )


@route(blueprint, "/merges", may=MAY, method="POST")
def merge() -> ResponseReturnValue:
    """Make two entries one person."""
    keys = [flask.request.form.get(name, type=uuid.UUID) for name in ("kept", "merged")]
    if None in keys:
        return _again("merge_number_unknown")
    # Locked in one order, so that two clerks who merge the same pair do not wait in a circle.
    rows = {
        key: access.kept(session(), key, actor(), now(), to_change=True)
        for key in sorted(key for key in set(keys) if key)
    }
    kept_id, merged_id = (key for key in keys if key)
    try:
        row = service.merge(session(), rows[kept_id], rows[merged_id], by=actor(), now=now())
    except Refused as refused:
        return _again(refused.code)
    if row.moved["staying"]:
        flask.flash(
            gettext(
                "統合しました。%(num)s件は、残した職員にも同じ記録があるため、元の登録に残しました。",
                num=row.moved["staying"],
            ),
            "warning",
        )
    else:
        flask.flash(gettext("統合しました。取り消すと、元の2つの登録に戻せます。"), "success")
    return flask.redirect(flask.url_for("staff.person", person_id=kept_id), 303)


@route(
    blueprint,
    "/merges/<uuid:merge_id>/undo",
    may=MAY,
    about={"merge_id": "person_merge"},
    method="POST",
)
def unmerge(merge_id: uuid.UUID) -> ResponseReturnValue:
    """Part two entries again."""
    service.unmerge(session(), merge_id, by=actor(), now=now())
    flask.flash(gettext("統合を取り消し、元の2つの登録に戻しました。"), "success")
    return flask.redirect(flask.url_for(".merges"), 303)


def _again(code: str) -> ResponseReturnValue:
    return flask.render_template(
        "people/merges.html",
        suggestions=queries.suggestions(session(), now()),
        done=queries.done(session()),
        refusal=sentence(code, {}),
    ), 422


def _person(name: str) -> uuid.UUID:
    """Return whose key or staff number, present or past, the request gives."""
    written = flask.request.args.get(name, "")
    found = flask.request.args.get(name, type=uuid.UUID) or register.person_by_any_number(
        session(), code_key(written)
    )
    if found is None:
        raise NotFound
    return access.kept(session(), found, actor(), now()).id

"""Pages of the staff: the list, one person, first passwords, roles and the import."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.language import gettext
from app.kernel.web import paging
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.people.permission import queries as roles
from app.people.permission.models import Role
from app.people.permission.text import ROLES
from app.people.permission.views import trainings
from app.people.register import access, queries
from app.people.register.forms import PasswordsForm
from app.people.register.queries import Post
from app.people.sections import queries as sections
from app.people.sign_in import queries as signing
from app.people.sign_in import service as passwords

blueprint = flask.Blueprint("staff", __name__)

MAY = having(Role.OFFICE, Role.ADMINISTRATOR)
READING = having(Role.OFFICE, Role.ADMINISTRATOR, *sorted(permission.NEAR))
#: A cell that a spreadsheet would take for a formula begins with one of these.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@route(blueprint, "/staff", may=MAY, audited=True)
def staff() -> ResponseReturnValue:
    """List who serves, by part of a name or number and by section."""
    searched = flask.request.args.get("q", "")[:100]
    chosen = flask.request.args.get("section", type=uuid.UUID)
    scope = permission.governed_by(actor())
    if chosen:
        below = set(session().scalars(sections.below([chosen], clock.today(now()))))
        scope = frozenset(below if scope is None else below & scope)
    query = queries.matching(searched, scope, now())
    page = paging.page_of(session(), query, Post, paging.number())
    details = {"count": len(page.rows), "total": page.total, "searched": bool(searched)}
    _record("people.listed", None, {**details, "section": str(chosen) if chosen else None})
    return flask.render_template(
        "people/staff.html",
        page=page,
        searched=searched,
        chosen=chosen,
        is_narrowed=bool(searched or chosen),
        sections=_section_choices(gettext("すべての所属")),
        may_import=permission.governed_by(actor()) is None,
    )


@route(blueprint, "/staff/<uuid:person_id>", may=MAY, about={"person_id": "person"}, audited=True)
def person(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show what is held about somebody."""
    post = access.person(session(), person_id, actor(), now())
    _record("person.viewed", person_id, {"count": 1})
    return _person_page(post)


def _person_page(post: Post) -> str:
    return flask.render_template(
        "people/person.html",
        post=post,
        state=signing.state_of(session(), post.person_id, now()),
        roles=roles.held_by(session(), post.person_id, now()),
        trainings=dict(trainings()),
        today=clock.today(now()),
        role_words=ROLES,
    )


@route(
    blueprint,
    "/staff/<uuid:person_id>/password",
    may=MAY,
    about={"person_id": "whole person"},
    method="POST",
)
def issue_password(person_id: uuid.UUID) -> ResponseReturnValue:
    """Issue one person a new password, and show it this once."""
    post = access.person(session(), person_id, actor(), now())
    issued = passwords.issue_passwords(session(), [post.person_id], actor(), now())
    return _passwords_page(issued)


@route(blueprint, "/staff/passwords", may=MAY)
def initial_passwords() -> ResponseReturnValue:
    """Say how many have no password yet, and ask how to get theirs."""
    scope = permission.governed_by(actor())
    none = signing.without_password(session(), now(), scope)
    again = signing.without_password(session(), now(), scope, again=True)
    return flask.render_template(
        "people/passwords_ask.html",
        form=PasswordsForm(),
        count=len(none),
        again=len(again) - len(none),
    )


@route(blueprint, "/staff/passwords", may=MAY, method="POST")
def issue_initial_passwords() -> ResponseReturnValue:
    """Issue passwords to all who have none, and answer them this once: as a page or as CSV."""
    form = PasswordsForm()
    scope = permission.governed_by(actor())
    ids = signing.without_password(session(), now(), scope, again=form.again.data)
    beyond = permission.not_governed(session(), actor(), now())
    ids = [key for key in ids if key not in beyond]
    issued = passwords.issue_passwords(session(), ids, actor(), now())
    is_csv = flask.request.form.get("answer") == "csv"
    return _passwords_csv(issued) if is_csv else _passwords_page(issued)


def _passwords_page(issued: list[tuple[Post, str]]) -> ResponseReturnValue:
    response = flask.make_response(flask.render_template("people/passwords.html", issued=issued))
    response.headers["Cache-Control"] = "no-store"
    return response


def _passwords_csv(issued: list[tuple[Post, str]]) -> ResponseReturnValue:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(
        [gettext("職員番号"), gettext("氏名"), gettext("所属"), gettext("仮のパスワード")]
    )
    for post, password in issued:
        cells = (post.number, post.name, post.section, password)
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    response = flask.make_response(file.getvalue().encode("utf-8-sig"))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = "attachment; filename=passwords.csv"
    response.headers["Cache-Control"] = "no-store"
    return response


def _section_choices(all_of_them: str) -> list[dict[str, str]]:
    return [
        {"value": "", "label": all_of_them},
        *(
            {"value": str(row.id), "label": "　" * row.depth + row.name}
            for row in sections.tree(session(), now())
        ),
    ]


def _record(action: str, person_id: uuid.UUID | None, details: dict[str, Any]) -> None:
    audit.record(
        session(),
        action,
        by=actor().person_id,
        now=now(),
        subject=("person", person_id),
        details=details,
    )

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
from app.kernel.errors import NotFound, Refused
from app.kernel.language import Lazy, gettext
from app.kernel.web import paging
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.people.permission import queries as roles
from app.people.permission import service as granting
from app.people.permission.models import Role
from app.people.permission.text import ROLES
from app.people.permission.text import SENTENCES as GRANTING
from app.people.register import access, queries, service, text
from app.people.register.forms import FileForm, GrantForm, PasswordsForm, staff_table
from app.people.register.queries import Post
from app.people.sections import queries as sections
from app.people.sign_in import queries as signing
from app.people.sign_in import service as passwords

blueprint = flask.Blueprint("staff", __name__)

MAY = having(Role.OFFICE, Role.ADMINISTRATOR)
#: A cell that a spreadsheet would take for a formula begins with one of these.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@route(blueprint, "/staff", may=MAY, audited=True)
def staff() -> ResponseReturnValue:
    """List who serves, by part of a name or number and by section."""
    searched = flask.request.args.get("q", "")[:100]
    chosen = flask.request.args.get("section", type=uuid.UUID)
    scope = permission.governed_by(actor())
    if chosen:
        below = set(session().scalars(roles.below(chosen, clock.today(now()))))
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


@route(blueprint, "/staff/<uuid:person_id>", may=MAY, audited=True)
def person(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show what is held about somebody."""
    post = access.person(session(), person_id, actor(), now())
    _record("person.viewed", person_id, {"count": 1})
    return _person_page(post, _grant_form())


def _person_page(post: Post, form: GrantForm) -> str:
    return flask.render_template(
        "people/person.html",
        post=post,
        form=form,
        state=signing.state_of(session(), post.person_id, now()),
        roles=roles.held_by(session(), post.person_id, now()),
        role_words=ROLES,
    )


@route(blueprint, "/staff/<uuid:person_id>/password", may=MAY, method="POST")
def issue_password(person_id: uuid.UUID) -> ResponseReturnValue:
    """Issue one person a new password, and show it this once."""
    post = access.person(session(), person_id, actor(), now())
    if not passwords.may_use_password(session(), post.person_id, now(), settings()):
        raise Refused("sso_only")
    issued = passwords.issue_passwords(session(), [post.person_id], actor(), now())
    return _passwords_page(issued)


@route(blueprint, "/staff/passwords", may=MAY)
def initial_passwords() -> ResponseReturnValue:
    """Say how many have no password yet, and ask how to get theirs."""
    scope = permission.governed_by(actor())
    none = _using_passwords(signing.without_password(session(), now(), scope))
    again = _using_passwords(signing.without_password(session(), now(), scope, again=True))
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
    ids = _using_passwords(signing.without_password(session(), now(), scope, again=form.again.data))
    beyond = permission.not_governed(session(), actor(), now())
    ids = [key for key in ids if key not in beyond]
    let_go()  # hashing is slow
    made = passwords.make_passwords(len(ids))
    issued = passwords.issue_passwords(session(), ids, actor(), now(), made)
    is_csv = flask.request.form.get("answer") == "csv"
    return _passwords_csv(issued) if is_csv else _passwords_page(issued)


def _using_passwords(ids: list[uuid.UUID]) -> list[uuid.UUID]:
    """Return who of these may use a password: all, but where single sign-on alone lets in."""
    if not settings().sso_only:
        return ids
    return [key for key in ids if passwords.may_use_password(session(), key, now(), settings())]


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


@route(blueprint, "/staff/<uuid:person_id>/roles", may=MAY, method="POST")
def grant_role(person_id: uuid.UUID) -> ResponseReturnValue:
    """Give somebody a role."""
    post = access.person(session(), person_id, actor(), now())
    form = _grant_form()
    chosen = form.data_of()
    try:
        granting.grant(
            session(),
            person_id,
            chosen.role,
            section_id=_uuid(chosen.section_id),
            with_children=chosen.with_children,
            by=actor(),
            now=now(),
        )
    except Refused as refused:
        form.role.errors = [in_words(refused, GRANTING)]
        return _person_page(post, form), 422
    flask.flash(gettext("役割を付けました。"), "success")
    return flask.redirect(flask.url_for("staff.person", person_id=person_id), 303)


@route(blueprint, "/staff/<uuid:person_id>/roles/<uuid:grant_id>/end", may=MAY, method="POST")
def end_role(person_id: uuid.UUID, grant_id: uuid.UUID) -> ResponseReturnValue:
    """Take a role away."""
    access.person(session(), person_id, actor(), now())
    granting.end(session(), person_id, grant_id, by=actor(), now=now())
    flask.flash(gettext("役割を外しました。"), "success")
    return flask.redirect(flask.url_for("staff.person", person_id=person_id), 303)


@route(blueprint, "/staff/import", may=MAY)
def import_staff() -> ResponseReturnValue:
    """Ask for a file of staff, and say what must be in it."""
    return flask.render_template("people/import_staff.html", form=FileForm())


@route(blueprint, "/staff/import", may=MAY, method="POST")
def check_staff() -> ResponseReturnValue:
    """Check a file of staff; nobody is changed yet."""
    form = FileForm()
    if form.validate():
        try:
            table = staff_table(form.data_of())
        except Refused as refused:
            form.file.errors = [in_words(refused, text.SENTENCES)]
        else:
            row = service.check(session(), table, by=actor(), now=now())
            return flask.redirect(flask.url_for("staff.checked", batch_id=row.id), 303)
    return flask.render_template("people/import_staff.html", form=form), 422


@route(blueprint, "/staff/import/<uuid:batch_id>", may=MAY, audited=True)
def checked(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a file would change, before it does."""
    return checked_page(batch_id, service.KIND)


@route(blueprint, "/staff/import/<uuid:batch_id>/commit", may=MAY, method="POST")
def commit_staff(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Take a checked file over."""
    tell_counts(service.commit(session(), batch_id, by=actor(), now=now()))
    return flask.redirect(flask.url_for("staff.staff"), 303)


@route(blueprint, "/staff/import/<uuid:batch_id>/discard", may=MAY, method="POST")
def discard_staff(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Throw a checked file away."""
    service.discard(session(), batch_id, service.KIND, by=actor(), now=now())
    flask.flash(gettext("取込を取りやめました。何も変わっていません。"), "info")
    return flask.redirect(flask.url_for("staff.staff"), 303)


def checked_page(batch_id: uuid.UUID, kind: str) -> str:
    """Return the page of a checked file of staff or of sections."""
    row = access.batch(session(), batch_id, kind, actor(), now())
    only = flask.request.args.get("only", "")
    rows = [kept for kept in row.rows if only in ("", kept["state"])]
    number, size = paging.number(), paging.SIZE
    here = [text.shown(kept, kind) for kept in rows[(number - 1) * size : number * size]]
    _record("import.viewed", None, {"kind": kind, "count": len(here)})
    return flask.render_template(
        "people/import_checked.html",
        batch_id=row.id,
        kind=kind,
        summary=row.summary,
        page=paging.Page(here, number, len(rows)),
        only=only,
        states=text.STATES,
    )


def tell_counts(counts: dict[str, int]) -> None:
    """Flash what an import has done."""
    flask.flash(
        gettext(
            "取り込みました。追加 %(added)d件、変更 %(changed)d件、"
            "変更なし %(unchanged)d件、取り込まなかった行 %(error)d件です。",
            **counts,
        ),
        "success",
    )


def in_words(refused: Refused, sentences: dict[str, tuple[Lazy, Lazy]]) -> str:
    """Return in one line what happened and what to do."""
    what, next_step = (str(sentence) % refused.data for sentence in sentences[refused.code])
    return gettext("%(what)s。%(next_step)s", what=what, next_step=next_step)


def _grant_form() -> GrantForm:
    form = GrantForm()
    form.role.choices = [(role, str(ROLES[role])) for role in granting.GRANTABLE]
    form.section.choices = [
        (choice["value"], choice["label"]) for choice in _section_choices(gettext("すべての所属"))
    ]
    return form


def _section_choices(all_of_them: str) -> list[dict[str, str]]:
    return [
        {"value": "", "label": all_of_them},
        *(
            {"value": str(row.id), "label": "　" * row.depth + row.name}
            for row in sections.tree(session(), now())
        ),
    ]


def _uuid(written: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(written) if written else None
    except ValueError as error:
        raise NotFound from error


def _record(action: str, person_id: uuid.UUID | None, details: dict[str, Any]) -> None:
    audit.record(
        session(),
        action,
        by=actor().person_id,
        now=now(),
        subject=("person", person_id),
        details=details,
    )

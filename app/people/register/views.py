"""Pages of the staff: the list, as a page and as a file, one person, and first passwords."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.kernel import clock, lists
from app.kernel.audit import service as audit
from app.kernel.csv import Encoding
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.lists import Choice, View
from app.kernel.web import exports, paging, showing
from app.kernel.web import lists as asking
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.exports import queries as exported
from app.people.exports import text
from app.people.permission import access as permission
from app.people.permission import queries as roles
from app.people.permission.models import Role
from app.people.profiles import queries as items
from app.people.profiles import views as profiles
from app.people.register import access, queries
from app.people.register.forms import PasswordsForm
from app.people.register.models import Person
from app.people.register.queries import Post
from app.people.saved_filters import views as saved_filters
from app.people.sections import queries as sections
from app.people.sign_in import queries as signing
from app.people.sign_in import service as passwords

blueprint = flask.Blueprint("staff", __name__)

MAY = having(Role.OFFICE, Role.ADMINISTRATOR)
READING = having(Role.OFFICE, Role.ADMINISTRATOR, *sorted(permission.NEAR))


@route(blueprint, "/staff", may=READING, audited=True)
def staff() -> ResponseReturnValue:
    """List the staff whom the actor may read of, by part of a name or number and by section."""
    asked = _asked()
    page = paging.page_of(session(), _found(asked), Post, paging.number())
    people = (post.person_id for post in page.rows)
    shown = audit.shown(people, total=page.total, q=asked.words, **asked.filters)
    if asked.view.shows("email"):
        showing.note("people.listed_with_email", "person", None, shown)
    else:
        showing.note("people.listed", "person", None, shown)
    sight = _sight()
    return flask.render_template(
        "people/staff.html",
        page=page,
        asked=asked,
        saved=saved_filters.shown(),
        old=0 if asked.kind else _old(sight),
        sections=_section_choices(gettext("すべての所属"), sight.sections),
        is_whole=sight.whole is None,
        may_govern=sight.whole is None or bool(sight.whole),
        may_delegate=bool(actor().roles & roles.DELEGABLE),
        may_export=exports.is_allowed(),
        reasons=exports.REASONS,
        encodings=exports.ENCODINGS,
    )


@route(blueprint, "/staff.csv", may=READING, audited=True)
def staff_file() -> ResponseReturnValue:
    """Answer the same as a file: without gender and age, whoever takes it."""
    exports.check()
    asked, sight = _asked(), _sight()
    ids = [row[0] for row in session().execute(_found(asked))]
    is_whole = not sight.near or sight.whole is None
    lines = exported.lines(session(), ids, clock.today(now()))
    return exports.answer(
        exports.Export(
            name=gettext("職員の一覧.csv"),
            columns=map(str, text.columns(is_whole=is_whole)),
            rows=(text.row(line, is_whole=is_whole) for line in lines),
            people=ids,
            action="people.exported",
            subject=("person", None),
            filters=asked.filters,
        )
    )


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to."""

    words: str
    section_id: uuid.UUID | None
    #: `left`, `old`, or nothing: who serves.
    kind: str
    #: The list with its columns and its order.
    view: View

    @property
    def filters(self) -> dict[str, Any]:
        """What the audit keeps of it: never the words."""
        return {"section": str(self.section_id) if self.section_id else None, "kind": self.kind}


def _asked() -> Asked:
    """Return it by the address, or by a form that carries the choice of rows on."""
    said = flask.request.values
    kind = said.get("kind", "")
    return Asked(
        said.get("q", "")[:100],
        said.get("section", type=uuid.UUID),
        kind if kind in ("left", "old") else "",
        asking.asked(queries.LEFT if kind == "left" else queries.SERVING),
    )


def _sight() -> permission.Sight:
    return permission.sight_of(actor(), is_concurrent=settings().concurrent_heads)


def _found(asked: Asked) -> sa.Select[Any]:
    """Return the query of the list; who has left is listed for those who see every item alone."""
    sight, today = _sight(), clock.today(now())
    below = None
    if asked.section_id:
        below = set(session().scalars(sections.below([asked.section_id], today)))
    if asked.kind == "left":
        query = queries.matching(asked.words, below, now(), posts=queries.left_posts(now()))
        return asked.view.ordered(query.where(sight.of_whole(today)))
    query = asked.view.ordered(queries.matching(asked.words, below, now()))
    if asked.kind == "old":
        return query.where(sight.of_whole(today), items.is_old(today))
    return query.where(sight.of_person(today))


def _old(sight: permission.Sight) -> int:
    """Return how many of those whose every item the actor sees have not been confirmed of late."""
    today = clock.today(now())
    found = queries.posts(now()).where(sight.of_whole(today), items.is_old(today))
    count = sa.select(sa.func.count()).select_from(found.order_by(None).subquery())
    return session().scalar(count) or 0


@route(
    blueprint, "/staff/<uuid:person_id>", may=READING, about={"person_id": "person"}, audited=True
)
def person(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show what is held about somebody, as far as the actor may read it."""
    seen = access.seen(
        session(), person_id, actor(), now(), is_concurrent=settings().concurrent_heads
    )
    showing.person("person.viewed", person_id)
    return profiles.page(person_id, is_whole=seen.is_whole)


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
    if not passwords.may_use_password(session(), post.person_id, now(), settings()):
        raise Refused("sso_only")
    issued = passwords.issue_passwords(session(), [post.person_id], actor(), now())
    return _passwords_page(issued)


@route(blueprint, "/staff/passwords", may=MAY)
def initial_passwords() -> ResponseReturnValue:
    """Say how many of all, or of the chosen, have no password yet; ask how to get theirs."""
    asked = _asked()
    choice = asking.choice(asked.view)
    chosen = _chosen(asked, choice)
    none, again = _in_need(chosen)
    return flask.render_template(
        "people/passwords_ask.html",
        form=PasswordsForm(),
        count=len(none),
        again=len(again),
        choice=choice,
        chosen=None if chosen is None else len(chosen),
        mark=lists.mark(none, again),
    )


@route(blueprint, "/staff/passwords", may=MAY, method="POST")
def issue_initial_passwords() -> ResponseReturnValue:
    """Issue passwords to all of them, and answer them this once: as a page or as CSV."""
    form = PasswordsForm()
    asked = _asked()
    none, again = _in_need(_chosen(asked, asking.choice(asked.view)))
    lists.check(asking.confirmed(), none, again)
    ids = [*none, *again] if form.again.data else none
    beyond = permission.not_governed(session(), actor(), now())
    ids = [key for key in ids if key not in beyond]
    let_go()  # hashing is slow
    made = passwords.make_passwords(len(ids))
    issued = passwords.issue_passwords(session(), ids, actor(), now(), made)
    is_csv = flask.request.form.get("answer") == "csv"
    people = [post.person_id for post, _ in issued]
    showing.note(
        "passwords.shown", "person", None, audit.shown(people, again=form.again.data, csv=is_csv)
    )
    return _passwords_csv(issued) if is_csv else _passwords_page(issued)


def _chosen(asked: Asked, choice: Choice | None) -> set[uuid.UUID] | None:
    """Return whom a choice of rows means today; None where nothing was chosen: everybody."""
    if choice is None:
        return None
    return set(session().scalars(choice.among(_found(asked), Person.id)))


def _in_need(chosen: set[uuid.UUID] | None) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """Return who of them has no password, and who was given one and has never signed in."""
    scope = permission.governed_by(actor())
    both = signing.without_password(session(), now(), scope, again=True)
    both = _using_passwords([key for key in both if chosen is None or key in chosen])
    none = set(signing.without_password(session(), now(), scope))
    return [key for key in both if key in none], [key for key in both if key not in none]


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
    head = [gettext("職員番号"), gettext("氏名"), gettext("所属"), gettext("仮のパスワード")]
    rows: list[list[object]] = [
        [post.number, post.name, post.section, password] for post, password in issued
    ]
    return exports.file("passwords.csv", head, rows, Encoding.UTF_8)


def _section_choices(all_of_them: str, seen: Collection[uuid.UUID] | None) -> list[dict[str, str]]:
    return [
        {"value": "", "label": all_of_them},
        *(
            {"value": str(row.id), "label": "　" * row.depth + row.name}
            for row in sections.tree(session(), now())
            if seen is None or row.id in seen
        ),
    ]

"""The section's page of notices to its people without an address, to print and hand out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import flask
from flask.typing import ResponseReturnValue

from app.kernel.audit import service as audit
from app.kernel.notices import text as notice_text
from app.kernel.notices.queries import Unread
from app.kernel.web import paging, showing
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.people.permission.access import NEAR
from app.people.register.queries import Post
from app.people.section_notices import queries

blueprint = flask.Blueprint("section_notices", __name__)


@dataclass(frozen=True)
class Line:
    """One notice in words: its title, and when it came."""

    title: str
    created_at: datetime


@route(blueprint, "/sections/notices", may=having(*sorted(NEAR)), audited=True)
def notices() -> ResponseReturnValue:
    """List who has no address, each with the titles of what they have not read."""
    scope = permission.sections_of(actor(), *NEAR)
    query = queries.readers(scope, now())
    page = paging.page_of(session(), query, Post, paging.number())
    people = [post.person_id for post in page.rows]
    showing.note("notices.listed", "person", None, audit.shown(people, total=page.total))
    unread = queries.unread(session(), people)
    return flask.render_template(
        "people/section_notices.html",
        page=page,
        lines={
            post.person_id: list(_lines(post.name, unread[post.person_id])) for post in page.rows
        },
    )


def _lines(name: str, unread: Iterable[Unread]) -> Iterable[Line]:
    for each in unread:
        title, _ = notice_text.words(each.kind, each.data, name=name, wording=each.wording)
        yield Line(title, each.created_at)

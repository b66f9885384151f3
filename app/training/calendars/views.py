"""One's own page of the address to subscribe to, and the calendar that it answers with."""

from __future__ import annotations

from email.utils import parseaddr

import flask
from flask.typing import ResponseReturnValue

from app.kernel import calendar, clock
from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web.routing import now, read_only, route, session, settings
from app.kernel.web.rules import PUBLIC, SIGNED_IN, actor
from app.training.calendars import queries, service, text

blueprint = flask.Blueprint("calendars", __name__, url_prefix="/calendar")


@route(blueprint, "", may=SIGNED_IN)
def address() -> ResponseReturnValue:
    """Tell what an address is for, and whether there is one."""
    return _page()


@route(blueprint, "", may=SIGNED_IN, method="POST")
def make() -> ResponseReturnValue:
    """Make a new address, and show it this once."""
    return _page(service.make(session(), by=actor(), now=now()))


@route(blueprint, "/revoke", may=SIGNED_IN, method="POST")
def revoke() -> ResponseReturnValue:
    """Have the address open nothing any more."""
    if service.revoke(session(), by=actor(), now=now()):
        flask.flash(
            gettext("購読アドレスを取り消しました。このアドレスでは何も読めません。"), "success"
        )
    else:
        flask.flash(gettext("購読アドレスはありません。"), "info")
    return flask.redirect(flask.url_for(".address"), 303)


@route(blueprint, "/<key>.ics", may=PUBLIC, about={"key": "calendar"}, audited=True)
def feed(key: str) -> ResponseReturnValue:
    """Answer a calendar that subscribes: without a sign-in, by the key alone."""
    row = queries.owner(session(), key, now())
    if row is None:
        raise NotFound
    if not read_only():
        service.note_used(session(), row, now())
    content = calendar.published(
        queries.sessions_of(session(), row.person_id, now()),
        queries.due_days_of(session(), row.person_id, str(text.DUE), now()),
        name=str(text.NAME),
        organiser=parseaddr(settings().mail_from)[1],
        origin=settings().office_origin,
        now=now(),
    )
    answer = flask.Response(content, content_type=f"{calendar.CONTENT_TYPE}; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="kenshu.ics"'
    answer.headers["X-Robots-Tag"] = "noindex"  # the address is the key
    return answer


def _page(key: str | None = None) -> str:
    made = settings().office_origin + flask.url_for(".feed", key=key) if key else None
    row = queries.key_of(session(), actor().known_id)
    return flask.render_template(
        "training/calendar.html",
        row=row,
        used_on=clock.today(row.used_at) if row and row.used_at else None,
        made=made,
    )

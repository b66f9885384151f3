"""A route: its rule, its unit of work, its view.

A view that only reads runs in a reading unit of work; one that answers a method which changes
things in a writing one, which is committed after its answer is rendered and before it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import wraps
from typing import Any, cast

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Base, Database
from app.kernel.errors import Unavailable
from app.kernel.settings import Settings
from app.kernel.system import service as system
from app.kernel.system.service import ReadOnly
from app.kernel.web.rules import Rule, actor

#: Methods that change nothing.
READS = frozenset({"GET", "OPTIONS"})
#: Bytes that a request may hold where no upload is expected.
SMALL_REQUEST = 16 * 1024**2

View = Callable[..., ResponseReturnValue]
#: What the parameters of a path are, by name: the table that one is a key of (`whole` before it
#: where a part of the thing is not enough, `own` where nobody else's will do, `part` where
#: somebody's part in one's trainings is enough, `near` where a section's head and coordinator have
#: theirs beside who plans the training, `open` where it is anybody's), the words that it may be, or
#: `file`, `launch`, `calendar` or `kind` (of notice).
#: From this and the rule a test makes things within and beyond the reach of every role, and asks
#: for them.
About = Mapping[str, str | tuple[str, ...]]


def settings() -> Settings:
    """Return the settings of the running application."""
    return cast("Settings", flask.current_app.extensions["kenshu.settings"])


def database() -> Database:
    """Return the database of the running application."""
    return cast("Database", flask.current_app.extensions["kenshu.database"])


def session() -> Session:
    """Return the session of the request's unit of work."""
    return cast("Session", flask.g.session)


def let_go() -> None:
    """Let go of the database while something slow is done; nothing may have been written yet.

    SQLite has one writer at a time: who holds its lock keeps everybody else from saving.
    """
    session().rollback()


def read_only() -> ReadOnly | None:
    """Return why the system may only be read, asked once a request; None while it may change."""
    if "read_only" not in flask.g:
        if "session" in flask.g:
            flask.g.read_only = system.read_only(session())
        else:
            with database().reading() as reading:  # an error's page, where no route has begun
                flask.g.read_only = system.read_only(reading)
    return cast("ReadOnly | None", flask.g.read_only)


def refuse_while_read_only() -> None:
    """Raise Unavailable while the system may only be read."""
    if read_only():
        raise Unavailable("read_only")


def tell(**ids: str) -> None:
    """Put ids and codes to the request's own line of the log, and write no line beside it."""
    flask.g.setdefault("told", {}).update(ids)


def now() -> datetime:
    """Return the moment of the request: one and the same for all it does."""
    if "now" not in flask.g:
        flask.g.now = clock.now()
    return cast("datetime", flask.g.now)


def route(  # noqa: PLR0913 - what a route may be is said in one place
    blueprint: flask.Blueprint,
    path: str,
    *,
    may: Rule,
    about: About | None = None,
    method: str = "GET",
    endpoint: str | None = None,
    audited: bool = False,
    takes_files: bool = False,
    for_machines: bool = False,
    even_read_only: bool = False,
    adds: tuple[type[Base], ...] = (),
) -> Callable[[View], View]:
    """Register a view under one path, one method and one rule.

    `audited` marks a GET that shows somebody's details or a list of many: the one thing that such
    a request may write is the audit's line. `takes_files` lets a signed-in person send as much as
    the settings allow for an upload; any other request is refused beyond `SMALL_REQUEST`.
    `for_machines` has the route answer the networks of machines in the place of the office's.
    `even_read_only` lets a change through while the system may only be read. `adds` are the rows
    that even a GET may add, which a test knows by name.
    """

    def register(view: View) -> View:
        allowed = (*adds, *((AuditEvent,) if audited else ()))
        answer = _answering(view, may, method, allowed, even_read_only=even_read_only)
        # Read by the test that walks the routes, by `limit_request`, and by the gate.
        vars(answer).update(rule=may, about=about or {}, takes_files=takes_files)
        vars(answer).update(for_machines=for_machines, even_read_only=even_read_only, adds=adds)
        only: dict[str, Any] = {"methods": [method], "provide_automatic_options": False}
        blueprint.add_url_rule(path, endpoint or view.__name__, answer, **only)
        return view

    return register


def _answering(
    view: View,
    may: Rule,
    method: str,
    allowed: tuple[type[Base], ...],
    *,
    even_read_only: bool,
) -> Callable[..., flask.Response]:
    """Return a view in its unit of work, behind its rule."""

    @wraps(view)
    def answer(**arguments: Any) -> flask.Response:
        try:
            with _unit(method, allowed) as flask.g.session:
                _admit(may, changes=method not in READS and not even_read_only)
                return flask.make_response(view(**arguments))
        finally:
            flask.g.pop("session", None)

    return answer


def _admit(may: Rule, *, changes: bool) -> None:
    """Raise what the rule raises, and Unavailable for a change while there may be none."""
    may.check()
    if changes:
        refuse_while_read_only()


def _unit(method: str, allowed: tuple[type[Base], ...]) -> AbstractContextManager[Session]:
    if method not in READS:
        return database().unit_of_work()
    return database().reading(*allowed)


def limit_request() -> None:
    """Let large bodies in only from who is signed in and only where files are taken.

    Runs before anything reads the body: a stranger's gigabytes are never even spooled.
    """
    view = flask.current_app.view_functions.get(flask.request.endpoint or "")
    if getattr(view, "takes_files", False) and actor().is_signed_in:
        flask.request.max_content_length = settings().upload_limit

"""Lists that are kept as somebody has narrowed them: what a list's page shows, and two forms.

A list's page is told by its path, which is looked up among our own: nobody is led anywhere else.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import flask
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import SIGNED_IN, actor
from app.people.saved_filters import queries, service
from app.people.saved_filters.forms import FilterForm, ListForm
from app.people.saved_filters.service import FilterData

blueprint = flask.Blueprint("saved_filters", __name__)
#: Under this name the application keeps the endpoints of the lists that can be kept.
LISTS = "kenshu.lists"


@dataclass(frozen=True)
class Kept:
    """One list as somebody keeps it: its name, and where it is."""

    id: uuid.UUID
    name: str
    address: str
    #: Whether it is what the page shows now.
    is_current: bool


@dataclass(frozen=True)
class Shown:
    """What the macro `saved_filters` needs."""

    kept: list[Kept]
    #: The path of the list with what its address says.
    path: str
    #: Whether there is anything to keep that is not kept.
    may_keep: bool


def shown(endpoint: str | None = None) -> Shown:
    """Return what the actor keeps of the present list; `endpoint` is another page of the same."""
    name = endpoint or flask.request.endpoint or ""
    present = service.narrowed(flask.request.query_string.decode(errors="replace"))
    base = flask.url_for(name, **(flask.request.view_args or {}))
    kept = [
        Kept(line.id, line.name, f"{base}?{line.query}", line.query == present)
        for line in queries.of_list(session(), actor().known_id, name)
    ]
    path = f"{base}?{present}" if present else base
    return Shown(kept, path, bool(present) and not any(each.is_current for each in kept))


@route(blueprint, "/saved-filters", may=SIGNED_IN, method="POST")
def keep() -> ResponseReturnValue:
    """Keep a list as its address says, and go back to it."""
    form = FilterForm()
    endpoint, arguments, query = _list_at(form.path.data or "")
    data = FilterData(endpoint, form.name.data or "", query)
    row = service.keep(session(), data, by=actor(), now=now())
    flask.flash(gettext("条件を「%(name)s」として保存しました。", name=row.name), "success")
    return flask.redirect(f"{flask.url_for(endpoint, **arguments)}?{row.query}", 303)


@route(
    blueprint,
    "/saved-filters/<uuid:filter_id>/delete",
    may=SIGNED_IN,
    about={"filter_id": "own saved_filter"},
    method="POST",
)
def forget(filter_id: uuid.UUID) -> ResponseReturnValue:
    """Let go of a list that is kept, and go back."""
    name = service.forget(session(), filter_id, by=actor())
    endpoint, arguments, query = _list_at(ListForm().path.data or "")
    flask.flash(gettext("保存した条件「%(name)s」を消しました。", name=name), "success")
    address, said = flask.url_for(endpoint, **arguments), service.narrowed(query)
    return flask.redirect(f"{address}?{said}" if said else address, 303)


def _list_at(path: str) -> tuple[str, Mapping[str, Any], str]:
    """Return which list a path leads to, and what it says; raises Refused("list_unknown")."""
    page, _, query = path.partition("?")
    try:
        found = (
            request_ctx.url_adapter.match(page, method="GET") if request_ctx.url_adapter else None
        )
    except HTTPException as error:
        raise Refused("list_unknown") from error
    if found is None or found[0] not in flask.current_app.extensions[LISTS]:
        raise Refused("list_unknown")
    return found[0], found[1], query

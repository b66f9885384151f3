"""The State, Agent Profile and Activity Profile resources (Communication 2.3, 2.6, 2.7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import flask
from flask.typing import ResponseReturnValue

from app.kernel.errors import Forbidden, NotFound
from app.kernel.web.routing import now, route, session
from app.learning.clients.access import client, speaking
from app.learning.documents import queries, service
from app.learning.documents.queries import ACTIVITY, AGENT, STATE, Shelf
from app.learning.documents.service import Conditions
from app.learning.lrs import forms
from app.learning.sessions import service as sessions
from app.learning.sessions.access import Own
from app.learning.sessions.models import XapiPreparation
from xapi import documents, query, reading, values
from xapi.actors import identity
from xapi.cmi5 import preferences
from xapi.cmi5.words import LAUNCH_DATA, PREFERENCES
from xapi.errors import Invalid
from xapi.statement import Version

blueprint = flask.Blueprint("xapi_documents", __name__)

#: What a document is taken for whose sender does not say it (Communication 2.2).
UNSAID: Final = "application/octet-stream"


@dataclass(frozen=True)
class Resource:
    """One of the three: its address, what its documents are about and what names them."""

    path: str
    kind: str
    about: tuple[str, ...]
    name: str
    scope: str


RESOURCES: Final = (
    Resource(
        "/activities/state", STATE, ("activityId", "agent", "registration"), "stateId", "state"
    ),
    Resource("/activities/profile", ACTIVITY, ("activityId",), "profileId", "profile"),
    Resource("/agents/profile", AGENT, ("agent",), "profileId", "profile"),
)


@dataclass(frozen=True)
class _Asked:
    """What the address says."""

    shelf: Shelf
    #: The document's name; None for all on the shelf.
    name: str | None
    params: dict[str, str]

    @property
    def one(self) -> Shelf:
        """Return the shelf of one document: without registration is a place of its own."""
        return Shelf(
            self.shelf.kind, self.shelf.activity, self.shelf.agent, self.shelf.registration or ""
        )


def _asked(of: Resource, *, also: tuple[str, ...] = (), is_named: bool = False) -> _Asked:
    params = query.single(forms.pairs(), {*of.about, of.name, *also})
    activity = agent = ""
    if "activityId" in of.about:
        activity = query.required(params, "activityId", values.iri)
    if "agent" in of.about:
        found = query.who(params)
        if found is None:
            raise Invalid("missing").within("agent")
        agent = identity(found) or ""
    registration = query.checked(params, "registration", values.uuid)
    if own := client().own:
        _check_own(own, of, params, registration)
    is_state = of.kind == STATE
    shelf = Shelf(
        of.kind, activity, agent, registration.lower() if registration else None if is_state else ""
    )
    if is_named and of.name not in params:
        raise Invalid("missing").within(of.name)
    if "\0" in params.get(of.name, ""):
        raise Invalid("nul").within(of.name)
    return _Asked(shelf, params.get(of.name), params)


def _check_own(own: Own, of: Resource, params: Mapping[str, str], registration: str | None) -> None:
    """Raise Forbidden for what is not the launched content's own (cmi5, 10.2.1; 11.0)."""
    if of.kind != ACTIVITY:
        own.check_agent(query.who(params))
    if of.kind == AGENT and params.get(of.name) != PREFERENCES:
        raise Forbidden("other_profile")
    if registration is not None and registration.lower() != own.registration:
        raise Forbidden("other_registration")
    if of.kind == ACTIVITY or (of.kind == STATE and registration is None):
        own.check_activity(params.get("activityId", ""))
    if of.kind == STATE and flask.request.method != "GET" and params.get(of.name) == LAUNCH_DATA:
        raise Forbidden("launch_data_stays")


def _conditions(of: Resource) -> Conditions:
    """Return what the request says it knows; 1.0.3 asks it of profiles alone (3.1)."""
    headers = flask.request.headers
    is_old = forms.version() is Version.OLD
    return Conditions(
        headers.get("If-Match"),
        headers.get("If-None-Match"),
        are_asked=of.kind != STATE or not is_old,
        for_new=of.kind != STATE and is_old,
    )


def _content() -> tuple[str, bytes]:
    """Return the document that comes. Raises Invalid for JSON that is none."""
    kind = flask.request.headers.get("Content-Type", "") or UNSAID
    query.checked({"Content-Type": kind}, "Content-Type", values.media_type)
    content = flask.request.get_data(cache=False)
    if documents.is_json(kind):
        reading.value(content)
    return kind, content


def _get(of: Resource) -> ResponseReturnValue:
    asked = _asked(of, also=("since",))
    since = query.time(asked.params, "since")
    if asked.name is None:
        return flask.jsonify(list(queries.names(session(), asked.shelf, since)))
    row = queries.one(session(), asked.one, asked.name)
    own = client().own
    if own and of.kind == AGENT:
        sessions.note_preferences_read(session(), own.id)
    if row is None:
        raise NotFound("document_unknown")
    response = flask.Response(row.content, content_type=row.content_type)
    response.headers["ETag"] = documents.etag(row.content)
    response.last_modified = row.updated_at
    return response


def _put(of: Resource) -> ResponseReturnValue:
    asked = _asked(of, is_named=True)
    service.put(session(), asked.one, asked.name or "", _written(of), _conditions(of), now())
    return "", 204


def _post(of: Resource) -> ResponseReturnValue:
    asked = _asked(of, is_named=True)
    service.merge(session(), asked.one, asked.name or "", _written(of), _conditions(of), now())
    return "", 204


def _written(of: Resource) -> tuple[str, bytes]:
    """Return the document that comes; what a learner likes only as others can read it (11.0)."""
    kind, content = _content()
    if client().own is not None and of.kind == AGENT:
        is_sound = documents.is_json(kind) and preferences.are_sound(reading.value(content))
        if not is_sound:
            raise Forbidden("preferences_malformed")
    return kind, content


def _delete(of: Resource) -> ResponseReturnValue:
    asked = _asked(of, is_named=of.kind != STATE or client().own is not None)
    if asked.name is None:
        service.delete_all(session(), asked.shelf)
    else:
        service.delete(session(), asked.one, asked.name, _conditions(of))
    return "", 204


_METHODS: Final[dict[str, Callable[[Resource], ResponseReturnValue]]] = {
    "GET": _get,
    "PUT": _put,
    "POST": _post,
    "DELETE": _delete,
}
for _of in RESOURCES:
    for _method, _view in _METHODS.items():
        route(
            blueprint,
            _of.path,
            may=speaking(_of.scope, *(("read",) if _method == "GET" else ())),
            method=_method,
            even_read_only=True,
            endpoint=f"{_method.lower()}_{_of.kind}",
            # That content has read what its learner likes is all that such a question leaves.
            adds=(XapiPreparation,) if (_method, _of.kind) == ("GET", AGENT) else (),
        )(partial(_view, _of))

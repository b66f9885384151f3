"""The Statement, Agents and Activities resources (Communication 2.1, 2.4, 2.5)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, cast
from urllib.parse import urlencode

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.db import new_id
from app.kernel.errors import NotFound
from app.kernel.web.routing import database, now, route, session, settings
from app.learning.clients.access import client, speaking
from app.learning.lrs import forms
from app.learning.lrs.service import is_signed_by
from app.learning.sessions import service as sessions
from app.learning.sessions.service import Place, Work
from app.learning.statements import queries, service
from app.learning.statements.queries import Kept, number
from xapi import formats, multipart, query, reading, signature, statement, storing, terms, values
from xapi.actors import identity, person
from xapi.cmi5.words import Verb
from xapi.errors import Invalid
from xapi.multipart import Attachment
from xapi.query import Query
from xapi.reading import Read
from xapi.storing import Prepared, Received

blueprint = flask.Blueprint("xapi_statements", __name__)

THROUGH: Final = "X-Experience-API-Consistent-Through"
#: How the address of a next page says where it goes on.
PAST: Final = "past"
WRITE = speaking("statements/write", even_remembered=True)
#: What is asked anew where more is written than asks for it by the way.
ASKED = speaking("statements/write")
READ = speaking("statements/read/mine")


@blueprint.before_request
def _begin() -> None:
    """Note until when all can be read, before anything is: what comes later may be missed."""
    if flask.request.endpoint == f"{blueprint.name}.get":
        _note_through()


@blueprint.after_request
def _tell_through(response: flask.Response) -> flask.Response:
    """Tell it with every answer of the resource, whatever its status (Communication 2.1.3)."""
    if flask.request.endpoint in _OF_STATEMENTS:
        noted_at, through = flask.current_app.extensions.get(_NOTED, (None, None))
        # What was true stays true, but is to be recent: who writes need not ask each time.
        if noted_at is None or not timedelta() <= now() - noted_at < _RECENT:
            through = _note_through()
        response.headers[THROUGH] = values.written(flask.g.get("through", through))
    return response


def _note_through() -> datetime:
    with database().reading() as reading:
        flask.g.through = queries.consistent_through(reading, now())
    flask.current_app.extensions[_NOTED] = now(), flask.g.through
    return cast("datetime", flask.g.through)


_NOTED: Final = "kenshu.xapi_through"
_RECENT: Final = timedelta(seconds=1)
_OF_STATEMENTS: Final = {f"{blueprint.name}.{each}" for each in ("get", "put", "post")}


@route(blueprint, "/statements", may=WRITE, method="PUT", even_read_only=True)
def put() -> ResponseReturnValue:
    """Keep one statement under the id that the address says."""
    params = query.single(forms.pairs(), {"statementId"})
    key = query.required(params, "statementId", values.uuid)
    body, attachments, is_mixed = forms.statements()
    found, is_list = reading.read(body)
    if is_list:
        raise Invalid("object")
    said = found[0].value.get("id", key) if isinstance(found[0].value, dict) else key
    if isinstance(said, str) and said.lower() != key.lower():
        raise Invalid("other_id", said).within("id")
    _keep(found, attachments, is_mixed=is_mixed, new_id=key.lower)
    return "", 204


@route(blueprint, "/statements", may=WRITE, method="POST", even_read_only=True)
def post() -> ResponseReturnValue:
    """Keep one or more statements, all or none; return their ids."""
    query.single(forms.pairs(), ())
    body, attachments, is_mixed = forms.statements()
    found, is_list = reading.read(body)
    try:
        prepared = _keep(found, attachments, is_mixed=is_mixed, new_id=lambda: str(new_id()))
    except Invalid as error:
        raise (error if is_list else _alone(error)) from None
    return flask.jsonify([each.id for each in prepared])


def _alone(error: Invalid) -> Invalid:
    """Return an error of the one statement, whose place is not told by its number."""
    error.place = error.place[1:] if error.place[:1] == (0,) else error.place
    return error


def _keep(
    found: Sequence[Read],
    brought: Sequence[Attachment],
    *,
    is_mixed: bool,
    new_id: Callable[[], str],
) -> list[Prepared]:
    """Check and keep statements, all or none. Raises Invalid and Conflict."""
    version = forms.version()
    received = Received(version, client().authority(settings().office_origin))
    prepared = []
    for place, read in enumerate(found):
        try:
            statement.check(read.value, version)
            _see_signatures(read, brought)
            prepared.append(storing.prepare(read, read.value.get("id") or new_id(), received))
        except Invalid as error:
            error.within(place)
            raise
    if len({each.id for each in prepared}) < len(prepared):
        raise Invalid("same_id")
    wanted = [each for one in prepared for each in one.attachments]
    multipart.match(wanted, brought, is_mixed=is_mixed)
    if client().is_remembered:
        if not brought and service.add_alone(session(), prepared, client().id):
            return prepared
        ASKED.check()
    work = _judged(found, prepared)
    service.keep(session(), brought)
    # Not the moment of the request: the transaction has begun by now (`consistent_through`).
    service.add(session(), prepared, clock.now())
    if work is not None:
        work.conclude()
    return prepared


def _judged(found: Sequence[Read], prepared: Sequence[Prepared]) -> Work | None:
    """Hold what launched content says against the rules of its session; None for a system.

    What is there already, to the letter, was sent again: it is acknowledged again, the last word of
    a session even after its end.
    """
    own = client().own
    if own is None:
        return None
    known = queries.fingerprints(session(), [uuid.UUID(each.id) for each in prepared])
    again = {each.id for each in prepared if known.get(uuid.UUID(each.id)) == each.fingerprint}
    pairs = list(zip(found, prepared, strict=True))
    said = [read.value for read, each in pairs if each.id not in again]
    if not said and any(read.value["verb"]["id"] == Verb.TERMINATED for read, _ in pairs):
        return None
    return sessions.take(session(), own.id, said, Place(settings().office_origin, now()))


def _see_signatures(read: Read, brought: Iterable[Attachment]) -> None:
    kinds = signature.hashes(read.value)
    for each in brought if kinds else ():
        if each.sha2 in kinds:
            signature.examine(
                read.value, kinds[each.sha2], each.content, forms.version(), is_signed_by
            )


@route(blueprint, "/statements", may=READ)
def get() -> ResponseReturnValue:
    """Return one statement, or a page of those that are asked for."""
    asked = query.parse(forms.pairs(), {PAST})
    if asked.statement_id or asked.voided_id:
        return _one(asked)
    page = queries.page(session(), asked, past=_past(), of=_mine())
    shown = {"statements": [], "more": _more(asked, page.statements) if page.has_more else ""}
    head = json.dumps(shown)
    texts = _shown(asked, page.statements)
    body = head.replace("[]", f"[{','.join(texts)}]", 1).encode()
    response = _answered(asked, body, page.statements)
    if page.statements:
        response.last_modified = max(each.stored_at for each in page.statements)
    return response


def _one(asked: Query) -> ResponseReturnValue:
    key = asked.statement_id or asked.voided_id or ""
    kept = queries.one(session(), key, is_voided=asked.statement_id is None)
    if kept is None or not _may_see(kept):
        raise NotFound("statement_unknown")
    response = _answered(asked, _shown(asked, [kept])[0].encode(), [kept])
    response.last_modified = kept.stored_at
    return response


def _may_see(kept: Kept) -> bool:
    own = client().own
    if own is not None:
        context = json.loads(kept.text).get("context", {})
        return bool(context.get("registration", "").lower() == own.registration)
    if "statements/read" in client().scopes:
        return True
    authority = json.loads(kept.text)["authority"]
    return identity(authority) == identity(client().authority(settings().office_origin))


def _mine() -> Collection[int]:
    """Return the term that narrows what is read to what the client may see."""
    if own_session := client().own:
        return [number(("registration", own_session.registration))]
    if "statements/read" in client().scopes:
        return ()
    own = identity(client().authority(settings().office_origin))
    assert own is not None
    return [number(("authority", own))]


def _past() -> int | None:
    said = flask.request.args.get(PAST)
    if said is None:
        return None
    if not said.isdecimal() or len(said) > _DIGITS:
        raise Invalid("integer", said).within(PAST)
    return int(said)


_DIGITS: Final = 18


def _more(asked: Query, statements: Sequence[Kept]) -> str:
    """Return the address of the next page, from the root of this host on (Data 2.5)."""
    params = {**asked.said, PAST: str(statements[-1].seq)}
    return f"{flask.request.script_root}{flask.request.path}?{urlencode(params)}"


def _shown(asked: Query, statements: Sequence[Kept]) -> list[str]:
    if asked.format == "ids":
        return [formats.ids(each.text) for each in statements]
    if asked.format == "exact":
        return [each.text for each in statements]
    iris = {each["id"] for kept in statements for each in terms.activities(json.loads(kept.text))}
    definitions = queries.definitions(session(), iris)
    languages = formats.languages_of(flask.request.headers.get("Accept-Language", ""))
    show = partial(formats.canonical, definitions=definitions, languages=languages)
    return [show(each.text) for each in statements]


def _answered(asked: Query, body: bytes, statements: Sequence[Kept]) -> flask.Response:
    """Return an answer in JSON, or with the attachments beside it."""
    if not asked.has_attachments:
        return flask.Response(body, content_type=multipart.JSON)
    hashes = {sha2 for kept in statements for sha2 in terms.attachments(json.loads(kept.text))}
    boundary = uuid.uuid4().hex
    mixed = multipart.written(boundary, body, queries.attachments(session(), hashes))
    return flask.Response(mixed, content_type=f"{multipart.MIXED}; boundary={boundary}")


@route(blueprint, "/agents", may=speaking("profile", "statements/read", "read"))
def agents() -> ResponseReturnValue:
    """Return what is known of an agent: the names that statements have called it by."""
    params = query.single(forms.pairs(), {"agent"})
    agent = query.who(params)
    if agent is None:
        raise Invalid("missing").within("agent")
    if own := client().own:
        own.check_agent(agent)
    names = [agent["name"]] if "name" in agent else []
    names += [each for each in queries.names(session(), agent) if each not in names]
    return flask.jsonify(person(agent, names))


@route(blueprint, "/activities", may=speaking("statements/read", "profile", "read"))
def activities() -> ResponseReturnValue:
    """Return all that is known of an activity."""
    params = query.single(forms.pairs(), {"activityId"})
    iri = query.required(params, "activityId", values.iri)
    if own := client().own:
        own.check_activity(iri)
    told: dict[str, object] = {"objectType": "Activity", "id": iri}
    definition = queries.definitions(session(), [iri]).get(iri)
    if definition:
        told["definition"] = definition
    return flask.jsonify(told)

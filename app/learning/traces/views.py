"""The debug log of an attempt, as a page and as a file."""

from __future__ import annotations

import json
import uuid
from contextlib import closing
from itertools import islice

import flask
from flask.typing import ResponseReturnValue

from app.kernel.audit import service as audit
from app.kernel.web import showing
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.learning.records import queries as records
from app.learning.records.models import Attempt
from app.learning.traces import access, queries, text
from app.people.permission.models import Role

READERS = having(Role.AUTHOR, Role.OFFICE, Role.ORGANISER)
ATTEMPT = {"attempt_id": "attempt"}

blueprint = flask.Blueprint("traces", __name__, url_prefix="/traces")


@route(blueprint, "/<uuid:attempt_id>", may=READERS, about=ATTEMPT, audited=True)
def trace(attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Show what the content of an attempt has called, and what the sequencer has decided."""
    attempt = access.attempt_for(session(), actor(), attempt_id, now())
    only_errors = flask.request.args.get("only") == "errors"
    with closing(queries.lines(session(), attempt_id)) as found:
        wanted = (line for line in found if not only_errors or line.error not in ("", "0"))
        shown = list(islice(wanted, queries.MOST_SHOWN + 1))
    _note("trace.viewed", attempt)
    return flask.render_template(
        "learning/trace.html",
        attempt=attempt,
        title=records.course(session(), attempt.version_id).title,
        lines=shown[: queries.MOST_SHOWN],
        is_cut=len(shown) > queries.MOST_SHOWN,
        only_errors=only_errors,
        sources=text.SOURCES,
    )


@route(blueprint, "/<uuid:attempt_id>.jsonl", may=READERS, about=ATTEMPT, audited=True)
def trace_file(attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Answer the same as a file, a document a line."""
    _note("trace.exported", access.attempt_for(session(), actor(), attempt_id, now()))
    body = "".join(
        json.dumps({**vars(line), "at": line.at.isoformat()}, ensure_ascii=False) + "\n"
        for line in queries.lines(session(), attempt_id)
    )
    response = flask.Response(body, content_type="application/x-ndjson; charset=utf-8")
    name = f"trace-{attempt_id}.jsonl"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _note(action: str, attempt: Attempt) -> None:
    showing.note(
        action, "attempt", attempt.id, audit.shown([attempt.person_id] if attempt.person_id else [])
    )

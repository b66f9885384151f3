"""The pages of statements, for who looks after the system; whoever reads them leaves a line."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock, language
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web import exports, showing
from app.kernel.web.routing import database, now, route, session, settings
from app.kernel.web.rules import having
from app.learning.agents import queries as agents
from app.learning.statement_pages import queries, text
from app.learning.statement_pages.forms import SearchForm
from app.learning.statement_pages.text import Words
from app.learning.statements.queries import Kept
from app.people.permission.models import Role
from xapi.query import Query

blueprint = flask.Blueprint("statement_pages", __name__, url_prefix="/record-store/statements")

READERS = having(Role.ADMINISTRATOR)
STATEMENT = {"statement_id": "xapi_statement"}
#: How the address of a next page says where it goes on, and the largest number that is one.
PAST, LAST = "past", 2**63 - 1


@route(blueprint, "", may=READERS, audited=True)
def statements() -> ResponseReturnValue:
    """List the statements that are asked for, the newest first, page by page."""
    form = _searched()
    if not form.validate():
        return _list(form, [], None), 422
    page = queries.page(session(), form.data_of(), _past())
    said = [json.loads(each.text) for each in page.statements]
    _note("xapi_statement.listed", said, form.filled())
    return _list(form, page.statements, page.statements[-1].seq if page.has_more else None)


@route(blueprint, "/days", may=READERS, audited=True)
def days() -> ResponseReturnValue:
    """Show how many of them came on each of the last days."""
    form = _searched()
    is_sound = form.validate()
    counts = queries.by_day(session(), form.data_of(), clock.today(now())) if is_sound else []
    total = sum(many for _, many in counts)
    if is_sound:
        details = {**audit.shown([], **form.filled()), "count": total}
        showing.note("xapi_statement.counted", "xapi_statement", None, details)
    page = flask.render_template(
        "learning/statement_days.html",
        form=form,
        counts=counts,
        total=total,
        days=queries.DAYS,
        verbs=text.VERBS,
        filled=list(form.filled().items()),
    )
    return page if is_sound else (page, 422)


@route(blueprint, "/<uuid:statement_id>", may=READERS, about=STATEMENT, audited=True)
def statement(statement_id: uuid.UUID) -> ResponseReturnValue:
    """Show one statement, with its JSON; what was voided is told as such."""
    kept = queries.one(session(), statement_id)
    if kept is None:
        raise NotFound
    said = json.loads(kept.text)
    found = agents.among(session(), [said], settings().office_origin)
    details = {**audit.shown(sorted(found)), "count": 1}
    showing.note("xapi_statement.viewed", "xapi_statement", statement_id, details)
    pretty, is_cut = text.pretty(kept.text)
    return flask.render_template(
        "learning/statement.html",
        shown=_words([said]).shown(kept),
        voided_by=queries.voiding(session(), statement_id) if kept.is_voided else None,
        pretty=pretty,
        is_cut=is_cut,
    )


@route(blueprint, "/file.jsonl", may=READERS, audited=True)
def statements_file() -> ResponseReturnValue:
    """Answer the statements that are asked for as a file, a statement a line, as they are kept."""
    reason, _ = exports.check()
    form = _searched()
    if not form.validate():
        return _list(form, [], None), 422
    asked = _until_now(form.data_of())
    found = queries.people(session(), asked, settings().office_origin)
    details = {
        **audit.shown(sorted(found), **form.filled()),
        "count": queries.count(session(), asked),
        "reason": reason,
    }
    showing.note("xapi_statement.exported", "xapi_statement", None, details)
    # It goes on when this request's own unit of work is over, and its line is kept.
    lines = _lines(queries.every(database(), asked))
    response = flask.Response(lines, content_type="application/x-ndjson; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=_name())
    return response


def _name() -> str:
    """Return a file's name with its mark: a line within would be no statement."""
    return gettext(
        "学習ステートメント_%(day)s_%(reference)s.jsonl",
        day=f"{clock.today(now()):%Y%m%d}",
        reference=flask.g.get("reference", ""),
    )


def _lines(texts: Iterator[str]) -> Iterator[str]:
    """Yield a line a statement: between the letters that count, a line may have been begun."""
    for each in texts:
        yield each.replace("\r", " ").replace("\n", " ") + "\n"


def _until_now(asked: Query) -> Query:
    """Return a query that what comes later is no answer to: a file has an end."""
    return replace(asked, until=min(filter(None, (asked.until, now()))))


def _searched() -> SearchForm:
    return SearchForm(flask.request.args, settings().office_origin)


def _past() -> int | None:
    past = flask.request.args.get(PAST, type=int)
    return past if past is not None and 0 < past <= LAST else None


def _list(form: SearchForm, found: Collection[Kept], older: int | None) -> str:
    said = [json.loads(each.text) for each in found]
    return flask.render_template(
        "learning/statements.html",
        form=form,
        rows=[*map(_words(said).shown, found)],
        older=older,
        filled=list(form.filled().items()),
        is_first=_past() is None,
        may_export=exports.is_allowed(),
        reasons=exports.REASONS,
        verbs=text.VERBS,
    )


def _words(said: Collection[Mapping[str, Any]]) -> Words:
    return Words(language.current(), queries.definitions(session(), said))


def _note(action: str, said: Collection[Mapping[str, Any]], filled: Mapping[str, Any]) -> None:
    """Write down that these were shown, and whom of the staff they are about."""
    found = agents.among(session(), said, settings().office_origin)
    details = {**audit.shown(sorted(found), **filled), "count": len(said)}
    showing.note(action, "xapi_statement", None, details)

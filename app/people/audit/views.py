"""The audit's page, and the same lines as a file."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock, csv
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web import showing
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.audit import queries, text
from app.people.audit.forms import ExportForm, SearchForm
from app.people.audit.queries import Line, Wanted
from app.people.audit.text import ShownLine, Words
from app.people.permission.models import Role

blueprint = flask.Blueprint("audit", __name__)

READERS = having(Role.AUDITOR, Role.ADMINISTRATOR)
#: No line has a larger number.
LAST = 2**31 - 1
#: Lines of a file.
MOST_EXPORTED = 20_000


@route(blueprint, "/audit", may=READERS, audited=True)
def lines() -> ResponseReturnValue:
    """Search the audit; that somebody has is a line, too."""
    return _page(_searched(), ExportForm())


@route(blueprint, "/audit/export", may=READERS, method="POST")
def export() -> ResponseReturnValue:
    """Answer the lines that were found as a file that says who took it along, when and why."""
    form, reason = _searched(), ExportForm()
    if not (form.validate() and reason.validate()):
        return _page(form, reason), 422
    found = _all(form.data_of())
    code = reason.data_of().code
    showing.note("audit.exported", "audit_event", None, {**_details(form, found), "reason": code})
    body = csv.write(_columns(), chain(_rows(found), _watermark(form, code, len(found)))).body
    response = flask.Response(body, content_type="text/csv; charset=utf-8")
    name = gettext("監査記録_%(day)s.csv", day=f"{clock.today(now()):%Y%m%d}")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _searched() -> SearchForm:
    def find(words: str, most: int) -> Sequence[uuid.UUID]:
        return queries.people_like(session(), words, most)

    return SearchForm(flask.request.args, find)


def _page(form: SearchForm, reason: ExportForm) -> str:
    is_sound = form.validate()
    wanted = form.data_of() if is_sound else Wanted(actions=())
    before = flask.request.args.get("before", type=int)
    found, has_older = queries.page(
        session(), wanted, before if before and 0 < before <= LAST else None
    )
    if is_sound:
        showing.note("audit.searched", "audit_event", None, _details(form, found))
    return flask.render_template(
        "people/audit.html",
        form=form,
        reason=reason,
        is_sound=is_sound,
        is_narrowed=bool(form.filled()),
        lines=[*map(_words(found).shown, found)],
        older=found[-1].seq if has_older else None,
        count=queries.counted(session(), wanted),
        most_counted=queries.MOST_COUNTED,
        most_exported=MOST_EXPORTED,
        kept=[(name, value) for name, value in flask.request.args.items() if name != "before"],
    )


def _all(wanted: Wanted) -> list[Line]:
    if queries.counted(session(), wanted, MOST_EXPORTED) > MOST_EXPORTED:
        raise Refused("audit_too_many", most=f"{MOST_EXPORTED:,}")
    return list(queries.every(session(), wanted))


def _details(form: SearchForm, found: list[Line]) -> dict[str, Any]:
    named = audit.shown(_people(found), **form.filled())
    return {"filter": {}, **named, "count": len(found)}


def _people(found: Iterable[Line]) -> list[uuid.UUID]:
    """Return whom these lines name on the page: not those whom they only count."""
    keys = (
        (line.actor_id, line.for_id, *(line.people if len(line.people) == 1 else ()))
        for line in found
    )
    return list(dict.fromkeys(filter(None, chain.from_iterable(keys))))


def _words(found: Iterable[Line]) -> Words:
    """Return what lines name; how the wings above call what is theirs, the factory has told."""
    found = list(found)
    told = flask.current_app.extensions
    things = {(line.subject_kind, line.subject_id) for line in found if line.subject_id}
    things |= {("section", key) for line in found for key in _sections(line)}
    names = told["kenshu.names"](session(), things) if "kenshu.names" in told else {}
    people = queries.named(session(), _people(found))
    return Words(people, names, told.get("kenshu.states", {}))


def _sections(line: Line) -> Iterator[uuid.UUID]:
    details: dict[str, Any] = line.details or {}
    for place in (details, details.get("filter") or {}):
        if isinstance(key := place.get("section"), str):
            yield uuid.UUID(key)


def _columns() -> list[str]:
    return [
        gettext("記録番号"),
        gettext("操作日時"),
        gettext("操作した人"),
        gettext("操作したときの役割"),
        gettext("代行・代理の相手"),
        gettext("操作"),
        gettext("操作のコード"),
        gettext("操作の対象"),
        gettext("記録の内容"),
        gettext("接続元のアドレス"),
        gettext("受付番号"),
        gettext("ハッシュ値"),
    ]


def _rows(found: list[Line]) -> Iterator[list[object]]:
    words = _words(found)
    for line in found:
        yield _row(line, words.shown(line))


def _row(line: Line, shown: ShownLine) -> list[object]:
    return [
        shown.seq,
        f"{shown.at.astimezone(clock.JST):%Y/%m/%d %H:%M:%S}",
        shown.who,
        shown.role,
        shown.on_behalf,
        shown.act,
        line.action,
        shown.subject,
        gettext("、").join(f"{name}：{value}" for name, value in shown.details),
        shown.address,
        shown.reference,
        shown.hash,
    ]


def _watermark(form: SearchForm, code: str, count: int) -> Iterator[list[object]]:
    """Yield the last rows: who took the lines along, when, why, and by which conditions."""
    who = queries.named(session(), [actor().known_id]).get(actor().known_id)
    conditions = Words({}, {}, {}).conditions(form.filled())
    yield []
    yield [gettext("出力者"), text.person(who)]
    yield [gettext("出力日時"), f"{now().astimezone(clock.JST):%Y/%m/%d %H:%M:%S}"]
    yield [gettext("出力の理由"), str(text.REASONS[code])]
    yield [gettext("条件"), conditions]
    yield [gettext("件数"), count]

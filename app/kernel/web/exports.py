"""Files that leave the house: who may take them, for which reason, and the mark they carry (C17).

Every file about people goes through `answer`: the setting names the roles that may take one, the
reason is one of a few codes, the last lines say who took it, when and why, and the audit keeps the
keys of those who are in it.

Where CP932 lacks a character, nothing is taken yet: a page says in which rows, and asks.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import flask

from app.kernel import clock, csv
from app.kernel.audit import service as audit
from app.kernel.csv import Encoding, Written
from app.kernel.errors import Forbidden, Refused
from app.kernel.language import Lazy, lazy
from app.kernel.web import showing
from app.kernel.web.routing import now, settings
from app.kernel.web.rules import actor

#: Why a file is taken: a code, so that no reason becomes a remark about people (C03).
REASONS: dict[str, Lazy] = {
    "training": lazy("研修の実施・受講の案内"),
    "progress": lazy("受講状況の確認・督促"),
    "statistics": lazy("統計・報告の作成"),
    "register": lazy("職員情報の確認・更新"),
    "disclosure": lazy("開示・訂正の請求への対応"),
    "inspection": lazy("監査・点検"),
}

#: What a file of people can be written in, as a form asks for it.
ENCODINGS: dict[str, Lazy] = {
    Encoding.UTF_8: lazy("UTF-8（ふつうはこちら）"),
    Encoding.CP932: lazy("Shift_JIS（古い表計算ソフト・システム向け）"),
}


#: What an address says of the columns that are wanted, and that 〓 may take a character's place.
COLUMNS, REPLACE = "columns", "replace"
#: So many cells are told at most.
MOST_TOLD = 200

#: The names of the last lines.
_MARKS = (lazy("取り出した人"), lazy("取り出した日時"), lazy("取り出した理由"), lazy("受付番号"))


@dataclass(frozen=True)
class Export:
    """A file about people, before it is written."""

    name: str
    #: The head; by a key each, where somebody may choose among them (`?columns=`).
    columns: Iterable[str] | Mapping[str, object]
    rows: Iterable[list[object]]
    #: The keys of the people in it, for the audit.
    people: Collection[uuid.UUID]
    #: What the audit calls it, and what it is about.
    action: str
    subject: tuple[str, uuid.UUID | None]
    #: Whatever narrowed it: codes, never words that somebody searched for.
    filters: Mapping[str, Any]


def is_allowed() -> bool:
    """Whether the actor holds a role that may take files."""
    return bool(actor().roles & set(settings().export_roles.split()))


def check() -> tuple[str, Encoding]:
    """Return the reason and the encoding that are asked for.

    Raises Forbidden("export_not_allowed"), Refused("export_reason_needed") or
    Refused("unknown_encoding").
    """
    check_allowed()
    reason = flask.request.args.get("reason", "")
    if reason not in REASONS:
        raise Refused("export_reason_needed")
    return reason, encoding()


def check_allowed() -> None:
    """Raise Forbidden("export_not_allowed") where the actor may not take files."""
    if not is_allowed():
        raise Forbidden("export_not_allowed")


def encoding() -> Encoding:
    """Return the encoding that is asked for; raises Refused("unknown_encoding")."""
    asked = flask.request.args.get("encoding", Encoding.UTF_8.value)
    if asked not in list(Encoding):
        raise Refused("unknown_encoding")
    return Encoding(asked)


def answer(export: Export) -> flask.Response:
    """Return the file with its mark, and write down who is in it; raises what `check` raises.

    Where something cannot be written in CP932, a page that says what, until somebody agrees.
    """
    reason, chosen = check()
    head, rows = _chosen_columns(export)
    narrowing = dict(export.filters)
    if isinstance(export.columns, Mapping) and len(head) < len(export.columns):
        narrowing["columns"] = " ".join(flask.request.args.getlist(COLUMNS))
    shown = {**audit.shown(sorted(export.people), **narrowing), "reason": reason}
    written = csv.write(head, [*rows, *_mark(reason)], chosen)
    if asks_first(written):
        showing.note("export.checked", *export.subject, shown)
        return _losses(head, written)
    showing.note(export.action, *export.subject, shown)
    return _response(export.name, written, chosen)


def plain_file(name: str, columns: Iterable[str], rows: Iterable[list[object]]) -> flask.Response:
    """Return a file that asks for no reason and bears no mark, in the encoding asked for.

    Where something cannot be written in CP932, a page that says what, until somebody agrees.
    Raises Refused("unknown_encoding").
    """
    head, chosen = list(columns), encoding()
    written = csv.write(head, rows, chosen)
    return _losses(head, written) if asks_first(written) else _response(name, written, chosen)


def asks_first(written: Written) -> bool:
    """Whether somebody has still to agree that characters are replaced."""
    return bool(written.lost) and flask.request.args.get(REPLACE) != "yes"


def _chosen_columns(export: Export) -> tuple[list[str], Iterable[list[object]]]:
    """Return the head and the rows with the columns that were chosen: all, where none were."""
    if not isinstance(export.columns, Mapping):
        return list(export.columns), export.rows
    asked = set(flask.request.args.getlist(COLUMNS)) & export.columns.keys()
    places = [place for place, key in enumerate(export.columns) if not asked or key in asked]
    labels = [str(label) for label in export.columns.values()]
    rows = ([row[place] for place in places] for row in export.rows)
    return [labels[place] for place in places], rows


def _losses(head: Sequence[str], written: Written) -> flask.Response:
    """Return the page that says which rows CP932 cannot hold, and the two ways on."""
    pairs = list(flask.request.args.items(multi=True))
    by = {
        code: [pair for pair in pairs if pair[0] not in ("encoding", REPLACE)]
        + [("encoding", code.value)]
        for code in Encoding
    }
    page = flask.render_template(
        "kernel/losses.html",
        lost=[(cell, head[cell.column]) for cell in written.lost[:MOST_TOLD]],
        rows=written.replaced,
        untold=max(0, len(written.lost) - MOST_TOLD),
        kept_address="?" + urlencode(by[Encoding.UTF_8]),
        replaced_address="?" + urlencode([*by[Encoding.CP932], (REPLACE, "yes")]),
    )
    response = flask.make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def file(
    name: str, columns: Iterable[str], rows: Iterable[list[object]], chosen: Encoding
) -> flask.Response:
    """Return a CSV file as an answer; of people other than the actor only `answer` makes one."""
    return _response(name, csv.write(list(columns), rows, chosen), chosen)


def _response(name: str, written: Written, chosen: Encoding) -> flask.Response:
    response = flask.Response(written.body)
    charset = "utf-8" if chosen is Encoding.UTF_8 else "windows-31j"
    response.headers["Content-Type"] = f"text/csv; charset={charset}"
    response.headers["Cache-Control"] = "no-store"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def is_mark(text: str) -> bool:
    """Whether a file's line begins like one of its mark: a file that came back is read without."""
    return any(text in (word.text, str(word)) for word in _MARKS)


def _mark(reason: str) -> list[list[object]]:
    """Return the last lines: who took the file, when, why, and under which reference."""
    taken_at = f"{now().astimezone(clock.JST):%Y/%m/%d %H:%M}"
    said = (
        f"{actor().section} {actor().name}".strip(),
        taken_at,
        str(REASONS[reason]),
        flask.g.get("reference", ""),
    )
    return [[], *([str(word), value] for word, value in zip(_MARKS, said, strict=True))]

"""Files that leave the house: who may take them, for which reason, and the mark they carry (C17).

Every file about people goes through `answer`: the setting names the roles that may take one, the
reason is one of a few codes, the last lines say who took it, when and why, and the audit keeps the
keys of those who are in it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import flask

from app.kernel import clock, csv
from app.kernel.audit import service as audit
from app.kernel.csv import Encoding
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


#: The names of the last lines.
_MARKS = (lazy("取り出した人"), lazy("取り出した日時"), lazy("取り出した理由"), lazy("受付番号"))


@dataclass(frozen=True)
class Export:
    """A file about people, before it is written."""

    name: str
    columns: Iterable[str]
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
    if not is_allowed():
        raise Forbidden("export_not_allowed")
    reason = flask.request.args.get("reason", "")
    if reason not in REASONS:
        raise Refused("export_reason_needed")
    return reason, encoding()


def encoding() -> Encoding:
    """Return the encoding that is asked for; raises Refused("unknown_encoding")."""
    asked = flask.request.args.get("encoding", Encoding.UTF_8.value)
    if asked not in list(Encoding):
        raise Refused("unknown_encoding")
    return Encoding(asked)


def answer(export: Export) -> flask.Response:
    """Return the file with its mark, and write down who is in it; raises what `check` raises."""
    reason, chosen = check()
    shown = audit.shown(sorted(export.people), **export.filters)
    showing.note(export.action, *export.subject, {**shown, "reason": reason})
    return file(export.name, export.columns, [*export.rows, *_mark(reason)], chosen)


def file(
    name: str, columns: Iterable[str], rows: Iterable[list[object]], chosen: Encoding
) -> flask.Response:
    """Return a CSV file as an answer; of people other than the actor only `answer` makes one."""
    response = flask.Response(csv.write(list(columns), rows, chosen).body)
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

"""From an uploaded file to checked lines: encoding, columns, and what each cell may hold.

Only the columns we know are kept; of all others nothing but the name is told.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField

from app.kernel.errors import Refused
from app.kernel.folding import code_key
from app.kernel.language import gettext, lazy
from app.people.register.queries import Finding, Line, Table

#: Largest file that is read, in bytes: 50,000 rows and room to spare.
MOST_BYTES = 8 * 1024**2
MOST_ROWS = 50_000

STAFF_REQUIRED = ("number", "name", "section_code", "title")
#: Column by the names that a file may give it; the first is the one we tell.
STAFF_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("職員番号", "staff_no"),
    "name": ("氏名", "name"),
    "section_code": ("所属コード", "section_code"),
    "section": ("所属", "section"),
    "title": ("職名", "title"),
    "email": ("メールアドレス", "email"),
}
#: Most characters of a cell, by column.
STAFF_MOST = {"number": 20, "name": 100, "section_code": 20, "title": 60, "email": 254}

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]*")
_EMAIL = re.compile(r"[!-?A-~]+@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class GrantData:
    """A role to be granted, as chosen in the form."""

    role: str
    section_id: str
    with_children: bool


class FileForm(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """One file."""

    file = FileField(
        lazy("CSVファイル"), [FileRequired(cast("str", lazy("ファイルを選んでください。")))]
    )

    def data_of(self) -> bytes:
        """Return the file's bytes; raises Refused("file_too_large")."""
        data = self.file.data.stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Refused("file_too_large", most=MOST_BYTES // 1024**2)
        return cast("bytes", data)


class GrantForm(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """A role and how far it reaches; the page gives the choices."""

    # The service says in our words what is wrong with a choice of somebody's own making.
    role = SelectField(cast("str", lazy("役割")), validate_choice=False)
    section = SelectField(cast("str", lazy("範囲の所属")), validate_choice=False)
    with_children = BooleanField(cast("str", lazy("その下の所属も含める")), default=True)

    def data_of(self) -> GrantData:
        """Return what was chosen; an empty section means all."""
        return GrantData(
            self.role.data or "", self.section.data or "", with_children=self.with_children.data
        )


class PasswordsForm(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """Whom to issue first passwords to."""

    again = BooleanField(cast("str", lazy("まだ一度もサインインしていない人にも、発行し直す")))


def staff_table(data: bytes) -> Table:
    """Return the checked lines of a staff file; raises Refused as `read_table` does."""
    table = read_table(data, STAFF_COLUMNS, STAFF_REQUIRED)
    lines = [_staff_line(line) for line in table.lines]
    times = Counter(line.values["number"] for line in lines)
    return replace(table, lines=[_marked(line, "number", times) for line in lines])


def _staff_line(line: Line) -> Line:
    values = dict(line.values)
    values["number"] = code_key(values["number"])
    values["section_code"] = code_key(values["section_code"])
    values["title"] = values["title"].strip()
    if "email" in values:
        values["email"] = values["email"].strip()
    findings = [*line.findings, *cell_findings(values, STAFF_REQUIRED, STAFF_MOST)]
    found = {finding.column for finding in findings}
    if "number" not in found and not _CODE.fullmatch(values["number"]):
        findings.append(Finding("number", "code_unusable", values["number"]))
    email = values.get("email", "")
    if email and "email" not in found and not _EMAIL.fullmatch(email):
        findings.append(Finding("email", "email_unusable", email))
    return Line(line.row, values, tuple(findings))


def _marked(line: Line, column: str, times: Counter[str]) -> Line:
    value = line.values[column]
    if not value or times[value] == 1:
        return line
    return replace(line, findings=(*line.findings, Finding(column, "twice", value)))


def cell_findings(
    values: Mapping[str, str], required: tuple[str, ...], most: Mapping[str, int]
) -> list[Finding]:
    """Return what is wrong with single cells: missing, too long, a formula, unusable characters."""
    findings = []
    for column, value in values.items():
        if code := _fault_of(value, most.get(column, 200), is_required=column in required):
            findings.append(Finding(column, code, value[:60]))
    return findings


def _fault_of(value: str, most: int, *, is_required: bool) -> str | None:
    if not value.strip():
        return "missing" if is_required else None
    if len(value) > most:
        return "too_long"
    if value[0] in "=+-@":
        return "formula"
    kinds = {unicodedata.category(character) for character in value}
    if "Co" in kinds or "\N{REPLACEMENT CHARACTER}" in value:
        return "private_use"
    return "control" if kinds & {"Cc", "Cf", "Cs"} else None


def read_table(
    data: bytes, columns: Mapping[str, tuple[str, ...]], required: tuple[str, ...]
) -> Table:
    """Return the lines of a CSV or TSV file by the columns we know.

    Raises Refused: "file_is_spreadsheet", "file_not_text", "file_empty", "file_broken" (row),
    "file_columns" (missing, found), "file_columns_twice" (columns), "file_too_many_rows" (most).
    """
    text = decode(data)
    head = text.partition("\n")[0]
    delimiter = "\t" if "\t" in head and "," not in head else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = next(reader)
        places = _places(names, columns, required)
        known = set(places.values())
        lines = [
            _line(row, cells, places, len(names))
            for row, cells in enumerate(reader, 2)
            if any(cells[place].strip() for place in known if place < len(cells))
        ]
    except csv.Error as error:
        raise Refused("file_broken", row=reader.line_num) from error
    if not lines:
        raise Refused("file_empty")
    if len(lines) > MOST_ROWS:
        raise Refused("file_too_many_rows", most=MOST_ROWS)
    ignored = [_short(name) for place, name in enumerate(names) if place not in known]
    return Table(lines, [name for name in ignored if name])


def decode(data: bytes) -> str:
    """Return a file's text: by its byte order mark, else strict UTF-8, else CP932.

    UTF-8 comes first: its bytes read as CP932 raise no error and give other characters.
    """
    if data.startswith(_SPREADSHEETS):
        raise Refused("file_is_spreadsheet")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", "cp932"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            break
        if not text.strip():
            raise Refused("file_empty")
        return text
    raise Refused("file_not_text")


def _places(
    names: list[str], columns: Mapping[str, tuple[str, ...]], required: tuple[str, ...]
) -> dict[str, int]:
    titles = {title: key for key, known in columns.items() for title in known}
    found = [titles.get(code_key(name).casefold()) for name in names]
    twice = [columns[key][0] for key, times in Counter(found).items() if key and times > 1]
    if twice:
        raise Refused("file_columns_twice", columns=gettext("、").join(twice))
    missing = [columns[key][0] for key in required if key not in found]
    if missing:
        told = gettext("、").join(_short(name) for name in names[:20] if name.strip()) or "―"
        raise Refused("file_columns", missing=gettext("、").join(missing), found=told)
    return {key: place for place, key in enumerate(found) if key}


def _line(row: int, cells: list[str], places: dict[str, int], width: int) -> Line:
    values = {key: cells[place] if place < len(cells) else "" for key, place in places.items()}
    is_longer = any(cell.strip() for cell in cells[width:])
    return Line(row, values, (Finding("", "too_many_cells", ""),) if is_longer else ())


def _short(name: str) -> str:
    clean = "".join(character for character in name if character.isprintable()).strip()
    return clean if len(clean) <= 30 else clean[:29] + "…"

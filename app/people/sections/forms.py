"""From an uploaded file of sections to checked lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from app.kernel.folding import code_key
from app.people.register.forms import cell_findings, read_table
from app.people.register.queries import Finding, Line, Table

REQUIRED = ("code", "name")
#: Column by the names that a file may give it; the first is the one we tell.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("所属コード", "code", "section_code"),
    "name": ("所属名", "name", "section"),
    "parent": ("上位所属コード", "parent_code"),
}
MOST = {"code": 20, "name": 100, "parent": 20}


def sections_table(data: bytes) -> Table:
    """Return the checked lines of a file of sections; raises Refused as `read_table` does."""
    table = read_table(data, COLUMNS, (*REQUIRED, "parent"))
    lines = [_line(line) for line in table.lines]
    times = Counter(line.values["code"] for line in lines)
    return replace(table, lines=[_marked(line, times) for line in lines])


def _line(line: Line) -> Line:
    values = {
        "code": code_key(line.values["code"]),
        "name": line.values["name"].strip(),
        "parent": code_key(line.values["parent"]),
    }
    return Line(line.row, values, (*line.findings, *cell_findings(values, REQUIRED, MOST)))


def _marked(line: Line, times: Counter[str]) -> Line:
    code = line.values["code"]
    if not code or times[code] == 1:
        return line
    return replace(line, findings=(*line.findings, Finding("code", "twice", code)))

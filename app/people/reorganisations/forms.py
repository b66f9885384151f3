"""From a sheet of sections to checked lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from app.kernel.folding import code_key
from app.kernel.tables.lines import Column, Columns, Finding, Line, Table, table_of
from app.kernel.tables.sheet import Sheet
from app.people.transfers.forms import codes_of

COLUMNS: Columns = {
    "code": Column(("所属コード", "code", "section_code"), is_needed=True, is_filled=True, most=20),
    "name": Column(("所属名", "name", "section"), is_needed=True, is_filled=True, most=100),
    "parent": Column(("上位所属コード", "parent_code"), is_needed=True, most=20),
    "predecessors": Column(("引継元コード", "predecessor_codes")),
}
#: A code is split from others by spaces and commas, so it holds none.
_CODE = re.compile(r"[^\s,;、，；／/]+")


def sections_table(sheet: Sheet) -> Table:
    """Return the checked lines of a sheet of sections; raises Refused as `table_of` does."""
    table = table_of(sheet, COLUMNS)
    lines = [_clean(line) for line in table.lines]
    times = Counter(line.values["code"] for line in lines)
    return replace(table, lines=[_marked(line, times) for line in lines])


def _clean(line: Line) -> Line:
    values = {
        "code": code_key(line.values["code"]),
        "name": line.values["name"].strip(),
        "parent": code_key(line.values["parent"]),
    }
    if "predecessors" in line.values:
        values["predecessors"] = codes_of(line.values["predecessors"])
    findings = line.findings
    if values["code"] and not _CODE.fullmatch(values["code"]):
        findings = (*findings, Finding("code", "code_unusable", values["code"][:60]))
    return replace(line, values=values, findings=findings)


def _marked(line: Line, times: Counter[str]) -> Line:
    code = line.values["code"]
    if not code or times[code] == 1:
        return line
    return replace(line, findings=(*line.findings, Finding("code", "twice", code)))

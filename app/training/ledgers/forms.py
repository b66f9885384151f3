"""The file of an old ledger, read at once and not kept; and what a page carries to its commit."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import astuple
from datetime import date
from pathlib import Path
from typing import cast

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from app.kernel import carried, clock, dates
from app.kernel.errors import Refused
from app.kernel.folding import code_key
from app.kernel.language import lazy
from app.kernel.tables import lines, sheet
from app.kernel.tables.lines import Column, Columns, Finding, Line
from app.kernel.web import exports
from app.kernel.web.forms import PostedForm
from app.training.ledgers.queries import Entry, Written

COLUMNS: Columns = {
    "number": Column(("職員番号",), is_needed=True, is_filled=True),
    "name": Column(("氏名",)),
    "title": Column(("研修名", "研修"), is_needed=True, is_filled=True),
    "year": Column(("年度", "受講年度")),
    "day": Column(("修了日", "修了年月日", "受講日")),
    "result": Column(("結果", "修了")),
    "section": Column(("所属", "当時の所属")),
    "job_title": Column(("職名", "当時の職名")),
}
#: What a file may call a result; nothing means that it was completed, as most ledgers mean it.
_RESULTS: dict[str, bool] = {
    **dict.fromkeys(("", "修了", "受講済", "受講済み", "済", "完了", "合格", "○", "〇", "◯"), True),
    **dict.fromkeys(("未修了", "不合格", "欠席", "辞退", "中止", "×", "✕"), False),
}
#: Most lines of a file.
MOST = 20_000
#: Most bytes of what a page carries, unpacked.
_MOST_UNPACKED = 32 * 1024**2
#: Before it no day is one of a ledger.
_FIRST = 1950


class LedgerForm(PostedForm):
    """過去の台帳のファイル."""

    file = FileField(
        lazy("CSVまたはExcelのファイル"),
        [FileRequired(cast("str", lazy("ファイルを選んでください。")))],
    )
    takes_others = BooleanField(
        cast("str", lazy("氏名が登録と違う行も取り込む（改姓した人がいるとき）"))
    )

    def lines_of(self) -> list[Written]:
        """Return the file's lines; raises Refused as `sheet.read` and `lines.table_of` do."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            self.file.data.save(path)
            self.file.data.close()
            table = lines.table_of(sheet.read(path), COLUMNS)
        found = [line for line in table.lines if not exports.is_mark(line.values["number"].strip())]
        if len(found) > MOST:
            raise Refused("file_too_many_rows", most=MOST)
        return [written(line) for line in found]


def written(line: Line) -> Written:
    """Return a line as the ledger means it, with what cannot be read in it."""
    said = {key: line.values.get(key, "").strip() for key in COLUMNS}
    findings = list(line.findings)
    day = dates.parse(said["day"]) if said["day"] else None
    if said["day"] and (day is None or day.year < _FIRST):
        findings.append(Finding("day", "date_unusable", said["day"][:60]))
    year = _year(said["year"]) if said["year"] else day and clock.fiscal_year(day)
    if year is None and not findings:
        code = "year_unusable" if said["year"] else "year_missing"
        findings.append(Finding("year", code, said["year"][:60]))
    if year and day and clock.fiscal_year(day) != year:
        findings.append(Finding("year", "year_differs", said["year"][:60]))
    result = _RESULTS.get(code_key(said["result"]))
    if result is None:
        findings.append(Finding("result", "result_unknown", said["result"][:60]))
    entry = Entry(
        row=line.row,
        number=code_key(said["number"]),
        title=" ".join(said["title"].split()),
        fiscal_year=year or 0,
        completed_on=day,
        is_completed=bool(result),
        section=said["section"],
        job_title=said["job_title"],
    )
    return Written(entry, said["name"], tuple(findings))


def _year(text: str) -> int | None:
    """Return the fiscal year that somebody wrote: 2019, 2019年度, 令和元年度, H31."""
    plain = code_key(text).removesuffix("度").removesuffix("年")
    if plain.isdecimal():
        return int(plain) if len(plain) == 4 and _FIRST <= int(plain) < 2100 else None
    # The year is named by the era of its May, or by that of its first day.
    days = (dates.parse(f"{plain}年{month}月1日") for month in (5, 4))
    day = next((each for each in days if each), None)
    return clock.fiscal_year(day) if day and day.year >= _FIRST else None


def packed(entries: Sequence[Entry]) -> str:
    """Return lines as a page carries them from the check to the commit."""
    rows = [[str(cell) if isinstance(cell, date) else cell for cell in astuple(e)] for e in entries]
    return carried.packed(rows)


def unpacked(text: str) -> list[Entry]:
    """Return the lines that a page carried; raises Refused("ledger_stale") for anything else."""
    try:
        return [_entry(row) for row in carried.unpacked(text, _MOST_UNPACKED)][:MOST]
    except (ValueError, TypeError) as error:
        raise Refused("ledger_stale") from error


def _entry(row: object) -> Entry:
    """Return one line; raises ValueError or TypeError for what is none."""
    if not isinstance(row, list) or len(row) != 8:
        raise ValueError(row)
    number, title, section, job_title = (row[place] for place in (1, 2, 6, 7))
    texts = (number, title, section, job_title)
    if not all(isinstance(each, str) and len(each) <= 200 for each in texts):
        raise ValueError(row)
    day = date.fromisoformat(str(row[4])) if row[4] else None
    return Entry(
        int(str(row[0])), str(number), str(title), int(str(row[3])), day, bool(row[5]),
        str(section), str(job_title),
    )  # fmt: skip

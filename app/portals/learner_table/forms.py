"""The table that says who of the staff a portal's learners are: read whole, or refused whole."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from flask_wtf.file import FileField, FileRequired
from sqlalchemy.orm import Session

from app.kernel.errors import Refused
from app.kernel.folding import code_key
from app.kernel.language import gettext, lazy
from app.kernel.tables import sheet
from app.kernel.tables.lines import Column, Columns, Finding, table_of
from app.kernel.web import uploads
from app.kernel.web.forms import PostedForm
from app.kernel.web.problems import sentence
from app.portals.learner_table import queries
from app.portals.learner_table.text import FAULTS

COLUMNS: Columns = {
    "subject": Column(("ポータルでの番号", "sub"), is_needed=True, is_filled=True, most=255),
    "number": Column(("職員番号", "staff_no"), is_needed=True, is_filled=True, most=20),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong in a line of the file."""

    #: The number of the line in the file, whose first is the head.
    row: int
    column: str
    value: str
    what: str
    mending: str


@dataclass(frozen=True)
class Row:
    """A line of the table, as it is compared."""

    row: int
    subject: str
    number: str
    findings: tuple[Finding, ...]


class TableForm(PostedForm):
    """対応表."""

    file = FileField(
        cast("str", lazy("対応表のファイル")),
        [FileRequired(cast("str", lazy("ファイルを選んでください。")))],
    )

    def rows(self, folder: Path) -> list[Row] | None:
        """Return the lines of the file, and leave nothing of it.

        None where it cannot be read at all; then the field says why.
        """
        path = folder / uploads.keep(self.file.data, folder).name
        try:
            table = table_of(sheet.read(path), COLUMNS)
        except Refused as refusal:
            what, mending = sentence(refusal.code, refusal.data)
            self.file.errors = [gettext("%(what)s。%(mending)s", what=what, mending=mending)]
            return None
        finally:
            path.unlink()
        return [
            Row(
                line.row,
                line.values["subject"].strip(),
                code_key(line.values["number"]),
                line.findings,
            )
            for line in table.lines
        ]


def checked(
    session: Session, rows: list[Row], day: date
) -> tuple[dict[str, uuid.UUID], list[Fault]]:
    """Return whom each line means, and all that is wrong in any of them."""
    people = queries.people_by_numbers(session, [row.number for row in rows], day)
    times = Counter(row.subject for row in rows)
    faults = [
        _fault(row.row, finding)
        for row in rows
        for finding in (*row.findings, *_more(row, times, people))
    ]
    return {row.subject: people[row.number] for row in rows if row.number in people}, faults


def _more(row: Row, times: Counter[str], people: dict[str, uuid.UUID]) -> list[Finding]:
    told = {finding.column for finding in row.findings}
    found = []
    if times[row.subject] > 1 and "subject" not in told:
        found.append(Finding("subject", "twice", row.subject[:60]))
    if row.number not in people and "number" not in told:
        found.append(Finding("number", "number_unknown", row.number[:60]))
    return found


def _fault(row: int, finding: Finding) -> Fault:
    column = COLUMNS[finding.column].names[0] if finding.column else gettext("行全体")
    what, mending = FAULTS[finding.code]
    return Fault(row, column, finding.value, str(what), str(mending))

"""The file of an institute's results, and the checked lines as the page carries them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import cast

from flask_wtf.file import FileField, FileRequired

from app.kernel.errors import NotFound
from app.kernel.folding import code_key
from app.kernel.language import lazy
from app.kernel.tables import lines, sheet
from app.kernel.tables.lines import Column, Columns, Finding, Line
from app.kernel.web import exports, uploads
from app.kernel.web.forms import PostedForm
from app.training.candidacies.states import CandidacyState
from app.training.enrolment.states import EnrolmentState
from app.training.institutes.queries import DECISIONS, ENDS, ResultLine

COLUMNS: Columns = {
    "number": Column(("職員番号",), is_needed=True),
    "result": Column(("結果",), is_needed=True),
    "run": Column(("回", "実施回")),
}
#: What a file writes: the words of the office, whatever the page's language.
_RESULTS: dict[str, str] = {
    "決定": CandidacyState.SELECTED,
    "補欠": CandidacyState.WAITLISTED,
    "選外": CandidacyState.NOT_SELECTED,
    "修了": EnrolmentState.COMPLETED,
    "未修了": EnrolmentState.NOT_COMPLETED,
}


class ResultsForm(PostedForm):
    """結果の取込."""

    file = FileField(
        lazy("CSVまたはExcelのファイル"),
        [FileRequired(cast("str", lazy("ファイルを選んでください。")))],
    )

    def lines_of(self, folder: Path) -> list[ResultLine]:
        """Return the file's lines, and leave nothing of it; raises Refused as `sheet.read` does."""
        path = folder / uploads.keep(self.file.data, folder).name
        try:
            table = lines.table_of(sheet.read(path), COLUMNS)
        finally:
            path.unlink()
        return [
            _result(line)
            for line in table.lines
            if not exports.is_mark(line.values["number"].strip())
        ]


def _result(line: Line) -> ResultLine:
    number, written = code_key(line.values["number"]), code_key(line.values["result"])
    run = code_key(line.values.get("run", "")).removeprefix("第").removesuffix("回")
    findings = list(line.findings)
    for column, value in (("number", number), ("result", written)):
        if not value:
            findings.append(Finding(column, "missing"))
    if written and written not in _RESULTS:
        findings.append(Finding("result", "result_unknown", written[:60]))
    return ResultLine(line.row, number, _RESULTS.get(written, ""), run, tuple(findings))


def packed(found: Iterable[ResultLine]) -> str:
    """Return lines as a page carries them from the check to the commit."""
    return "\n".join(f"{line.row}\t{line.number}\t{line.result}\t{line.run}" for line in found)


def unpacked(text: str) -> list[ResultLine]:
    """Return the lines that a page carried; raises NotFound for what no page of ours has sent."""
    found = []
    for written in text.splitlines():
        row, _, rest = written.partition("\t")
        number, _, rest = rest.partition("\t")
        result, _, run = rest.partition("\t")
        if not row.isdecimal() or result not in {*DECISIONS, *ENDS}:
            raise NotFound
        found.append(ResultLine(int(row), number, result, run))
    return found

"""The form of a file of attendance."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import cast

from flask_wtf.file import FileField, FileRequired

from app.kernel.errors import Refused
from app.kernel.language import lazy
from app.kernel.tables import lines, sheet
from app.kernel.tables.lines import Table
from app.kernel.web.forms import PostedForm
from app.kernel.web.problems import sentence
from app.training.attendance_files.queries import COLUMNS


class FileForm(PostedForm):
    """出欠のファイル."""

    file = FileField(
        lazy("CSVまたはExcelのファイル"),
        [FileRequired(cast("str", lazy("ファイルを選んでください。")))],
    )

    def table(self) -> Table | None:
        """Return the file's lines; None where it cannot be read, and the field says why.

        It is read at once and not kept.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            self.file.data.save(path)
            try:
                return lines.table_of(sheet.read(path), COLUMNS)
            except Refused as refusal:
                self.file.errors = [" ".join(sentence(refusal.code, refusal.data))]
                return None

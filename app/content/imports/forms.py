"""The form of an upload."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from flask_wtf.file import FileField, FileRequired

from app.kernel.language import lazy
from app.kernel.web import uploads
from app.kernel.web.forms import PostedForm
from app.kernel.web.uploads import Upload


class UploadForm(PostedForm):
    """A package to import."""

    package = FileField(
        lazy("教材のファイル"),
        validators=[FileRequired(message=lazy("教材のファイルを選んでください。"))],
    )

    def data_of(self, folder: Path) -> Upload:
        """Put the file into the folder of uploads, safely on disk, and return what it is."""
        upload = uploads.keep(self.package.data, folder, ".zip")
        return replace(upload, file_name=upload.file_name or "package.zip")

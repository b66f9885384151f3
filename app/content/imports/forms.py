"""The form of an upload, and how its file comes to the folder of uploads."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage

from app.kernel.db import new_id
from app.kernel.language import lazy

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file that has come."""

    #: Its name in the folder of uploads.
    name: str
    #: What its author calls it.
    file_name: str


class UploadForm(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """A package to import."""

    package = FileField(
        lazy("SCORMパッケージ（ZIPファイル）"),
        validators=[FileRequired(message=lazy("ZIPファイルを選んでください。"))],
    )

    def data_of(self, folder: Path) -> Upload:
        """Put the file into the folder of uploads, safely on disk, and return what it is."""
        upload = Upload(f"{new_id()}.zip", _last_part(self.package.data.filename or ""))
        folder.mkdir(parents=True, exist_ok=True)
        _save(self.package.data, folder / upload.name)
        return upload


def _save(file: FileStorage, path: Path) -> None:
    with path.open("xb") as target:
        file.save(target, buffer_size=CHUNK)
        target.flush()
        os.fsync(target.fileno())


def _last_part(name: str) -> str:
    """Return the name without the folders that some browsers send with it."""
    return name.replace("\\", "/").rpartition("/")[2] or "package.zip"

"""A file that somebody sends: safely on disk under a name of our own, before it is looked at."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from werkzeug.datastructures import FileStorage

from app.kernel.db import new_id

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file that has come."""

    #: Its name in the folder of uploads.
    name: str
    #: What its sender calls it; empty where the browser does not say.
    file_name: str


def keep(file: FileStorage, folder: Path, suffix: str = "") -> Upload:
    """Put a file into the folder of uploads, safely on disk, and return what it is."""
    upload = Upload(f"{new_id()}{suffix}", last_part(file.filename or ""))
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / upload.name).open("xb") as target:
        file.save(target, buffer_size=CHUNK)
        target.flush()
        os.fsync(target.fileno())
    return upload


def keep_stream(stream: IO[bytes], folder: Path, suffix: str = "") -> Upload:
    """Put what a request's body is into the folder of uploads, as `keep` does with a file."""
    return keep(FileStorage(stream), folder, suffix)


def last_part(name: str) -> str:
    """Return the name without the folders that some browsers send with it."""
    return name.replace("\\", "/").rpartition("/")[2]

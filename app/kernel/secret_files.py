"""Files of secrets: made once, and nobody's to read but ours."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def keep_first(path: Path, secret: str) -> None:
    """Keep a secret that only we can read; of two processes that start together the first counts.

    It appears under its name when it is whole: nobody ever reads, or is left with, an empty file.
    """
    with NamedTemporaryFile("w", dir=path.parent, prefix=".key-") as file:  # mode 0600
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)

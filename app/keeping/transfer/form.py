"""The form of what is returned: which tables and folders, as which files, under which manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from app.kernel.db import Base
from app.kernel.objects.keys import UNFINISHED, WORK
from app.kernel.settings import Settings

#: Grows when the form changes.
FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
README: Final = "README.md"
#: Passwords and the like: their hashes can be tried out at leisure by whoever has them, so they go
#: along only where it is asked for. Without them everybody is issued a new password.
SECRET: Final = frozenset(
    {"calendar_key", "credential", "former_password", "recovery_code", "second_factor"}
)
#: Tables that a migration has given their one row: an empty system has it, too.
SEEDED: Final = frozenset({"audit_head", "register_revision", "system_state", "training_category"})
#: Bytes that are read at once.
CHUNK: Final = 1024 * 1024


class Fault(Exception):
    """A folder or a system that cannot be used; the sentence says why and how to mend it."""


def tables(*, secrets: bool) -> list[sa.Table]:
    """Return the tables in an order in which each comes after those it refers to."""
    return [table for table in Base.metadata.sorted_tables if secrets or table.name not in SECRET]


def has_documents(table: sa.Table) -> bool:
    """Whether a column holds whole documents, so that the table is written as JSON lines."""
    return any(isinstance(column.type, sa.JSON) for column in table.columns)


def name_of(table: sa.Table) -> str:
    """Return the path of a table's file."""
    return f"tables/{table.name}.{'jsonl' if has_documents(table) else 'csv'}"


@dataclass(frozen=True)
class Kept:
    """A folder whose files are returned."""

    folder: Path
    #: Which of them.
    pattern: str
    #: Names of folders in it that are left out.
    without: frozenset[str] = frozenset()

    def files(self) -> Iterator[Path]:
        """Yield the files, in the order of their paths."""
        for path in sorted(self.folder.glob(self.pattern)):
            top = path.relative_to(self.folder).parts[0]
            if top not in self.without and path.is_file():
                yield path


def folders(settings: Settings) -> dict[str, Kept]:
    """Return the folders that are returned.

    What is unpacked beside a package is made again from it, and so are the parts of a conversion;
    uploads and bundles last for a day. What lies in an object store is not in a folder of ours.
    """
    return {
        "packages": Kept(settings.packages, "??/*.zip"),
        "mail": Kept(settings.mailbox, "*.eml"),
        "objects": Kept(settings.objects_folder, "**/*", frozenset({UNFINISHED, WORK})),
    }


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal, in bounded memory."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()

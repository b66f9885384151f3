"""A course structure that comes without an archive (cmi5, 14.2), put into one of its own.

All that is kept and served is a ZIP: so is this, and the same file makes the same bytes.
"""

import codecs
import zipfile
from pathlib import Path
from typing import Final

from content_packages.errors import PackageRefused

#: Under this name a structure stands in its archive.
NAME: Final = "cmi5.xml"
_LOOKED_AT: Final = 512
_AHEAD: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def is_xml(path: Path) -> bool:
    """Whether a file begins as XML does, in any encoding of it."""
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    for mark in _AHEAD:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"").lstrip().startswith(b"<")


def pack(path: Path, target: Path, longest: int) -> None:
    """Put the file at `path` into a new archive at `target`.

    Raises PackageRefused("too_large") beyond `longest` bytes.
    """
    size = path.stat().st_size
    if size > longest:
        raise PackageRefused("too_large", what="file", size=size, limit=longest)
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo(NAME), path.read_bytes())


def is_alone(names: list[str]) -> bool:
    """Whether an archive's files are a structure and nothing else."""
    return names == [NAME]

"""Builds the demonstration packages: the same sources give the same bytes on every run.

A package is its own folder at the root of the ZIP and `shared/` beside it.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

NAMES = ("security_basics", "plain_japanese", "evacuation_guide")

_SOURCES = Path(__file__).parent
_SHARED = _SOURCES / "shared"
_TIMESTAMP = (2026, 4, 1, 0, 0, 0)  # of every entry, so that the day of the build leaves no trace
_UNIX, _PLAIN_FILE = 3, 0o100644 << 16


def members(name: str) -> dict[str, Path]:
    """Map each path inside the ZIP of `name` to its source file, sorted by path.

    Raises KeyError for a name that is not in NAMES.
    """
    if name not in NAMES:
        raise KeyError(name)
    own = {path.relative_to(_SOURCES / name): path for path in (_SOURCES / name).rglob("*")}
    shared = {path.relative_to(_SOURCES): path for path in _SHARED.rglob("*")}
    return {
        inside.as_posix(): path
        for inside, path in sorted({**own, **shared}.items())
        if path.is_file()
    }


def build(name: str, folder: Path) -> Path:
    """Write `folder/<name>.zip` and return its path; an existing file is replaced.

    Raises KeyError for a name that is not in NAMES.
    """
    sources = members(name)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.zip"
    with ZipFile(target, "w") as archive:
        for inside, path in sources.items():
            archive.writestr(_entry(inside), path.read_bytes(), compresslevel=9)
    return target


def _entry(inside: str) -> ZipInfo:
    entry = ZipInfo(inside, _TIMESTAMP)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = _UNIX
    entry.external_attr = _PLAIN_FILE
    return entry


def main(arguments: Sequence[str]) -> int:
    """Build every package into the one folder named, and write the paths out, one a line."""
    if len(arguments) != 1:
        sys.stderr.write("python -m content_packages.samples.build FOLDER\n")
        return 2
    for name in NAMES:
        sys.stdout.write(f"{build(name, Path(arguments[0]))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Sound and film that the packer deflated, inflated once at import so that ranges can be served.

Deflate has no way into its middle, and Safari plays nothing without ranges. Small files are
inflated in memory when they are asked for; large ones go to a folder beside the archive. Where the
folder is gone, the file is still served, whole.
"""

import os
from pathlib import Path
from typing import Final

from content_packages.archive import Archive
from content_packages.media_types import is_media
from content_packages.reading import DEFLATED, Entry

IN_MEMORY: Final = 1024 * 1024


def needs_extraction(entry: Entry) -> bool:
    """Say whether ranges of the entry can be served only from an inflated copy."""
    return entry.method == DEFLATED and entry.size > IN_MEMORY and is_media(entry.name)


def extract(archive: Archive, folder: Path) -> int:
    """Inflate into `folder` what needs it and is not there yet; return the number of bytes written.

    A file appears whole or not at all. Raises what Archive.stream raises.
    """
    written = 0
    for entry in filter(needs_extraction, archive.entries.values()):
        place = folder / _file_name(entry)
        if place.exists():
            continue
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_suffix(f".{os.getpid()}.part")
        try:
            with unfinished.open("wb") as file:
                file.writelines(archive.stream(entry))
            unfinished.replace(place)
        finally:
            unfinished.unlink(missing_ok=True)
        written += entry.size
    return written


def extracted(archive: Archive, entry: Entry) -> Path | None:
    """Return where the inflated copy stands, None where there is none."""
    if archive.media is None or not needs_extraction(entry):
        return None
    place = archive.media / _file_name(entry)
    return place if place.exists() else None


def _file_name(entry: Entry) -> str:
    return f"{entry.offset:x}-{entry.crc:08x}"  # one in an archive, and free of the package's words

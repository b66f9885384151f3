"""Documents and links: made, given another file or address, each time as a draft to publish.

A document is kept as an archive of one file, so that one store keeps, serves and backs up all.
"""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy.orm import Session

from app.content.authoring import service as authoring
from app.content.materials.models import MaterialKind, Version
from app.kernel.actor import Actor
from app.kernel.errors import Refused
from content_packages.store import Store

#: The one file of a document's archive; stored as it is, so that ranges of it can be served.
FILE = "document.pdf"
_HEAD = b"%PDF-"
#: Readers take the head from within the first kilobyte (ISO 32000-1, annex H.3, note 13).
_HEAD_WITHIN = 1024
_TAIL = b"%%EOF"
_CHUNK = 1024 * 1024
#: The first day that an archive can say: the same file makes the same archive.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Kept:
    """A document that is in the store."""

    sha256: str
    #: Of the document itself, in bytes.
    size: int
    file_name: str


def keep(store: Store, path: Path, file_name: str) -> Kept:
    """Put a PDF into the store; the same one twice is kept once.

    Raises Refused("not_a_pdf") for what is none, and Refused("pdf_cut_short") for one whose end
    has not come.
    """
    _check(path)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        packed = Path(folder) / "packed.zip"
        with ZipFile(packed, "w", ZIP_STORED) as archive:
            entry = ZipInfo(FILE, _EPOCH)
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                while piece := source.read(_CHUNK):
                    target.write(piece)
        sha256 = _digest(packed)
        store.add(packed, sha256)
    return Kept(sha256, path.stat().st_size, file_name)


def make_document(
    session: Session, key: uuid.UUID, title: str, kept: Kept, *, by: Actor, now: datetime
) -> uuid.UUID:
    """Make a document of a file that was kept; twice is no error. Raises what `make` raises."""
    kind = MaterialKind.DOCUMENT
    row = authoring.make(session, key, kind, title or Path(kept.file_name).stem, {}, by=by, now=now)
    _hold(session, authoring.newest(session, row.id, kind), kept)
    return row.id


def replace_document(
    session: Session, material_id: uuid.UUID, kept: Kept, *, by: Actor, now: datetime
) -> Version:
    """Give a document another file, as a draft."""
    version = authoring.draft(session, material_id, MaterialKind.DOCUMENT, by=by, now=now)
    authoring.write(session, version, {}, (), by=by, now=now)
    _hold(session, version, kept)
    return version


def make_link(
    session: Session, key: uuid.UUID, title: str, url: str, *, by: Actor, now: datetime
) -> uuid.UUID:
    """Make a link to an address; twice is no error. Raises what `make` raises."""
    document = {"url": url}
    return authoring.make(session, key, MaterialKind.LINK, title, document, by=by, now=now).id


def replace_link(
    session: Session, material_id: uuid.UUID, url: str, *, by: Actor, now: datetime
) -> Version:
    """Give a link another address, as a draft."""
    version = authoring.draft(session, material_id, MaterialKind.LINK, by=by, now=now)
    authoring.write(session, version, {"url": url}, (), by=by, now=now)
    return version


def _hold(session: Session, version: Version, kept: Kept) -> None:
    version.sha256, version.size, version.file_name = kept.sha256, kept.size, kept.file_name
    session.flush()


def _check(path: Path) -> None:
    with path.open("rb") as file:
        if _HEAD not in file.read(_HEAD_WITHIN):
            raise Refused("not_a_pdf")
        file.seek(max(0, path.stat().st_size - _HEAD_WITHIN))
        if _TAIL not in file.read():
            raise Refused("pdf_cut_short")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

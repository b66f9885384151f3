"""From an uploaded file to a draft version, or to a refusal that leaves nothing behind.

The slow part (`examine`, `keep`) touches no row, so that nobody waits for the database meanwhile;
`add_version` is the short part, for the unit of work that also ends the job.
"""

from __future__ import annotations

import json
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials import access
from app.content.materials.models import Material, MaterialKind, Version
from app.content.materials.service import LONGEST_TITLE
from app.kernel import jobs
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from content_packages import alone, intake, kinds
from content_packages.archive import Archive
from content_packages.errors import PackageRefused
from content_packages.store import Store
from scorm import api_search, findings, manifest
from scorm.edition import Edition
from scorm.findings import Finding
from scorm.manifest import ManifestError
from scorm.xml import XmlError
from xapi.cmi5 import course as courses
from xapi.cmi5 import structure, tincan
from xapi.cmi5.report import NotACourse

#: What an uploaded package becomes a version of.
KIND = MaterialKind.PACKAGE
LONGEST_MANIFEST = 16 * 1024**2
#: In characters: a short manifest can make a version that names the same long things over and over.
LONGEST_DOCUMENT = 64 * 1024**2
LONGEST_NAME = 200
#: Bytes of pages and scripts that are looked through for the API at most: courses have few, and a
#: package with more is not to wait for it.
MOST_SEARCHED = 32 * 1024**2

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Examined:
    """A sound package, and all that a version keeps of it."""

    sha256: str
    size: int
    kind: str
    edition: str
    root: str
    title: str
    #: How many of what can be launched are SCOs, and how many are not.
    scos: int
    assets: int
    manifest: dict[str, Any]
    findings: list[dict[str, Any]]


def ask(
    session: Session,
    upload: str,
    file_name: str,
    material_id: uuid.UUID | None,
    *,
    by: Actor,
    now: datetime,
) -> jobs.Job:
    """Ask a worker to import the file `upload` of the folder of uploads.

    `material_id` names the material it becomes a version of; None makes a new one. Raises NotFound
    where there is no such material, and Refused("material_is_written") for one without packages.
    """
    if material_id is not None and access.material(session, material_id).kind != KIND:
        raise Refused("material_is_written")
    arguments = {
        "upload": upload,
        "file_name": plain(file_name),
        "material_id": str(material_id) if material_id else None,
    }
    return jobs.ask(session, jobs.Name.IMPORT_PACKAGE, arguments, by=by.person_id, now=now)


def examine(path: Path, settings: Settings, progress: Progress) -> Examined:
    """Read the whole package at `path`, in bounded memory, and say what it is.

    `progress(done, total)` counts bytes, unpacked. Raises Refused with a code of `text.REFUSALS`.
    """
    of_file: dict[str, str] = {}
    try:
        with _archived(path) as whole:
            limits = intake.Limits(archive_bytes=settings.upload_limit)
            checked = intake.check(whole, limits, progress)
            with Archive(whole) as archive:
                found = kinds.find(archive.entries)
                of_file = {"file": Path(found.manifest).name}
                return _examined(archive, found, checked)
    except NotACourse as error:
        raise Refused("not_a_manifest", root=plain(error.root), **of_file) from error
    except (PackageRefused, ManifestError, XmlError) as error:
        raise Refused(error.code, **_plain_data(error.data), **of_file) from error


@contextmanager
def _archived(path: Path) -> Iterator[Path]:
    """Yield the archive that a file is, or is put into where it is a course structure alone."""
    if not alone.is_xml(path):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder) / "packed.zip"
        alone.pack(path, packed, LONGEST_MANIFEST)
        yield packed


def _examined(archive: Archive, found: kinds.Found, checked: intake.Checked) -> Examined:
    data = archive.read(found.manifest, LONGEST_MANIFEST)
    names = found.names(archive.entries)
    if found.kind == "scorm":
        content = _scorm(archive, data, names)
    else:
        content = _course(found.kind, data, names)
    content["findings"] += _of_kind(found)
    return Examined(
        sha256=checked.sha256,
        size=checked.archive_bytes,
        kind=found.kind,
        root=found.root,
        **content,
    )


def _scorm(archive: Archive, data: bytes, names: list[str]) -> dict[str, Any]:
    read = manifest.parse(data)
    names_api = _names_api(archive, read.edition)
    course = read.organization
    launchable = manifest.leaves(course) if course else []
    types = Counter(item.resource_type for item in launchable)
    return {
        "edition": read.edition.value,
        "title": plain(read.title, LONGEST_TITLE),
        "scos": types["sco"],
        "assets": types["asset"],
        "manifest": _document(manifest.to_document(read)),
        "findings": _plain_findings(findings.check(read, names, names_api=names_api)),
    }


def _course(kind: str, data: bytes, names: list[str]) -> dict[str, Any]:
    """Read a course that speaks xAPI; each unit of it speaks for itself, as a SCO does."""
    if kind == "cmi5":
        read, said = structure.read(data, None if alone.is_alone(names) else names)
    else:
        read, said = tincan.read(data, names)
    return {
        "edition": kind,
        "title": plain(courses.said(read.title), LONGEST_TITLE),
        "scos": len(read.units),
        "assets": 0,
        "manifest": _document(courses.to_document(read)),
        "findings": _plain_findings(said),
    }


def keep(store: Store, path: Path, sha256: str | None = None) -> None:
    """Keep the examined package: under its own SHA-256, so that a second time changes nothing.

    Whoever says the SHA-256 gives the file away: nobody may write to it any more, as the store may
    share its bytes instead of copying them. What a job keeps and then fails to record harms nobody,
    and the next upload of it uses it.
    """
    with _archived(path) as whole:
        # What was packed here goes away with its folder: its bytes are copied.
        store.add(whole, sha256 if whole == path else None)


def add_version(
    session: Session,
    examined: Examined,
    file_name: str,
    material_id: uuid.UUID | None,
    *,
    by: uuid.UUID,
    now: datetime,
) -> Version:
    """Add a draft version to a material, or to a new one named by the manifest or the file.

    Raises NotFound where the material is not there.
    """
    if material_id is not None:
        material = access.material(session, material_id, to_change=True)
    else:
        material = _new_material(session, examined.title or Path(file_name).stem, by, now)
    version = Version(
        material_id=material.id,
        number=_next_number(session, material.id),
        sha256=examined.sha256,
        size=examined.size,
        file_name=file_name,
        edition=examined.edition,
        root=examined.root,
        manifest=examined.manifest,
        findings=examined.findings,
        created_by=by,
        created_at=now,
    )
    session.add(version)
    session.flush()
    details = {"number": version.number, "sha256": version.sha256, "size": version.size}
    subject = ("material_version", version.id)
    audit.record(
        session, "material_version.imported", by=by, now=now, subject=subject, details=details
    )
    return version


def _next_number(session: Session, material_id: uuid.UUID) -> int:
    newest = sa.select(sa.func.max(Version.number)).where(Version.material_id == material_id)
    return (session.scalar(newest) or 0) + 1


def _new_material(session: Session, title: str, by: uuid.UUID, now: datetime) -> Material:
    material = Material(title=title, created_by=by, created_at=now)
    session.add(material)
    session.flush()
    return material


def plain(text: str, longest: int = LONGEST_NAME) -> str:
    """Return text of a stranger that a database and a page can hold: printable, and not endless."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)[:longest]


def _plain_data(data: dict[str, Any]) -> dict[str, Any]:
    return {key: _plain_value(value) for key, value in data.items()}


def _plain_value(value: object) -> object:
    if isinstance(value, list):
        return [plain(str(held)) for held in value[:10]]
    return plain(value) if isinstance(value, str) else value


def _document(document: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(document, ensure_ascii=False)) > LONGEST_DOCUMENT:
        raise Refused("xml_too_complex", what="document", limit=LONGEST_DOCUMENT)
    return document


def _of_kind(found: kinds.Found) -> list[dict[str, Any]]:
    return [
        {"severity": "notice", "code": note, "place": found.manifest, "data": {}}
        for note in found.notes
    ]


def _names_api(archive: Archive, edition: Edition) -> bool:
    """Whether a page or a script names the API; also where there are none, or too much to read."""
    searched = [
        entry
        for name, entry in archive.entries.items()
        if name.lower().endswith(api_search.SUFFIXES)
    ]
    if not searched or sum(entry.size for entry in searched) > MOST_SEARCHED:
        return True
    return any(api_search.mentions_api(edition, archive.stream(entry)) for entry in searched)


def _plain_findings(found: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "severity": each.severity,
            "code": each.code,
            "place": plain(each.place),
            "data": _plain_data(each.data),
        }
        for each in found
    ]

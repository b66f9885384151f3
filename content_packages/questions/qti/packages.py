"""Packages of items, read: a ZIP by its manifest, in the order of its tests; or one item alone.

A package passes the gate that every ZIP passes (`content_packages.intake`).
"""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from lxml import etree

from content_packages import intake, kinds
from content_packages.archive import Archive
from content_packages.errors import PackageRefused
from content_packages.questions.files import LARGEST, MOST_QUESTIONS, Names, Read
from content_packages.questions.findings import Finding, QuestionError, warning
from content_packages.questions.qti import items
from content_packages.questions.qti.tree import Notes, below, name_of, said
from content_packages.questions.shape import Question
from scorm.urls import NameIndex, path_of
from scorm.xml import XmlError, parse

_MIB: Final = 1024 * 1024
LIMITS: Final = intake.Limits(archive_bytes=200 * _MIB, content_bytes=400 * _MIB)
_NO_RESOURCES: Final = (".xml", ".xsd", ".dtd")


def read(source: bytes | Path) -> Read:
    """Return the questions of a package or of one item; a finding's `file` says where.

    Raises QuestionError too_large or too_many (data: limit), and PackageRefused for a ZIP that
    is not taken.
    """
    if isinstance(source, bytes):
        with tempfile.NamedTemporaryFile() as file:
            file.write(source)
            file.flush()
            return read(Path(file.name))
    with source.open("rb") as file:
        is_package = file.read(2) == b"PK"
    if is_package:
        intake.check(source, LIMITS)
        with Archive(source, max_files=LIMITS.files) as archive:
            return _of_package(archive)
    if source.stat().st_size > LARGEST:
        raise QuestionError("too_large", limit=LARGEST)
    return _of_files([("", source.read_bytes())])


def _of_package(archive: Archive) -> Read:
    names = list(archive.entries)
    findings: list[Finding] = []
    listed = _listed(archive, names, findings)
    if not listed:
        findings.append(warning("manifest_missing"))
        listed = [name for name in names if name.lower().endswith(".xml")]
        listed = [name for name in listed if _is_item(archive, name)]
    if len(listed) > MOST_QUESTIONS:
        raise QuestionError("too_many", limit=MOST_QUESTIONS)
    if left_out := sum(not name.lower().endswith(_NO_RESOURCES) for name in names):
        findings.append(warning("resources_left_out", count=left_out))
    found = _of_files((name, _content(archive, name)) for name in listed)
    return replace(found, findings=(*findings, *found.findings))


def _content(archive: Archive, name: str) -> bytes:
    """Return a file of the package, "" for one that is too large to be an item."""
    return archive.read(name) if archive.entries[name].size <= LARGEST else b""


def _of_files(files: Iterable[tuple[str, bytes]]) -> Read:
    questions: list[Question] = []
    findings: list[Finding] = []
    given = Names()
    for name, data in files:
        notes = Notes(name)
        try:
            question = items.read(parse(data), notes)
        except XmlError as error:
            findings.append(Finding("file_refused", {"file": name, "reason": error.code}))
        except QuestionError as error:
            findings.append(Finding(error.code, {"file": name, **error.data}))
        else:
            findings += notes.findings
            said_ = f"{question.title}\n{question.text}"
            questions.append(replace(question, id=given.give(question.id, said_)))
    return Read(tuple(questions), tuple(findings), ("",) * len(questions))


def _listed(archive: Archive, names: list[str], findings: list[Finding]) -> list[str]:
    """Return the items that the manifest names, those of its tests first."""
    try:
        found = kinds.find(names)
    except PackageRefused as error:
        if error.code == "no_manifest":
            return []
        raise
    manifest = _parsed(archive, found.manifest)
    if manifest is None:
        return []
    index = _Files(names, found.root)
    resources = [
        (said(each, "type").lower(), index.find("", said(each, "href")) or "", each)
        for each in below(manifest, "resource")
    ]
    tests = [name for kind, name, _ in resources if kind.startswith("imsqti_test") and name]
    listed = [name for test in tests for name in _tested(archive, test, index)]
    for kind, name, resource in resources:
        if kind.startswith("imsqti_item"):
            listed.append(name)
            if not name:
                findings.append(Finding("file_missing", {"file": said(resource, "href")[:200]}))
    return list(dict.fromkeys(filter(None, listed)))


def _tested(archive: Archive, test: str, index: "_Files") -> Iterator[str]:
    """Yield the items of a test; one that is missing is told of by its resource."""
    root = _parsed(archive, test)
    if root is not None:
        for each in below(root, "assessmentitemref"):
            yield index.find(test.rpartition("/")[0], said(each, "href")) or ""


class _Files:
    """The files of a package, found by the addresses that its documents write."""

    def __init__(self, names: list[str], root: str) -> None:
        self._index = NameIndex(names)
        self._root = root

    def find(self, folder: str, href: str) -> str | None:
        """Return the file that an address in a document of this folder means."""
        place = f"{folder}/" if folder else self._root
        found = self._index.find(f"{place}{path_of(href)}") if href else None
        return found.name if found else None


def _parsed(archive: Archive, name: str) -> etree._Element | None:
    try:
        return parse(_content(archive, name))
    except XmlError:
        return None


def _is_item(archive: Archive, name: str) -> bool:
    root = _parsed(archive, name)
    return root is not None and name_of(root) == "assessmentitem"

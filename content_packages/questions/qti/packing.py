"""Packages of items, written: a manifest, a test that holds all items in order, a file for each.

The same questions give the same bytes.
"""

import io
from collections.abc import Iterable
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

from content_packages.questions.qti import writing
from content_packages.questions.qti.making import WORDS, Edition, Maker, document
from content_packages.questions.shape import Question

_TIMESTAMP: Final = (2026, 4, 1, 0, 0, 0)  # of every entry: the day of the export leaves no trace
_UNIX: Final = 3
_PLAIN_FILE: Final = 0o100644 << 16


def write(questions: Iterable[Question], edition: Edition, title: str = "") -> bytes:
    """Return the ZIP; what is unsound is left out, as `writing.losses` tells."""
    sound = [question for question in questions if writing.can_be_written(question)]
    names = [f"items/item-{number}.xml" for number, _ in enumerate(sound, 1)]
    files = {"imsmanifest.xml": _manifest(names, edition), "test.xml": _test(names, edition, title)}
    for name, question in zip(names, sound, strict=True):
        files[name] = writing.item(question, edition)
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in files.items():
            entry = ZipInfo(name, _TIMESTAMP)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, content)
    return packed.getvalue()


def _manifest(names: list[str], edition: Edition) -> bytes:
    words = WORDS[edition]
    # A manifest is no QTI: its elements have the same names in both editions.
    maker = Maker(Edition.QTI_2_1, words.package)
    root = maker.root("manifest", identifier="questions")
    metadata = maker.add(root, "metadata")
    maker.value(metadata, "schema", words.package_schema)
    maker.value(metadata, "schemaversion", words.package_version)
    maker.add(root, "organizations")
    resources = maker.add(root, "resources")
    test = _resource(maker, resources, "test", words.test_type, "test.xml")
    for number, name in enumerate(names, 1):
        _resource(maker, resources, f"item-{number}", words.item_type, name)
        maker.add(test, "dependency", identifierref=f"item-{number}")
    return document(root)


def _resource(
    maker: Maker, resources: etree._Element, identifier: str, kind: str, href: str
) -> etree._Element:
    resource = maker.add(resources, "resource", identifier=identifier, type=kind, href=href)
    maker.add(resource, "file", href=href)
    return resource


def _test(names: list[str], edition: Edition, title: str) -> bytes:
    maker = Maker(edition, WORDS[edition].items)
    root = maker.root("assessmentTest", identifier="test", title=title or "test")
    maker.add(
        root, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float"
    )
    part = maker.add(
        root,
        "testPart",
        identifier="part",
        navigationMode="nonlinear",
        submissionMode="simultaneous",
    )
    section = maker.add(
        part, "assessmentSection", identifier="section", title=title or "test", visible="true"
    )
    for number, name in enumerate(names, 1):
        maker.add(section, "assessmentItemRef", identifier=f"item-{number}", href=name)
    score = maker.add(maker.add(root, "outcomeProcessing"), "setOutcomeValue", identifier="SCORE")
    maker.add(maker.add(score, "sum"), "testVariables", variableIdentifier="SCORE")
    return document(root)

"""Elements of either edition, from one set of names: those of 2.1."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lxml import etree

_HTML: Final = frozenset({"br", "div", "p"})


class Edition(StrEnum):
    """An edition of the standard."""

    QTI_2_1 = "2.1"
    QTI_3_0 = "3.0"


@dataclass(frozen=True)
class Words:
    """What the editions name differently."""

    items: str
    package: str
    package_schema: str
    package_version: str
    item_type: str
    test_type: str
    template: str


WORDS: Final = {
    Edition.QTI_2_1: Words(
        "http://www.imsglobal.org/xsd/imsqti_v2p1",
        "http://www.imsglobal.org/xsd/imscp_v1p1",
        "QTIv2.1 Package",
        "1.0.0",
        "imsqti_item_xmlv2p1",
        "imsqti_test_xmlv2p1",
        "http://www.imsglobal.org/question/qti_v2p1/rptemplates/{}",
    ),
    Edition.QTI_3_0: Words(
        "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
        "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
        "QTI Package",
        "3.0.0",
        "imsqti_item_xmlv3p0",
        "imsqti_test_xmlv3p0",
        "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/{}.xml",
    ),
}


class Maker:
    """Makes the elements of one document."""

    def __init__(self, edition: Edition, namespace: str) -> None:
        """Make elements of this namespace."""
        self.edition = edition
        self.words = WORDS[edition]
        self._namespace = namespace

    def root(self, name: str, **attributes: str) -> etree._Element:
        """Return a new root element."""
        root = etree.fromstring(f'<{self._element_name(name)} xmlns="{self._namespace}"/>')
        for attribute, value in self._named(attributes).items():
            root.set(attribute, value)
        return root

    def add(self, parent: etree._Element, name: str, **attributes: str) -> etree._Element:
        """Return a new child of the parent."""
        return etree.SubElement(
            parent, f"{{{self._namespace}}}{self._element_name(name)}", self._named(attributes)
        )

    def text(self, parent: etree._Element, text: str) -> None:
        """Put a text behind what the parent holds, its line breaks as elements."""
        first, *others = text.split("\n")
        self._append(parent, first)
        for line in others:
            self.add(parent, "br").tail = line

    def value(self, parent: etree._Element, name: str, text: str, **attributes: str) -> None:
        """Add a child that holds this text alone."""
        self.add(parent, name, **attributes).text = text

    def content(self, parent: etree._Element) -> etree._Element:
        """Return where the parent holds its blocks: 3.0 has an element for it."""
        is_inside = self.edition is Edition.QTI_3_0
        return self.add(parent, "contentBody") if is_inside else parent

    @staticmethod
    def _append(parent: etree._Element, text: str) -> None:
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + text
        else:
            parent.text = (parent.text or "") + text

    def _element_name(self, name: str) -> str:
        is_kept = self.edition is Edition.QTI_2_1 or name in _HTML
        return name if is_kept else f"qti-{_hyphened(name)}"

    def _named(self, attributes: dict[str, str]) -> dict[str, str]:
        if self.edition is Edition.QTI_2_1:
            return attributes
        return {_hyphened(name): value for name, value in attributes.items()}


def document(root: etree._Element) -> bytes:
    """Return the bytes of a document."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def flag(value: object) -> str:
    """Return a truth as XML says it."""
    return "true" if value else "false"


def amount(value: float) -> str:
    """Return a number so that reading it gives the same."""
    return repr(float(value))


def _hyphened(name: str) -> str:
    return re.sub(r"(?=[A-Z])", "-", name).lower()

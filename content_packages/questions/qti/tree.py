"""One way to look at both editions: qti-choice-interaction and choiceInteraction are one name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from content_packages.questions import markup
from content_packages.questions.findings import Datum, Finding, warning
from scorm.xml import local_name

_NUMBER: Final = re.compile(
    r"\s*[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,3})?\s*"
)


@dataclass
class Notes:
    """What is found in one item; `file` is its name in the package, "" outside of one."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    lost: dict[str, None] = field(default_factory=dict)

    def warn(self, code: str, **data: Datum) -> None:
        """Note, once, what was taken over with a change."""
        found = warning(code, file=self.file, **data)
        if found not in self.findings:
            self.findings.append(found)

    def text_of(
        self, root: etree._Element, replaced: markup.Replaced = markup.nothing_replaced
    ) -> str:
        """Return the plain text in an element, and remember what it cannot hold."""
        reduced = markup.text_of(root, replaced)
        self.lost.update(dict.fromkeys(reduced.lost))
        return reduced.text


def name_of(element: etree._Element) -> str:
    """Return an element's name without namespace, prefix and hyphens, in lower case."""
    return local_name(element.tag).removeprefix("qti-").replace("-", "")


def said(element: etree._Element, attribute: str) -> str:
    """Return an attribute by its name in that form; "" where it is absent."""
    for key, value in element.attrib.items():
        if local_name(key).replace("-", "") == attribute:
            return str(value).strip()
    return ""


def below(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield all descendants of these names, in their order in the document."""
    return (element for element in root.iterdescendants() if name_of(element) in names)


def first(root: etree._Element, name: str) -> etree._Element | None:
    """Return the first descendant of that name."""
    return next(below(root, name), None)


def text_in(element: etree._Element) -> str:
    """Return all text in a value, the space around it left out."""
    return "".join(str(part) for part in element.itertext()).strip()


def number(text: str) -> float | None:
    """Return a number as the standard writes it; None for anything else, and beyond all use."""
    found = float(text) if _NUMBER.fullmatch(text) else None
    return found if found is not None and abs(found) < 1e15 else None

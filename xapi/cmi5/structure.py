"""cmi5.xml read: a course, and all that is wrong or odd with it at once (13, 14).

What cannot be launched, or breaks the rules of ids and addresses, is an error. What the schema asks
for and learners do without is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from lxml import etree

from scorm.findings import Finding
from scorm.xml import attribute, child, child_text, children, local_name, parse
from xapi.cmi5 import addresses
from xapi.cmi5.course import Block, Course, MoveOn, Unit, Words, said
from xapi.cmi5.report import NotACourse, Report
from xapi.errors import Invalid
from xapi.values import iri, language

_WINDOWS: Final = ("AnyWindow", "OwnWindow")
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
#: A decimal of XML Schema: digits alone.
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
#: The language of a text that says none.
_NO_LANGUAGE: Final = "und"


def read(data: bytes, names: Collection[str] | None) -> tuple[Course, list[Finding]]:
    """Return the course of a cmi5.xml, and what was found.

    `names` are the files of its package relative to its folder; None where it came alone. Raises
    `scorm.xml.XmlError` and NotACourse.
    """
    root = own(parse(data))
    if local_name(root.tag) != "coursestructure":
        raise NotACourse(local_name(root.tag))
    report = Report.of(names)
    identifier = ""
    title: Words = {}
    description: Words = {}
    course = child(root, "course")
    if course is None:
        report.find("course_missing", "cmi5.xml")
    else:
        identifier = identified(report, course, "course", "course")
        title, description = _texts(report, course, "course", "course")
    found = _Structure(report, _objectives(report, root)).nodes(root)
    whole = Course("cmi5", identifier, title, description, found)
    if not whole.units:
        report.find("nothing_to_launch", "cmi5.xml")
    elif all(unit.move_on == MoveOn.NOT_APPLICABLE for unit in whole.units):
        report.find("nothing_to_reach", "cmi5.xml")
    return whole, report.ordered()


def own(root: etree._Element) -> etree._Element:
    """Return a tree without what others have added to it: elements and attributes (13.1.5)."""
    kinds = {_every_of(each) for each in root.iter()} - {_every_of(root)}
    etree.strip_elements(root, *kinds, with_tail=False)
    for each in root.iter():
        for name in [str(name) for name in each.attrib]:
            if name.startswith("{") and name != _XML_LANG:
                del each.attrib[name]
    return root


def _every_of(element: etree._Element) -> str:
    """Return what stands for all elements of this one's namespace."""
    return f"{{{etree.QName(element).namespace or ''}}}*"


def identified(report: Report, element: etree._Element, kind: str, place: str) -> str:
    """Return an element's id: an IRI, once among those of its kind (3.0; 13.1)."""
    value = attribute(element, "id")
    if value is None:
        report.find("id_missing", place, element=kind)
        return ""
    try:
        iri(value)
    except Invalid:
        report.find("id_not_iri", place, element=kind, value=value)
    report.ids[kind, value] += 1
    if report.ids[kind, value] == 2:
        report.find("id_twice", place, element=kind, value=value)
    return value


def words(elements: list[etree._Element]) -> Words:
    """Return a text by languages; of two in one language the first."""
    found: dict[str, str] = {}
    for each in elements:
        text = "".join(str(part) for part in each.itertext()).strip()
        if text:
            found.setdefault(_language(attribute(each, "lang")), text)
    return found


def _language(tag: str | None) -> str:
    try:
        language(tag)
    except Invalid:
        return _NO_LANGUAGE
    assert tag is not None
    return tag


def _texts(report: Report, element: etree._Element, kind: str, place: str) -> tuple[Words, Words]:
    """Return the title and the description of an element."""
    found = []
    for name in ("title", "description"):
        strings = [s for group in children(element, name) for s in children(group, "langstring")]
        found.append(words(strings))
        if not found[-1]:
            report.find("words_missing", place, element=kind, name=name)
    return found[0], found[1]


def _objectives(report: Report, root: etree._Element) -> frozenset[str]:
    """Return the ids of the objectives that a course has (13.1.3)."""
    found = set()
    each_one = [
        one for group in children(root, "objectives") for one in children(group, "objective")
    ]
    for at, each in enumerate(each_one, 1):
        found.add(identified(report, each, "objective", f"objective[{at}]"))
        _texts(report, each, "objective", f"objective[{at}]")
    return frozenset(found)


class _Structure:
    """Reads units and blocks, which are numbered in the order of the document."""

    def __init__(self, report: Report, objectives: frozenset[str]) -> None:
        self._report = report
        self._objectives = objectives
        self._units = self._blocks = 0

    def nodes(self, element: etree._Element) -> tuple[Unit | Block, ...]:
        """Return what stands directly in an element."""
        readers = {"au": self._unit, "block": self._block}
        named = [(readers.get(local_name(each.tag)), each) for each in element]
        return tuple(reader(each) for reader, each in named if reader)

    def _block(self, element: etree._Element) -> Unit | Block:
        self._blocks += 1
        key, place = f"b{self._blocks}", f"block[{self._blocks}]"
        identifier = identified(self._report, element, "block", place)
        title, description = _texts(self._report, element, "block", place)
        objectives = self._references(element, place)
        inside = self.nodes(element)
        if not inside:
            self._report.find("block_empty", place)
        return Block(key, identifier, title, description, inside, objectives)

    def _unit(self, element: etree._Element) -> Unit | Block:
        self._units += 1
        key, place = f"u{self._units}", f"au[{self._units}]"
        identifier = identified(self._report, element, "au", place)
        title, description = _texts(self._report, element, "au", place)
        move_on = self._one_of(element, place, "moveOn", [each.value for each in MoveOn])
        window = self._one_of(element, place, "launchMethod", _WINDOWS)
        address = child_text(element, "url")
        return Unit(
            key=key,
            id=identifier,
            title=title,
            description=description,
            url=addresses.see(self._report, place, said(title), address),
            move_on=move_on or MoveOn.NOT_APPLICABLE,
            mastery_score=self._mastery_score(element, place),
            own_window=window == "OwnWindow",
            activity_type=attribute(element, "activitytype"),
            launch_parameters=child_text(element, "launchparameters"),
            entitlement_key=child_text(element, "entitlementkey"),
            objectives=self._references(element, place),
        )

    def _references(self, element: etree._Element, place: str) -> tuple[str, ...]:
        """Return the objectives that a unit or block refers to."""
        found = []
        for group in children(element, "objectives"):
            for each in children(group, "objective"):
                value = attribute(each, "idref") or ""
                if value not in self._objectives:
                    self._report.find("objective_unknown", place, value=value)
                found.append(value)
        return tuple(found)

    def _one_of(
        self, element: etree._Element, place: str, name: str, allowed: Collection[str]
    ) -> str | None:
        value = attribute(element, name.lower())
        if value is not None and value not in allowed:
            self._report.find("value_not_allowed", place, name=name, value=value)
            return None
        return value

    def _mastery_score(self, element: etree._Element, place: str) -> float | None:
        """Return a decimal from 0 to 1, to four places (13.1.4)."""
        value = attribute(element, "masteryscore")
        if value is None:
            return None
        found = float(value) if _DECIMAL.fullmatch(value) else -1.0
        if not 0 <= found <= 1:
            self._report.find("value_not_allowed", place, name="masteryScore", value=value)
            return None
        return round(found, 4)

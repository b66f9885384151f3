"""tincan.xml read: a package of the time before cmi5, as the tools of 2012 write it.

It has no rules of sessions: content says what it likes of its learner, under an id of its own. An
activity that can be launched becomes a unit, done once its content says completed or passed.
"""

from __future__ import annotations

from collections.abc import Collection

from lxml import etree

from scorm.findings import Finding
from scorm.xml import attribute, child_text, children, local_name, parse
from xapi.cmi5 import addresses
from xapi.cmi5.course import Course, MoveOn, Unit, said
from xapi.cmi5.report import NotACourse, Report
from xapi.cmi5.structure import identified, own, words


def read(data: bytes, names: Collection[str]) -> tuple[Course, list[Finding]]:
    """Return the course of a tincan.xml, and what was found.

    Raises `scorm.xml.XmlError` and NotACourse.
    """
    root = own(parse(data))
    if local_name(root.tag) != "tincan":
        raise NotACourse(local_name(root.tag))
    report = Report.of(names)
    activities = [
        one for group in children(root, "activities") for one in children(group, "activity")
    ]
    launchable = [each for each in activities if child_text(each, "launch")]
    if not launchable:
        report.find("nothing_to_launch", "tincan.xml")
    units = tuple(_unit(report, at, each) for at, each in enumerate(launchable, 1))
    first = units[0] if units else Unit("", "", {}, {}, "")
    return Course("tincan", first.id, first.title, first.description, units), report.ordered()


def _unit(report: Report, at: int, element: etree._Element) -> Unit:
    place = f"activity[{at}]"
    title = words(children(element, "name"))
    if not title:
        report.find("words_missing", place, element="activity", name="name")
    return Unit(
        key=f"u{at}",
        id=identified(report, element, "activity", place),
        title=title,
        description=words(children(element, "description")),
        url=addresses.see(
            report, place, said(title), child_text(element, "launch"), addresses.TIN_CAN_NAMES
        ),
        move_on=MoveOn.EITHER,
        activity_type=attribute(element, "type"),
    )

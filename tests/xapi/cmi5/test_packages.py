"""Course packages as others make them: read without a finding, and launched as they are meant."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from scorm.findings import Finding
from tests.xapi.cmi5.made import defined, known, launched
from xapi.cmi5 import standing, statements, structure, tincan
from xapi.cmi5.course import Course, MoveOn, from_document, said, to_document
from xapi.cmi5.words import Verb
from xapi.statement import Version, check

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LTS = "https://w3id.org/xapi/cmi5/catapult/lts/course"


def read(shared: Path, name: str) -> tuple[Course, list[Finding]]:
    """Return the course of a package, and what was found in it."""
    with zipfile.ZipFile(shared / "packages" / "golf" / f"{name}.zip") as archive:
        names = archive.namelist()
        if "tincan.xml" in names:
            return tincan.read(archive.read("tincan.xml"), names)
        return structure.read(archive.read("cmi5.xml"), names)


@pytest.mark.parametrize(
    ("name", "iri", "title", "units"),
    [
        (
            "cmi5/single_au_basic_framed",
            f"{LTS}/geology-intro-single-au-basic",
            "Introduction to Geology - Framed Style",
            1,
        ),
        (
            "cmi5/single_au_basic_responsive",
            f"{LTS}/geology-intro-single-au-basic-responsive",
            "Introduction to Geology - Responsive Style",
            1,
        ),
        (
            "cmi5/masteryscore_responsive",
            f"{LTS}/geology-intro-single-au-mastery-score-responsive",
            "Introduction to Geology - Responsive Style - Mastery Score",
            1,
        ),
        (
            "cmi5/multi_au_framed",
            f"{LTS}/geology-intro-multi-au-framed",
            "Introduction to Geology - Multi AU at Root",
            8,
        ),
        (
            "xapi/basic_course",
            "http://example.com/activities/basic-course",
            "Basic xAPI Course",
            1,
        ),
    ],
)
def test_a_package_is_read_without_a_finding(
    shared: Path, name: str, iri: str, title: str, units: int
) -> None:
    course, findings = read(shared, name)
    assert findings == []
    assert (course.id, said(course.title), len(course.units)) == (iri, title, units)
    assert course.scheme == name.partition("/")[0].replace("xapi", "tincan")
    assert course.blocks == []
    assert from_document(to_document(course)) == course
    for unit in course.units:
        told = statements.launched(launched(unit), NOW, launch_url="https://a.example/")
        check(told, Version.OLD)


def test_a_mastery_score_and_a_window_of_its_own_are_read(shared: Path) -> None:
    (unit,) = read(shared, "cmi5/masteryscore_responsive")[0].units
    assert (unit.mastery_score, unit.own_window, unit.move_on) == (0.3, True, MoveOn.EITHER)


def test_units_of_one_page_are_told_apart_by_their_own_queries(shared: Path) -> None:
    course, _ = read(shared, "cmi5/multi_au_framed")
    assert [unit.move_on for unit in course.units] == [MoveOn.EITHER] * 7 + [MoveOn.BOTH]
    assert [said(unit.title) for unit in course.units][-1] == "Quiz"
    pages = []
    for unit in course.units:
        made = statements.launch_address(unit.url, launched(unit), endpoint="x:e", fetch="x:f")
        told = dict(parse_qsl(urlsplit(made).query))
        pages.append((told["pages"], told["complete"], told["endpoint"]))
    assert pages == [
        *((str(at), "launch", "x:e") for at in range(1, 8)),
        ("quiz", "quiz", "x:e"),
    ]


def test_a_course_of_eight_units_is_satisfied_by_the_last_of_them(shared: Path) -> None:
    course, _ = read(shared, "cmi5/multi_au_framed")
    document = known()
    for unit in course.units:
        assert standing.newly_satisfied(course, document) == []
        standing.take(document, unit.key, Verb.COMPLETED, defined(Verb.COMPLETED))
    assert standing.newly_satisfied(course, document) == []
    assert standing.whole(course, document).progress_measure == 1
    scored = defined(Verb.PASSED, score={"scaled": 0.9})
    standing.take(document, "u8", Verb.PASSED, scored)
    assert standing.newly_satisfied(course, document) == [course]
    record = standing.whole(course, document)
    assert (record.completion, record.success, record.scaled) == ("completed", "passed", 0.9)


def test_a_package_of_tin_can_is_done_once_its_content_says_so(shared: Path) -> None:
    course, _ = read(shared, "xapi/basic_course")
    (unit,) = course.units
    assert (unit.url, unit.move_on) == ("index.html", MoveOn.EITHER)
    assert unit.activity_type == "http://adlnet.gov/expapi/activities/course"
    document = known()
    standing.take(document, unit.key, Verb.COMPLETED, defined(Verb.COMPLETED))
    assert standing.newly_satisfied(course, document) == [course]

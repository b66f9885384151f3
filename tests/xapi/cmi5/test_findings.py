"""What is wrong or odd with a course structure is found all at once, each by its code."""

from __future__ import annotations

from collections import Counter

import pytest

from scorm.findings import MOST
from tests.xapi.cmi5.made import (
    NAMES,
    URL,
    au,
    block,
    course,
    found,
    objectives,
    read,
    texts,
)
from xapi.cmi5 import structure
from xapi.cmi5.report import SEVERITIES, Report

OBJECTIVE = "https://example.org/objectives/1"
COURSE = "https://example.org/course"
AU = "https://example.org/au/1"
BLOCK = "https://example.org/block/1"
TWO = au() + au(id="https://example.org/au/2")
HEADLESS = course(au()).replace("<course ", "<x ").replace("</course>", "</x>")
Found = tuple[str, str, str, dict[str, str | int]]


def at(url: str) -> str:
    """Return a course of a unit that begins there."""
    return course(au(f"{texts()}<url>{url}</url>"))


#: The structure, and the one thing that is found in it.
CASES: list[tuple[str, Found]] = [
    (HEADLESS, ("error", "course_missing", "cmi5.xml", {})),
    (course(""), ("error", "nothing_to_launch", "cmi5.xml", {})),
    (course(au(), id=None), ("error", "id_missing", "course", {"element": "course"})),
    (course(au(), id=" "), ("error", "id_missing", "course", {"element": "course"})),
    (course(au(id=None)), ("error", "id_missing", "au[1]", {"element": "au"})),
    (course(block(au(), id=None)), ("error", "id_missing", "block[1]", {"element": "block"})),
    (
        course(objectives("", attribute="id") + au()),
        ("error", "id_missing", "objective[1]", {"element": "objective"}),
    ),
    (
        course(au(), id="w3id.org/1"),
        ("error", "id_not_iri", "course", {"element": "course", "value": "w3id.org/1"}),
    ),
    (course(au(id="au1")), ("error", "id_not_iri", "au[1]", {"element": "au", "value": "au1"})),
    (
        course(block(au(), id="x:a b")),
        ("error", "id_not_iri", "block[1]", {"element": "block", "value": "x:a b"}),
    ),
    (
        course(objectives("one", attribute="id") + au()),
        ("error", "id_not_iri", "objective[1]", {"element": "objective", "value": "one"}),
    ),
    (course(au() + au()), ("error", "id_twice", "au[2]", {"element": "au", "value": AU})),
    (
        course(block(au()) + block(au(id="x:2"))),
        ("error", "id_twice", "block[2]", {"element": "block", "value": BLOCK}),
    ),
    (
        course(objectives(OBJECTIVE, OBJECTIVE, attribute="id") + au()),
        ("error", "id_twice", "objective[2]", {"element": "objective", "value": OBJECTIVE}),
    ),
    (course(au(texts())), ("error", "address_missing", "au[1]", {})),
    (at(" "), ("error", "address_missing", "au[1]", {})),
    (at("http://a b/"), ("error", "address_invalid", "au[1]", {"address": "http://a b/"})),
    (at("//a.example/"), ("error", "address_invalid", "au[1]", {"address": "//a.example/"})),
    (
        at("index.html?a=1&amp;actor=me"),
        ("error", "address_takes_name", "au[1]", {"name": "actor"}),
    ),
    (
        at("later.html"),
        ("error", "unit_file_missing", "au[1]", {"title": "題", "address": "later.html"}),
    ),
    (
        at("../index.html"),
        ("error", "unit_file_missing", "au[1]", {"title": "題", "address": "../index.html"}),
    ),
    (
        at("app://open/1"),
        ("error", "unit_scheme_refused", "au[1]", {"title": "題", "scheme": "app"}),
    ),
    (
        course(au(moveOn="completed") + au(id="x:2")),
        ("error", "value_not_allowed", "au[1]", {"name": "moveOn", "value": "completed"}),
    ),
    (
        course(au(launchMethod="NewWindow")),
        ("error", "value_not_allowed", "au[1]", {"name": "launchMethod", "value": "NewWindow"}),
    ),
    (
        course(au(masteryScore="80")),
        ("error", "value_not_allowed", "au[1]", {"name": "masteryScore", "value": "80"}),
    ),
    (course(block("") + au()), ("error", "block_empty", "block[1]", {})),
    (
        at("https://a.example/"),
        ("warning", "unit_external", "au[1]", {"title": "題", "address": "https://a.example/"}),
    ),
    (
        at("http://a.example/"),
        ("warning", "unit_external", "au[1]", {"title": "題", "address": "http://a.example/"}),
    ),
    (
        course(au(), texts(title="")),
        ("warning", "words_missing", "course", {"element": "course", "name": "title"}),
    ),
    (
        course(au(texts(description=" ") + URL)),
        ("warning", "words_missing", "au[1]", {"element": "au", "name": "description"}),
    ),
    (
        course(block(au(), texts(title=""))),
        ("warning", "words_missing", "block[1]", {"element": "block", "name": "title"}),
    ),
    (
        course(au(texts() + objectives(OBJECTIVE) + URL)),
        ("warning", "objective_unknown", "au[1]", {"value": OBJECTIVE}),
    ),
    (
        course(block(objectives("x:o") + au())),
        ("warning", "objective_unknown", "block[1]", {"value": "x:o"}),
    ),
    (
        course(au(texts() + "<objectives><objective/></objectives>" + URL)),
        ("warning", "objective_unknown", "au[1]", {"value": ""}),
    ),
    (course(au(moveOn=None)), ("warning", "nothing_to_reach", "cmi5.xml", {})),
    (course(au(moveOn="NotApplicable")), ("warning", "nothing_to_reach", "cmi5.xml", {})),
    (at("media/intro.html"), ("notice", "href_case", "au[1]", {"name": "Media/Intro.html"})),
    (at("章\\第1章.html"), ("notice", "href_separator", "au[1]", {"name": "章/第1章.html"})),
    (at("か\u3099.html"), ("notice", "href_unicode_form", "au[1]", {"name": "が.html"})),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_one_thing_is_found_and_nothing_else(text: str, expected: Found) -> None:
    _, findings = structure.read(text.encode(), NAMES)
    assert [(each.severity, each.code, each.place, dict(each.data)) for each in findings] == [
        expected
    ]


def test_what_comes_alone_may_lead_to_the_web_alone() -> None:
    """14.2."""
    assert found(at("index.html"), None) == [("address_alone", "au[1]")]
    assert found(at("https://a.example/"), None) == [("unit_external", "au[1]")]


def test_of_one_code_no_more_than_a_page_bears_is_told() -> None:
    text = course("".join(au(texts(), id=f"x:{each}") for each in range(MOST + 3)))
    _, findings = structure.read(text.encode(), NAMES)
    assert Counter(each.code for each in findings) == {
        "address_missing": MOST,
        "more_of_the_same": 1,
    }
    last = findings[-1]
    assert (last.severity, last.place, last.data) == ("notice", "address_missing", {"count": 3})


def test_exactly_as_many_as_a_page_bears_leave_no_more_to_tell() -> None:
    text = course("".join(au(texts(), id=f"x:{each}") for each in range(MOST)))
    assert found(text) == [("address_missing", f"au[{each}]") for each in range(1, MOST + 1)]


def test_every_code_is_found_in_some_structure() -> None:
    told = {expected[1] for _, expected in CASES} | {"address_alone", "more_of_the_same"}
    assert told == set(SEVERITIES)
    assert {expected[1]: expected[0] for _, expected in CASES}.items() <= SEVERITIES.items()


def test_all_that_is_wrong_is_told_at_once_the_errors_first() -> None:
    inner = f"<title/><url>INDEX.html?fetch=1&amp;endpoint=</url>{objectives('x:o')}"
    assert found(course(au(inner, id="1", moveOn=None, masteryScore="2"), id=None)) == [
        ("id_missing", "course"),
        ("id_not_iri", "au[1]"),
        ("address_takes_name", "au[1]"),
        ("address_takes_name", "au[1]"),
        ("value_not_allowed", "au[1]"),
        ("words_missing", "au[1]"),
        ("words_missing", "au[1]"),
        ("objective_unknown", "au[1]"),
        ("nothing_to_reach", "cmi5.xml"),
        ("href_case", "au[1]"),
    ]


def test_a_course_is_read_in_spite_of_all_that_is_wrong() -> None:
    (unit,) = read(course(au("", id=None, moveOn="x", launchMethod="x", masteryScore="x"))).units
    assert (unit.id, unit.url, unit.title, unit.move_on) == ("", "", {}, "NotApplicable")
    assert (unit.own_window, unit.mastery_score) == (False, None)
    empty = structure.read(b"<courseStructure/>", NAMES)[0]
    assert (empty.id, empty.title, empty.children, empty.units) == ("", {}, (), [])


def test_objectives_have_texts_as_everything_has() -> None:
    silent = f'<objectives><objective id="{OBJECTIVE}"/></objectives>'
    _, findings = structure.read(course(silent + au()).encode(), NAMES)
    assert [(each.code, each.place, each.data) for each in findings] == [
        ("words_missing", "objective[1]", {"element": "objective", "name": name})
        for name in ("title", "description")
    ]


def test_an_id_that_is_there_three_times_is_told_once() -> None:
    assert found(course(au() + au() + au())) == [("id_twice", "au[2]")]


def test_an_id_is_once_among_those_of_its_kind() -> None:
    """Strict would be once in the whole structure; tools name a course and its only unit alike."""
    assert found(course(block(au(id=COURSE), id=COURSE))) == []


def test_one_unit_that_asks_for_something_is_enough_to_reach_a_course() -> None:
    assert found(course(au(moveOn="NotApplicable") + au(id="x:2", moveOn="Passed"))) == []


@pytest.mark.parametrize("name", ["endpoint", "fetch", "actor", "registration", "activityId"])
@pytest.mark.parametrize("address", ["index.html", "https://a.example/"])
def test_an_address_may_not_take_the_names_of_a_launch(address: str, name: str) -> None:
    """8.1; `%61` and so on are letters as well."""
    coded = "".join(f"%{ord(letter):02x}" for letter in name)
    for query in (f"{name}=1", f"a=1&amp;{name}", f"{coded}=1#x"):
        assert ("address_takes_name", "au[1]") in found(at(f"{address}?{query}"))
    for query in (f"x{name}=1", f"a={name}", f"{name.upper()}=1", f"a#&amp;{name}=1"):
        assert ("address_takes_name", "au[1]") not in found(at(f"{address}?{query}"))


@pytest.mark.parametrize(
    "address",
    ["index.html", "./index.html", "/index.html", "index.html?a=1&amp;b=日本#top", "index%2Ehtml",
     "章/第1章.html", "%E7%AB%A0/%E7%AC%AC1%E7%AB%A0.html"],
)  # fmt: skip
def test_a_file_of_the_package_is_found_by_any_address_of_it(address: str) -> None:
    """14.1."""
    assert found(at(address)) == []


@pytest.mark.parametrize(
    ("address", "scheme"),
    [("javascript:alert(1)", "javascript"), ("data:text/html,x", "data"), ("FTP://a/b", "ftp")],
)
def test_what_no_browser_may_be_led_to_is_refused(address: str, scheme: str) -> None:
    _, findings = structure.read(at(address).encode(), NAMES)
    assert [(each.code, each.data["scheme"]) for each in findings] == [
        ("unit_scheme_refused", scheme)
    ]


def test_of_a_long_value_the_beginning_is_told() -> None:
    long = "あ" * 500
    _, (finding,) = structure.read(course(au(moveOn=long) + au(id="x:2")).encode(), NAMES)
    assert finding.data["value"] == long[:200]


def test_numbers_are_told_as_they_are() -> None:
    report = Report.of(())
    report.find("more_of_the_same", "x", count=3)
    assert report.ordered()[0].data == {"count": 3}

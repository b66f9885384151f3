"""A package of Tin Can is read as a course: each activity that can be launched is a unit."""

from __future__ import annotations

import pytest

from scorm.xml import XmlError
from tests.xapi.cmi5.made import NAMES
from xapi.cmi5 import tincan
from xapi.cmi5.course import Course, MoveOn, Unit
from xapi.cmi5.report import NotACourse

KIND = "http://adlnet.gov/expapi/activities/course"
NAME = '<name lang="ja">講座</name>'
LAUNCH = '<launch lang="ja">index.html</launch>'
Found = tuple[str, str]


def activity(inner: str = NAME + LAUNCH, attributes: str = 'id="https://example.org/1"') -> str:
    return f'<activity {attributes} type="{KIND}">{inner}</activity>'


def package(*activities: str) -> bytes:
    inner = "".join(activities)
    space = "http://projecttincan.com/tincan.xsd"
    return f'<tincan xmlns="{space}"><activities>{inner}</activities></tincan>'.encode()


def read(*activities: str) -> Course:
    return tincan.read(package(*activities), NAMES)[0]


def found(*activities: str) -> list[Found]:
    return [(each.code, each.place) for each in tincan.read(package(*activities), NAMES)[1]]


def at(address: str) -> str:
    """Return an activity that begins there."""
    return activity(f"{NAME}<launch>{address}</launch>")


def test_the_first_activity_gives_the_course_its_name() -> None:
    inner = (
        f'{NAME}<name lang="en-US">Course</name><description lang="ja">説明</description>{LAUNCH}'
    )
    course = read(activity(inner))
    assert course == Course(
        "tincan",
        "https://example.org/1",
        {"ja": "講座", "en-US": "Course"},
        {"ja": "説明"},
        (
            Unit(
                "u1",
                "https://example.org/1",
                {"ja": "講座", "en-US": "Course"},
                {"ja": "説明"},
                "index.html",
                MoveOn.EITHER,
                own_window=False,
                activity_type=KIND,
            ),
        ),
    )
    assert found(activity(inner)) == []


def test_what_cannot_be_launched_is_no_unit() -> None:
    question = activity("<name>問一</name>", 'id="https://example.org/1/q"')
    second = activity(attributes='id="https://example.org/2"')
    course = read(question, activity(), question, second)
    assert [(each.key, each.id) for each in course.units] == [
        ("u1", "https://example.org/1"),
        ("u2", "https://example.org/2"),
    ]
    assert found(question, activity(), question, second) == []


def test_a_package_without_a_launch_has_nothing_to_launch() -> None:
    course = read(activity(NAME + "<launch> </launch>"))
    assert (course.id, course.title, course.description, course.units) == ("", {}, {}, [])
    assert found(activity(NAME)) == [("nothing_to_launch", "tincan.xml")]
    assert tincan.read(b"<tincan/>", NAMES)[0].children == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (activity(attributes=""), ("id_missing", "activity[1]")),
        (activity(attributes='id="one"'), ("id_not_iri", "activity[1]")),
        (activity() + activity(), ("id_twice", "activity[2]")),
        (activity(f"<name/>{LAUNCH}"), ("words_missing", "activity[1]")),
        (activity(LAUNCH), ("words_missing", "activity[1]")),
        (at("later.html"), ("unit_file_missing", "activity[1]")),
        (at("INDEX.html"), ("href_case", "activity[1]")),
        (at("https://a.example/"), ("unit_external", "activity[1]")),
        (at("javascript:x"), ("unit_scheme_refused", "activity[1]")),
        (at("index.html?endpoint=x"), ("address_takes_name", "activity[1]")),
    ],
)
def test_one_thing_is_found_and_nothing_else(text: str, expected: Found) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [("endpoint", True), ("auth", True), ("actor", True), ("activity_id", True),
     ("registration", True), ("fetch", False), ("activityId", False)],
)  # fmt: skip
def test_an_address_may_not_take_the_names_of_its_own_launch(name: str, is_taken: bool) -> None:
    """What `statements.tin_can_address` writes; two of the names are not those of cmi5."""
    expected = [("address_takes_name", "activity[1]")] if is_taken else []
    assert found(at(f"index.html?{name}=1")) == expected


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (activity(attributes=""), {"element": "activity"}),
        (activity(attributes='id="one"'), {"element": "activity", "value": "one"}),
        (activity(LAUNCH), {"element": "activity", "name": "name"}),
        (at("later.html"), {"title": "講座", "address": "later.html"}),
    ],
)
def test_what_is_found_says_of_what(text: str, data: dict[str, str]) -> None:
    _, (finding,) = tincan.read(package(text), NAMES)
    assert finding.data == data


def test_the_first_of_several_launches_counts() -> None:
    inner = f'{NAME}{LAUNCH}<launch lang="en">later.html</launch>'
    assert read(activity(inner)).units[0].url == "index.html"
    assert found(activity(inner)) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
def test_a_title_is_read_in_any_encoding(encoding: str) -> None:
    text = package(activity()).decode().encode(encoding)
    assert tincan.read(text, NAMES)[0].title == {"ja": "講座"}


def test_what_is_no_package_of_tin_can_is_refused() -> None:
    with pytest.raises(NotACourse, match="coursestructure"):
        tincan.read(b"<courseStructure/>", NAMES)
    with pytest.raises(XmlError, match="xml_doctype"):
        tincan.read(b"<!DOCTYPE tincan><tincan/>", NAMES)

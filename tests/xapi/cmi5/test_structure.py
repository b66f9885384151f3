"""A course structure is read as it says it: ids, texts, blocks, and how each unit is launched."""

from __future__ import annotations

import codecs

import pytest

from scorm.xml import XmlError
from tests.xapi.cmi5.made import (
    NAMES,
    SPACE,
    URL,
    au,
    block,
    course,
    element,
    found,
    objectives,
    read,
    texts,
)
from xapi.cmi5 import structure
from xapi.cmi5.course import Block, MoveOn, Unit
from xapi.cmi5.report import NotACourse

TITLE = "表計算の研修（初級）"
ONE = "https://example.org/objectives/1"
#: What other schemas may add to any element, and in any order (13.1.5; 14.0).
FOREIGN = {"xmlns:k": "https://example.org/k", "k:id": "7", "k:moveOn": "odd"}


def only(text: str) -> Unit:
    """Return the only unit of a course."""
    (unit,) = read(text).units
    return unit


def test_a_small_course_says_what_it_says() -> None:
    made = read(course(au(launchMethod="OwnWindow", masteryScore="0.85")))
    assert (made.scheme, made.id) == ("cmi5", "https://example.org/course")
    assert (made.title, made.description) == ({"ja": "題"}, {"ja": "説明"})
    assert made.children == (
        Unit(
            key="u1",
            id="https://example.org/au/1",
            title={"ja": "題"},
            description={"ja": "説明"},
            url="index.html",
            move_on=MoveOn.COMPLETED,
            mastery_score=0.85,
            own_window=True,
        ),
    )


def test_a_sound_course_leaves_nothing_to_find() -> None:
    assert found(course(au())) == []
    assert found(course(block(au()) + au(id="https://example.org/au/2"))) == []


def test_a_unit_says_all_that_it_is_launched_with() -> None:
    inner = (
        f"{texts()}{objectives(ONE)}{URL}<launchParameters> Start=1,Quiz=On\n</launchParameters>"
        "<entitlementKey>\txyz-123-9999 </entitlementKey>"
    )
    media = "http://adlnet.gov/expapi/activities/media"
    unit = only(course(objectives(ONE, attribute="id") + au(inner, activityType=media)))
    assert (unit.launch_parameters, unit.entitlement_key) == ("Start=1,Quiz=On", "xyz-123-9999")
    assert (unit.activity_type, unit.objectives) == (media, (ONE,))


def test_a_unit_that_says_little_is_satisfied_without_more_and_opens_anywhere() -> None:
    """13.1.4 has these defaults."""
    unit = only(course(au(moveOn=None)))
    assert (unit.move_on, unit.own_window, unit.mastery_score) == ("NotApplicable", False, None)
    assert (unit.activity_type, unit.launch_parameters, unit.entitlement_key) == (None, None, None)


@pytest.mark.parametrize(("said", "is_own"), [("OwnWindow", True), ("AnyWindow", False)])
def test_a_unit_says_whether_it_needs_a_window_of_its_own(said: str, is_own: bool) -> None:
    text = course(au(launchMethod=said))
    assert (only(text).own_window, found(text)) == (is_own, [])


@pytest.mark.parametrize("move_on", list(MoveOn))
def test_every_criterion_is_read(move_on: MoveOn) -> None:
    assert only(course(au(moveOn=move_on))).move_on == move_on


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ("0", 0), ("1", 1), ("0.0", 0), ("1.0000", 1), (" 0.8 ", 0.8), (".5", 0.5), ("+0.5", 0.5),
        ("0.1234", 0.1234), ("0.12344", 0.1234), ("0.12346", 0.1235), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_mastery_score_is_a_decimal_to_four_places(said: str | None, score: float | None) -> None:
    assert only(course(au(masteryScore=said))).mastery_score == score


@pytest.mark.parametrize(
    "said",
    ["-0.1", "1.1", "80", "80%", "0,8", "nan", "inf", "-inf", "1e400", "八割", "0x1",
     "1.00004", "-0.00004", "1e-1", "0.1_0", "０.５"],
)  # fmt: skip
def test_what_is_no_decimal_from_0_to_1_is_no_mastery_score(said: str) -> None:
    """13.1.4, masteryScore; XML Schema writes a decimal with digits alone."""
    text = course(au(masteryScore=said))
    assert found(text) == [("value_not_allowed", "au[1]")]
    assert only(text).mastery_score is None


def test_space_around_a_value_is_none_of_it() -> None:
    """13.1."""
    inner = texts("\n 題 ") + "<url>\n index.html </url>"
    unit = only(course(au(inner, id="\n x:1 ")))
    assert (unit.id, unit.url, unit.title) == ("x:1", "index.html", {"ja": "題"})


def test_units_and_blocks_are_numbered_in_the_order_of_the_document() -> None:
    last = au(id="x:3")
    inner = block(au(id="x:2"), id="x:b2")
    made = read(course(block(au(id="x:1") + inner, id="x:b1") + last + block(au(id="x:4"))))
    assert [(each.key, each.id) for each in made.units] == [
        ("u1", "x:1"), ("u2", "x:2"), ("u3", "x:3"), ("u4", "x:4"),
    ]  # fmt: skip
    assert [each.key for each in made.blocks] == ["b2", "b1", "b3"]
    assert [each.key for each in made.children] == ["b1", "u3", "b3"]


def test_a_block_says_what_it_is_and_which_objectives_it_has() -> None:
    text = course(objectives(ONE, attribute="id") + block(objectives(ONE) + au(), texts("章")))
    (made,) = read(text).children
    assert isinstance(made, Block)
    assert (made.title, made.description, made.objectives) == (
        {"ja": "章"}, {"ja": "説明"}, (ONE,),
    )  # fmt: skip
    assert found(text) == []


def test_texts_are_kept_in_each_of_their_languages() -> None:
    strings = "".join(
        element("langstring", text, {"lang": language})
        for language, text in [
            ("ja", " 題 "), ("en-US", "Title"), ("ja", "二つ目"), ("fr", " "), ("日本語", "訳"),
            ("en_GB", "Heading"),
        ]
    )  # fmt: skip
    inner = f"<title><langstring>無題</langstring>{strings}</title>{URL}"
    assert only(course(au(inner))).title == {"und": "無題", "ja": "題", "en-US": "Title"}


def test_markup_and_several_groups_in_a_text_are_read_through() -> None:
    inner = (
        "<title><langstring lang='ja'>表<b>計</b><![CDATA[算]]></langstring></title>"
        f"<title><langstring xml:lang='en'>Sheets</langstring></title>{URL}"
    )
    assert only(course(au(inner))).title == {"ja": "表計算", "en": "Sheets"}


@pytest.mark.parametrize(
    "space", ["", ' xmlns="http://example.org/older.xsd"', ' xmlns=""'], ids=["none", "other", "no"]
)
def test_a_course_is_known_without_its_namespace(space: str) -> None:
    text = course(block(au())).replace(f' xmlns="{SPACE}"', space)
    assert [each.key for each in read(text).units] == ["u1"]
    assert found(text) == []


def test_a_prefix_for_the_namespace_changes_nothing() -> None:
    text = course(au()).replace("</", "\0").replace("<", "<c:").replace("\0", "</c:")
    prefixed = text.replace("xmlns=", "xmlns:c=")
    assert read(prefixed) == read(course(au()))
    assert found(prefixed) == []


def test_what_others_have_added_below_a_course_is_passed_over() -> None:
    """13.1.5, as the extended example of the specification has it."""
    more = (
        '<k:words xmlns:k="https://example.org/k"><k:word id="1"><k:title/></k:word></k:words>'
        "<!-- a comment --><?a word?>"
    )
    assert read(course(au(texts() + URL + more) + more)) == read(course(au()))
    assert found(course(au(texts() + URL + more) + more)) == []


def test_elements_of_others_are_no_units_whatever_they_are_called() -> None:
    """13.1.5: a course stays usable where nobody knows what was added."""
    more = '<k:au xmlns:k="https://example.org/k"/><k:block xmlns:k="https://example.org/k"/>'
    assert found(course(au() + more)) == []
    assert read(course(au() + more)) == read(course(au()))


def test_a_text_goes_on_behind_what_others_have_added_to_it() -> None:
    """13.1.5: their elements may be passed over, and not the words around them."""
    marked = texts("表|算").replace("|", '<k:b xmlns:k="https://example.org/k">計</k:b>')
    assert only(course(au(marked + URL))).title in ({"ja": "表算"}, {"ja": "表計算"})


def test_attributes_of_others_say_nothing_of_a_unit() -> None:
    """14.0: the schema lets any element have them."""
    text = course(au().replace("<au", f"{element('au', '', FOREIGN).removesuffix('></au>')}"))
    assert found(text) == []
    assert read(text) == read(course(au()))


def test_an_id_of_xml_itself_is_not_the_publishers() -> None:
    """14.0: `xml:id` may stand on any element."""
    assert only(course(au().replace("<au", '<au xml:id="first"'))).id == "https://example.org/au/1"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", None), ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-8-sig", None),
        ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", None),
        ("shift_jis", "Shift_JIS"), ("cp932", "Shift_JIS"), ("cp932", "UTF-8"),
        ("euc_jp", "EUC-JP"), ("utf-8", "Shift_JIS"), ("iso2022_jp", "ISO-2022-JP"),
    ],
)  # fmt: skip
def test_a_title_is_read_in_any_encoding(encoding: str, declared: str | None) -> None:
    ahead = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    data = (ahead + course(au(texts(TITLE) + URL))).encode(encoding)
    made, findings = structure.read(data, NAMES)
    assert (made.units[0].title, findings) == ({"ja": TITLE}, [])


def test_a_mark_of_utf_16_goes_before_what_is_declared() -> None:
    data = codecs.BOM_UTF16_BE + course(au(texts(TITLE) + URL)).encode("utf-16-be")
    assert structure.read(data, NAMES)[0].units[0].title == {"ja": TITLE}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "xml_malformed"),
        (b"<courseStructure>", "xml_malformed"),
        (b"<courseStructure>&more;</courseStructure>", "xml_malformed"),
        (b"<!DOCTYPE courseStructure><courseStructure/>", "xml_doctype"),
        (
            b'<!DOCTYPE c [<!ENTITY e SYSTEM "file:///etc/passwd">]><courseStructure/>',
            "xml_doctype",
        ),
        (b"<courseStructure>\x82\xff</courseStructure>", "xml_encoding"),
        (course("<block>" * 100 + "</block>" * 100).encode(), "xml_malformed"),
    ],
)
def test_what_is_no_xml_of_a_package_is_refused_by_its_code(data: bytes, code: str) -> None:
    with pytest.raises(XmlError) as caught:
        structure.read(data, NAMES)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("data", "root"),
    [
        (b"<manifest/>", "manifest"),
        (b"<tincan xmlns='http://projecttincan.com/tincan.xsd'/>", "tincan"),
        (b"<course/>", "course"),
    ],
)
def test_another_root_is_no_course(data: bytes, root: str) -> None:
    with pytest.raises(NotACourse) as caught:
        structure.read(data, NAMES)
    assert (caught.value.root, str(caught.value)) == (root, root)


def test_more_than_a_thousand_units_are_read() -> None:
    """6.1."""
    text = course("".join(au(id=f"https://example.org/au/{at}") for at in range(1, 1002)))
    made = read(text)
    assert [each.key for each in made.units] == [f"u{at}" for at in range(1, 1002)]
    assert [each.id for each in made.units[::1000]] == [
        "https://example.org/au/1", "https://example.org/au/1001",
    ]  # fmt: skip
    assert found(text) == []

"""QTI 2.1 and 3.0: every kind comes back from a package; what others mean is read or told."""

import dataclasses
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from content_packages.errors import PackageRefused
from content_packages.questions import files
from content_packages.questions.findings import OF_QUESTIONS, OF_READING, OF_WRITING
from content_packages.questions.item import (
    Blank,
    Kind,
    Number,
    Option,
    Question,
    QuestionError,
    check,
)  # fmt: skip
from content_packages.questions.qti import packages, packing, writing
from content_packages.questions.qti.making import Edition
from tests.content_packages.questions.made import options, questions


@pytest.mark.parametrize("edition", Edition)
@settings(max_examples=70)
@given(question=questions())
def test_every_kind_comes_back_the_same(edition, question):
    found = packages.read(writing.item(question, edition))
    assert found.questions == (question,)
    assert found.findings == ()
    assert writing.losses(question) == []


@pytest.mark.parametrize("edition", Edition)
@settings(max_examples=10)
@given(asked=st.lists(questions(), max_size=3, unique_by=lambda question: question.id))
def test_a_package_gives_back_what_was_put_into_it(edition, asked):
    found = packages.read(packing.write(asked, edition, "研修"))
    assert list(found.questions) == asked
    assert [each.code for each in found.findings] == ([] if asked else ["manifest_missing"])


def test_the_same_questions_give_the_same_bytes():
    question = Question("q", Kind.TRUE_FALSE, "?", answer=True)
    first, second = (packing.write([question], Edition.QTI_3_0) for _ in "12")
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist() == ["imsmanifest.xml", "test.xml", "items/item-1.xml"]


def test_an_ordering_is_not_written_in_its_right_order():
    question = Question("q", Kind.ORDERING, "?", options=options("一", "二", "三"))
    root = etree.fromstring(writing.item(question, Edition.QTI_2_1))
    choices = ["".join(each.itertext()) for each in root.iter("{*}simpleChoice")]
    assert sorted(choices) == sorted("一二三")
    assert choices != ["一", "二", "三"]


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        (Question("q", Kind.TRUE_FALSE, "?"), ["answer_missing"]),
        (
            Question("q", Kind.ORDERING, "?", is_partial=True,
                     options=(Option("1", "a", feedback="f"), Option("2", "b"))),
            ["partial_changed", "feedback_left_out"],
        ),
        (
            Question("q", Kind.FILL_IN, "[[1]]", blanks=(Blank(("a",), number=Number(1)),)),
            ["accepted_left_out"],
        ),
    ],
)  # fmt: skip
def test_what_an_item_cannot_hold_is_told_before(question, codes):
    found = writing.losses(question)
    assert [each.code for each in found] == codes
    for each in found:
        assert tuple(each.data) == ("id", *(OF_QUESTIONS | OF_WRITING)[each.code])
    read = packages.read(packing.write([question], Edition.QTI_2_1)).questions
    assert len(read) == all(each.severity == "warning" for each in found)


def item(body, *declared, rules="", template="", more="", **attributes):
    """Return an item of 2.1; a template stands for the rules."""
    if template:
        rules = f'<responseProcessing template="http://x/rptemplates/{template}"/>'
    elif rules:
        rules = f"<responseProcessing>{rules}</responseProcessing>"
    extra = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return (
        f'<assessmentItem identifier="i" title="t"{extra}>{"".join(declared)}'
        f"<itemBody>{body}</itemBody>{rules}{more}</assessmentItem>"
    ).encode()


def response(*right, mapped=None, name="RESPONSE", cardinality="single", base="identifier", of=""):
    values = "".join(f"<value>{each}</value>" for each in right)
    entries = "".join(
        f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in (mapped or {}).items()
    )
    mapping = f"<mapping {of}>{entries}</mapping>" if mapped is not None else ""
    correct = f"<correctResponse>{values}</correctResponse>" if right else ""
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}"'
        f' baseType="{base}">{correct}{mapping}</responseDeclaration>'
    )


def choice(*texts, name="RESPONSE", most=1, inside=""):
    made = "".join(f'<simpleChoice identifier="{text}">{text}</simpleChoice>' for text in texts)
    return (
        f'<choiceInteraction responseIdentifier="{name}" shuffle="true" maxChoices="{most}">'
        f"<prompt>?</prompt>{made}{inside}</choiceInteraction>"
    )


def entry(name="RESPONSE"):
    return f'<p>a <textEntryInteraction responseIdentifier="{name}"/></p>'


def one(data, *codes):
    """Return the only question of an item, with the codes of what was found."""
    found = packages.read(data)
    assert [each.code for each in found.findings] == list(codes)
    for each in found.findings:
        assert tuple(each.data) == ("file", *OF_READING[each.code])
    (question,) = found.questions
    return question


def rights(question):
    return [option.text for option in question.options if option.is_right]


MULTIPLE = {"cardinality": "multiple"}
AB = choice("A", "B", "C", most=0)


@pytest.mark.parametrize(
    ("data", "codes", "right", "is_partial"),
    [
        (item(choice("A", "B"), response("A")), (), ["A"], False),
        (item(choice("A", "B"), response("A"), template="match_correct.xml"), (), ["A"], False),
        (item(choice("A", "B"), response("A"), template="CC2_match"), (), ["A"], False),
        (
            item(choice("A", "B"), response("A"), template="house_rule"),
            ("processing_unknown",), ["A"], False,
        ),
        (
            item(choice("A", "B"), response("A", mapped={"B": 2}), template="map_response"),
            (), ["B"], False,
        ),
        (item(choice("A", "B"), response(mapped={"B": 1, "A": 0})), (), ["B"], False),
        (
            item(choice("A", "B"), response(mapped={"B": 1, "A": 0.5}), template="map_response"),
            ("weights_changed",), ["B"], False,
        ),
        (item(AB, response("A", "B", **MULTIPLE)), (), ["A", "B"], False),
        (
            item(AB, response(mapped={"A": 1, "B": 1}, of='defaultValue="-1" lowerBound="0"',
                              **MULTIPLE), template="map_response"),
            (), ["A", "B"], True,
        ),
        (
            item(AB, response(mapped={"A": 1, "B": 1}, of='defaultValue="-1"', **MULTIPLE),
                 template="map_response"),
            ("weights_changed",), ["A", "B"], True,
        ),
        (
            item(AB, response(mapped={"A": 3, "B": 1}, of='lowerBound="0"', **MULTIPLE),
                 template="map_response"),
            ("weights_changed",), ["A", "B"], True,
        ),
        (item(choice("A", "B"), response("B", **MULTIPLE)), (), ["B"], False),
    ],
)  # fmt: skip
def test_a_choice_is_scored_as_the_item_says_or_it_is_told(data, codes, right, is_partial):
    question = one(data, *codes)
    assert rights(question) == right
    assert question.is_partial == is_partial
    assert check(question) == []


SCORE = '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"{}/>'
MOST = (
    '<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float">'
    "<defaultValue><value>{}</value></defaultValue></outcomeDeclaration>"
)


@pytest.mark.parametrize(
    ("declared", "points"),
    [
        ((), 1),
        ((MOST.format(3),), 3),
        ((MOST.format("三"), SCORE.format(' normalMaximum="4"')), 4),
        ((MOST.format(0),), 1),
        ((MOST.format("1e99"),), 1),
        (('<outcomeDeclaration identifier="MAXSCORE"/>',), 1),
        ((SCORE.format(""),), 1),
    ],
)
def test_points_are_what_the_item_says_it_is_worth(declared, points):
    assert one(item(choice("A", "B"), response("A"), *declared)).points == points


@pytest.mark.parametrize(
    ("declared", "points"),
    [
        (response(mapped={"A": 2, "B": -1}), 2),
        (response(mapped={"A": 2, "B": 3}, of='upperBound="4"', **MULTIPLE), 4),
        (response(mapped={"A": 2, "B": 3}, of='upperBound="9"', **MULTIPLE), 5),
    ],
)
def test_points_are_else_what_the_mapping_gives_at_most(declared, points):
    assert packages.read(item(AB, declared)).questions[0].points == points


@pytest.mark.parametrize(
    ("texts", "kind", "answer"),
    [
        (("true", "false"), Kind.TRUE_FALSE, True),
        (("False", "True"), Kind.TRUE_FALSE, False),
        (("正しい", "誤り"), Kind.TRUE_FALSE, True),
        (("×", "○"), Kind.TRUE_FALSE, False),
        (("はい", "いいえ"), Kind.SINGLE, None),
        (("正", "正しい"), Kind.SINGLE, None),
        (("true", "false", "maybe"), Kind.SINGLE, None),
    ],
)
def test_true_and_false_are_known_by_their_words(texts, kind, answer):
    question = one(item(choice(*texts), response(texts[0])))
    assert (question.kind, question.answer) == (kind, answer)


def test_feedback_of_true_and_false_is_said_to_everybody():
    more = "".join(
        f'<modalFeedback identifier="{name}"><p>{name}!</p></modalFeedback>'
        for name in ("true", "false")
    )
    question = one(item(choice("true", "false"), response("true"), more=more), "feedback_left_out")
    assert question.feedback == "true!"


def test_feedback_goes_to_its_option_or_to_everybody():
    more = (
        '<modalFeedback identifier="B"><p>違う</p></modalFeedback>'
        '<modalFeedback identifier="X"><p>一</p></modalFeedback>'
        '<modalFeedback identifier="X"><p>二</p></modalFeedback>'
        '<modalFeedback identifier="GENERAL">すべて</modalFeedback>'
        '<modalFeedback identifier="EMPTY"/>'
    )
    inside = (
        '<simpleChoice identifier="C">C<feedbackBlock identifier="C1">近い</feedbackBlock>'
        "</simpleChoice>"
    )
    body = choice("A", "B", inside=inside) + '<feedbackBlock identifier="Y">三</feedbackBlock>'
    question = one(item(body, response("A"), more=more), "feedback_left_out")
    assert [each.feedback for each in question.options] == ["", "違う", "近い"]
    assert (question.text, question.feedback) == ("?", "すべて")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<questestinterop/>", "item_unknown"),
        (b"<assessmentItem identifier='i'/>", "interaction_missing"),
        (item("<p>a</p>"), "interaction_missing"),
        (item('<endAttemptInteraction responseIdentifier="R"/>'), "interaction_missing"),
        (item('<hotspotInteraction responseIdentifier="R"/>'), "interaction_unknown"),
        (item(choice("A") + choice("B"), response("A")), "interactions_several"),
        (item(choice("A") + entry("X"), response("A")), "interactions_several"),
        (item(choice("A", "B")), "right_answer_missing"),
        (item(choice("A", "B"), response()), "right_answer_missing"),
        (item(choice("A", "B"), response("Z")), "right_answer_missing"),
        (item(entry()), "right_answer_missing"),
        (item(entry(), response(base="float")), "right_answer_missing"),
        (item(entry(), response("many", base="integer")), "right_answer_missing"),
        (
            item('<orderInteraction responseIdentifier="RESPONSE">'
                 '<simpleChoice identifier="A">a</simpleChoice>'
                 '<simpleChoice identifier="B">b</simpleChoice></orderInteraction>',
                 response("A")),
            "right_answer_missing",
        ),
        (
            item('<inlineChoiceInteraction responseIdentifier="RESPONSE"/>' + entry("X"),
                 response("A"), response("b", name="X")),
            "right_answer_missing",
        ),
    ],
)  # fmt: skip
def test_what_no_question_can_be_made_of_is_refused_by_code(data, code):
    found = packages.read(data)
    assert found.questions == ()
    (finding,) = found.findings
    assert (finding.code, finding.severity) == (code, "error")
    assert tuple(finding.data) == ("file", *OF_READING[code])


EQUAL = (
    '<responseCondition><responseIf><equal {}><variable identifier="RESPONSE"/>{}</equal>'
    '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue>'
    "</setOutcomeValue></responseIf></responseCondition>"
)
CORRECT = '<correct identifier="RESPONSE"/>'


@pytest.mark.parametrize(
    ("mode", "asked", "number", "codes"),
    [
        ("", CORRECT, Number(20, 0), ()),
        ('toleranceMode="exact"', CORRECT, Number(20, 0), ()),
        ('toleranceMode="absolute" tolerance="2"', CORRECT, Number(20, 2), ()),
        ('toleranceMode="relative" tolerance="5 5"', CORRECT, Number(20, 1), ()),
        (
            'toleranceMode="absolute" tolerance="0.5 0.5"',
            '<baseValue baseType="float">7</baseValue>', Number(7, 0.5), (),
        ),
        ('toleranceMode="absolute" tolerance="1 2"', CORRECT, Number(20, 0),
         ("processing_unknown",)),
        ('toleranceMode="absolute" tolerance="a"', CORRECT, Number(20, 0),
         ("processing_unknown",)),
        ('toleranceMode="absolute"', CORRECT, Number(20, 0), ("processing_unknown",)),
        ('toleranceMode="odd" tolerance="1"', CORRECT, Number(20, 0), ("processing_unknown",)),
    ],
)  # fmt: skip
def test_a_number_may_be_off_as_the_rules_say(mode, asked, number, codes):
    data = item(entry(), response("20", base="float"), rules=EQUAL.format(mode, asked))
    assert one(data, *codes).blanks == (Blank(number=number),)


MATCH = (
    '<responseCondition><responseIf>{}<setOutcomeValue identifier="SCORE">'
    '<baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition>'
)
FITS = '<match><variable identifier="{0}"/><correct identifier="{0}"/></match>'


@pytest.mark.parametrize(
    ("rules", "is_partial", "codes"),
    [
        (MATCH.format(f"<and>{FITS.format('X')}{FITS.format('Y')}</and>"), False, ()),
        (MATCH.format(FITS.format("X")) + MATCH.format(FITS.format("Y")), True, ()),
        (
            "".join(
                MATCH.format(
                    f'<and><not><isNull><variable identifier="{name}"/></isNull></not>'
                    f"{FITS.format(name)}</and>"
                )
                for name in "XY"
            ),
            True, (),
        ),
        (MATCH.format(f"<not>{FITS.format('X')}</not>"), True, ("processing_unknown",)),
        (MATCH.format("<gte/>"), True, ("processing_unknown",)),
        (MATCH.format('<patternMatch pattern="a"/>'), True, ("processing_unknown",)),
        ("<equal/>", True, ("processing_unknown",)),
        ("<random/><equal/>", True, ("processing_unknown",)),
    ],
)  # fmt: skip
def test_rules_say_whether_blanks_count_together(rules, is_partial, codes):
    declared = [response("a", base="string", name=name) for name in "XY"]
    question = one(item(entry("X") + entry("Y"), *declared, rules=rules), *codes)
    assert question.text == "a [[1]]\na [[2]]"
    assert question.is_partial == is_partial
    assert question.blanks == (Blank(("a",), is_case_sensitive=True),) * 2


def test_a_mapping_counts_only_where_the_rules_use_it():
    declared = response("a", base="string", mapped={"a": 1, "b": 1})
    assert one(item(entry(), declared)).blanks[0].accepted == ("a",)
    mapped = item(entry(), declared, template="map_response")
    assert one(mapped).blanks[0].accepted == ("a", "b")


def menu(name="RESPONSE"):
    return (
        f'<p>a <inlineChoiceInteraction responseIdentifier="{name}">'
        '<inlineChoice identifier="1">b</inlineChoice>'
        '<inlineChoice identifier="2">c</inlineChoice></inlineChoiceInteraction> d</p>'
    )


def test_a_menu_alone_is_a_choice_and_beside_others_a_blank():
    alone = one(item(menu(), response("2")))
    assert (alone.kind, alone.text, rights(alone)) == (Kind.SINGLE, "a _____ d", ["c"])
    assert not alone.is_shuffled
    both = one(item(menu("X") + menu("Y"), response("1", name="X"), response("2", name="Y")),
               "choices_written_out")  # fmt: skip
    assert both.text == "a [[1]] (b / c) d\na [[2]] (b / c) d"
    assert [blank.accepted for blank in both.blanks] == [("b",), ("c",)]


def associable(*names):
    return "".join(
        f'<simpleAssociableChoice identifier="{name}">{name}</simpleAssociableChoice>'
        for name in names
    )


def match(*sets):
    made = "".join(f"<simpleMatchSet>{associable(*each)}</simpleMatchSet>" for each in sets)
    return f'<matchInteraction responseIdentifier="RESPONSE">{made}</matchInteraction>'


def associate(names):
    made = associable(*names)
    return f'<associateInteraction responseIdentifier="RESPONSE">{made}</associateInteraction>'


PAIRED = {"cardinality": "multiple", "base": "directedPair"}


def test_pairs_of_one_set_are_a_matching():
    question = one(
        item(associate("ABCDE"), response("C D", "A B", cardinality="multiple", base="pair"))
    )
    assert [(pair.left, pair.right) for pair in question.pairs] == [("A", "B"), ("C", "D")]
    assert [each.text for each in question.distractors] == ["E"]


@pytest.mark.parametrize(
    ("body", "right"),
    [
        (match("AB", "XY"), ["A X"]),
        (match("AB", "XY"), ["A X", "A Y"]),
        (match("AB", "XY"), ["A X", "B Z"]),
        (match("AB", "XY"), ["A X", "B"]),
        (match("AB", "XY"), ["A X", ""]),
        (match("AB"), ["A B"]),
        (associate("AB"), ["A B", ""]),
    ],
)
def test_pairs_that_are_not_one_to_one_are_refused(body, right):
    found = packages.read(item(body, response(*right, **PAIRED)))
    assert [each.code for each in found.findings] == ["pairs_not_one_to_one"]


def test_an_essay_is_scored_by_hand_whatever_its_rules_are():
    body = (
        '<rubricBlock view="scorer tutor"><p>一</p></rubricBlock><p>理由は？</p>'
        '<extendedTextInteraction responseIdentifier="RESPONSE" expectedLength="9"/>'
    )
    question = one(item(body, response("二", base="string"), template="ai_score"))
    assert (question.text, question.model, question.most) == ("理由は？", "一\n二", None)


def package(contents, **more):
    """Return a ZIP of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in {**contents, **more}.items():
            archive.writestr(name, content)
    return packed.getvalue()


def manifest(**resources):
    made = "".join(
        f'<resource type="{kind}" href="{href}"/>' for href, kind in resources["of"].items()
    )
    return f"<manifest><resources>{made}</resources></manifest>"


ITEM = "imsqti_item_xmlv2p2"


def asking(text):
    return item(choice("A", "B").replace("?", text), response("A"), label=text)


def test_a_package_in_a_folder_gives_its_items_in_the_order_of_its_test():
    listed = {"items/a%201.xml": ITEM, "items/b.xml": ITEM, "tests/t.xml": "imsqti_test_xmlv2p2",
              "c.xml": ITEM, "img/x.png": "webcontent"}  # fmt: skip
    test = '<assessmentTest><assessmentItemRef href="../items/b.xml"/>'
    test += '<assessmentItemRef href="gone.xml"/></assessmentTest>'
    found = packages.read(
        package(
            {
                "exam/imsmanifest.xml": manifest(of=listed),
                "exam/items/a 1.xml": asking("一"),
                "exam/items/b.xml": asking("二"),
                "exam/tests/t.xml": test,
                "exam/img/x.png": b"-",
            }
        )
    )
    assert [question.text for question in found.questions] == ["二", "一"]
    assert [(each.code, each.data) for each in found.findings] == [
        ("file_missing", {"file": "c.xml"}),
        ("resources_left_out", {"count": 1}),
    ]
    assert len({question.id for question in found.questions}) == 2


@pytest.mark.parametrize(
    "contents",
    [
        {},
        {"imsmanifest.xml": "<manifest"},
        {"imsmanifest.xml": manifest(of={"a.xml": "webcontent"})},
        {"imsmanifest.xml": " " * (files.LARGEST + 1)},
    ],
)
def test_a_package_without_a_manifest_gives_all_its_items(contents):
    others = {"a.xml": asking("一"), "b.xml": "<assessmentTest/>", "c.xml": "<"}
    found = packages.read(package(contents | others))
    assert [question.text for question in found.questions] == ["一"]
    assert [each.code for each in found.findings] == ["manifest_missing"]


def test_a_broken_item_or_test_spoils_no_other():
    listed = {"a.xml": ITEM, "b.xml": ITEM, "c.xml": ITEM, "t.xml": "imsqti_test_xmlv2p1"}
    evil = b'<!DOCTYPE a [<!ENTITY b "c">]><assessmentItem/>'
    found = packages.read(
        package({"imsmanifest.xml": manifest(of=listed), "a.xml": evil, "b.xml": asking("二"),
                 "c.xml": b" " * (files.LARGEST + 1), "t.xml": "<"})
    )  # fmt: skip
    assert [question.text for question in found.questions] == ["二"]
    assert [(each.code, each.data) for each in found.findings] == [
        ("file_refused", {"file": "a.xml", "reason": "xml_doctype"}),
        ("file_refused", {"file": "c.xml", "reason": "xml_malformed"}),
    ]


def test_too_much_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.xml"
    path.write_bytes(b" " * (files.LARGEST + 1))
    with pytest.raises(QuestionError, match="too_large"):
        packages.read(path)
    monkeypatch.setattr(packages, "MOST_QUESTIONS", 1)
    with pytest.raises(QuestionError, match="too_many"):
        packages.read(package({"a.xml": asking("一"), "b.xml": asking("二")}))


def test_a_zip_that_is_not_taken_is_refused_as_any_other(tmp_path):
    twice = package({"a/imsmanifest.xml": "<a/>", "b/imsmanifest.xml": "<a/>"})
    for source, code in ((b"PK", "truncated"), (twice, "several_manifests")):
        with pytest.raises(PackageRefused) as caught:
            packages.read(source)
        assert caught.value.code == code


@given(st.binary(max_size=20))
def test_whatever_bytes_come_are_read_or_refused(data):
    try:
        found = packages.read(b"<" + data)
    except PackageRefused:
        return
    assert found.questions == ()


NAMES = ["assessmentItem", "itemBody", "choiceInteraction", "simpleChoice", "orderInteraction",
         "matchInteraction", "simpleMatchSet", "simpleAssociableChoice", "associateInteraction",
         "textEntryInteraction", "inlineChoiceInteraction", "inlineChoice", "value", "equal",
         "responseDeclaration", "correctResponse", "mapping", "mapEntry", "responseProcessing",
         "modalFeedback", "extendedTextInteraction", "rubricBlock", "p", "prompt"]  # fmt: skip
ATTRIBUTES = ["identifier", "responseIdentifier", "mapKey", "mappedValue", "cardinality", "view",
              "baseType", "template", "patternMask"]  # fmt: skip
VALUES = ["RESPONSE", "A", "B", "A B", "1", "-1", "multiple", "float", "map_response", ""]


@st.composite
def elements(draw, depth=2):
    name = draw(st.sampled_from(NAMES))
    values = st.dictionaries(st.sampled_from(ATTRIBUTES), st.sampled_from(VALUES), max_size=3)
    made = etree.Element(name, draw(values))
    made.text = draw(st.sampled_from(VALUES))
    if depth:
        made.extend(draw(st.lists(elements(depth - 1), max_size=3)))
    return made


@settings(max_examples=40)
@given(st.lists(elements(), max_size=3), st.lists(elements(), max_size=3))
def test_whatever_stands_in_an_item_is_read_or_refused_by_code(inside, body):
    root = etree.Element("assessmentItem")
    root.extend(inside)
    etree.SubElement(root, "itemBody").extend(body)
    found = packages.read(etree.tostring(root))
    assert len(found.questions) + sum(each.severity == "error" for each in found.findings) == 1
    for each in found.findings:
        assert tuple(each.data) == ("file", *OF_READING[each.code])


def test_ids_are_kept_and_titles_that_only_repeat_them_are_not():
    question = Question("18-b", Kind.TRUE_FALSE, "?", answer=False)
    data = writing.item(question, Edition.QTI_3_0)
    assert b'title="18-b"' in data
    assert one(data) == question
    assert one(data.replace(b' identifier="18-b"', b"")).id.startswith("q")
    titled = dataclasses.replace(question, title="題")
    assert one(writing.item(titled, Edition.QTI_2_1)) == titled

"""GIFT: every question that it can hold comes back; what it cannot hold is told."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content_packages.questions import files, gift
from content_packages.questions.findings import OF_QUESTIONS, OF_READING, OF_WRITING
from content_packages.questions.item import (
    Blank,
    Kind,
    Number,
    Option,
    Pair,
    Question,
    QuestionError,
)  # fmt: skip
from tests.content_packages.questions.made import KINDS, fill_ins, options, questions

HELD = st.one_of(
    *(parts for kind, parts in KINDS.items() if kind not in {Kind.FILL_IN, Kind.ORDERING}),
    fill_ins(most=1),
)


def as_gift_holds_it(question):
    """Return the question without what GIFT has no place for."""
    blanks = tuple(dataclasses.replace(each, is_case_sensitive=False) for each in question.blanks)
    is_partial = question.kind in {Kind.MULTIPLE, Kind.MATCHING}
    return dataclasses.replace(
        question, points=1, is_shuffled=True, is_partial=is_partial, model="", most=None,
        blanks=blanks,
    )  # fmt: skip


@settings(max_examples=50)
@given(st.lists(questions(HELD), max_size=3, unique_by=lambda question: question.id))
def test_what_gift_can_hold_comes_back_the_same(asked):
    held = [as_gift_holds_it(question) for question in asked]
    held = [each for each in held if gift.losses(each) == []]
    found = gift.read(gift.write(held))
    assert list(found.questions) == held
    assert found.findings == ()
    assert found.categories == ("",) * len(held)


@settings(max_examples=50)
@given(st.lists(questions(), max_size=3))
def test_whatever_is_written_can_be_read(asked):
    written = [each for each in asked if all(f.severity != "error" for f in gift.losses(each))]
    found = gift.read(gift.write(asked, "区 \n 研修"))
    assert [each.text for each in found.questions] == [each.text for each in written]
    assert found.findings == ()
    assert set(found.categories) <= {"区 研修"}


@given(st.text(st.sampled_from("a~=#{}:\\[]%/\n->T1.html")))
def test_no_text_is_too_much(text):
    for each in gift.read(text).findings:
        assert tuple(each.data) == ("line", *OF_READING[each.code])


def one(text, *codes):
    """Return the only question of a text, with the codes of what was found."""
    found = gift.read(text)
    assert [each.code for each in found.findings] == list(codes)
    (question,) = found.questions
    return question


def test_formats_are_reduced_or_kept():
    assert one("[html]<b>a</b> b{T}", "markup_left_out").text == "a b"
    assert one("[markdown]*a*{T}", "markdown_kept").text == "*a*"
    assert one("[plain]<b>a</b>{T}").text == "<b>a</b>"
    assert one("<p>a</p><p>b</p>{T}").text == "a\nb"
    assert one("a < b{T}").text == "a < b"
    assert one("a\nb\\nc{T}").text == "a\nb\nc"


def test_a_piece_can_have_a_format_of_its_own():
    question = one("[plain]<i>?{=[html]<p>a</p> ~<p>b</p>}")
    assert (question.text, [each.text for each in question.options]) == ("<i>?", ["a", "<p>b</p>"])


@pytest.mark.parametrize(
    ("answers", "number", "accepted"),
    [
        ("#3", (3, 0), ()),
        ("#3:0.5", (3, 0.5), ()),
        ("# 1..5 ", (3, 2), ()),
        ("#5..1", (3, 2), ()),
        ("#=-1.5e1:.5", (-15, 0.5), ()),
        ("#=1 =2 =3:0", (1, 0), ("2", "3")),
    ],
)
def test_numbers_are_read_with_their_tolerance(answers, number, accepted):
    (blank,) = one(f"a {{{answers}}}").blanks
    assert (blank.number, blank.accepted) == (number, accepted)


def test_numbers_that_one_blank_cannot_hold_are_counted():
    found = gift.read("a {#=1..2 =3..4 =%50%5 ~#いいえ#}")
    assert [(each.code, each.data) for each in found.findings] == [
        ("answers_left_out", {"line": 1, "count": 2}),
        ("feedback_moved", {"line": 1}),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a", "answers_missing"),
        ("a }", "braces_unbalanced"),
        ("a {", "braces_unbalanced"),
        ("a {=b} c {=d}", "braces_unbalanced"),
        ("a {b}", "answers_unreadable"),
        ("a {b =c}", "answers_unreadable"),
        ("a {#~b}", "answers_unreadable"),
        ("a {#=%50%1}", "answers_unreadable"),
        ("a {#1e999}", "number_unreadable"),
        ("a {#1:1e999}", "number_unreadable"),
        ("a {#多い}", "number_unreadable"),
        ("a {=b -> c =d}", "answers_unreadable"),
    ],
)
def test_a_broken_question_is_told_of_and_spoils_no_other(text, code):
    found = gift.read(f"一{{T}}\n\n// -\n{text}\n\n二{{F}}")
    assert [each.text for each in found.questions] == ["一", "二"]
    (finding,) = found.findings
    assert (finding.code, finding.severity, finding.data["line"]) == (code, "error", 4)


@pytest.mark.parametrize(
    ("answers", "codes", "rights"),
    [
        ("=a ~b", (), [True, False]),
        ("=%100%a ~%0%b", (), [True, False]),
        ("=a ~%50%b", ("weights_changed",), [True, False]),
        ("~%100%a ~%-100%b", (), [True, False]),
        ("~%33.333%a ~%33.333%b ~%33.333%c ~%-33.333%d", (), [True, True, True, False]),
        ("~%50%a ~%50%b ~c", ("weights_changed",), [True, True, False]),
        ("~%70%a ~%30%b", ("weights_changed",), [True, True]),
        ("~a ~b", ("weights_changed",), [False, False]),
    ],
)
def test_weights_say_what_is_right_and_whether_marking_agrees(answers, codes, rights):
    question = one(f"?{{{answers}}}", *codes)
    assert [option.is_right for option in question.options] == rights


@pytest.mark.parametrize(
    ("answers", "feedback", "codes"),
    [
        ("T", "", ()),
        ("TRUE####すべて", "すべて", ()),
        ("false#違う", "違う", ("feedback_moved",)),
        ("F#違う#そう", "違う", ("feedback_left_out",)),
        ("T#同じ#同じ", "同じ", ("feedback_moved",)),
        ("T#違う####すべて", "すべて", ("feedback_left_out",)),
        ("=a#違う", "違う", ("feedback_moved",)),
        ("=a -> b#違う", "違う", ("feedback_moved",)),
        ("####すべて", "すべて", ()),
    ],
)
def test_only_options_have_feedback_of_their_own(answers, feedback, codes):
    assert one(f"?{{{answers}}}", *codes).feedback == feedback


def test_identifiers_of_moodle_are_kept_and_never_given_twice():
    found = gift.read(
        "// question: 1 [id:a\\]1]\n一{T}\n\n// [id:a\\]1]\n二{T}\n\n"
        "三{T}\n\n三{T}\n\n// [id:]\n四{T}"
    )
    names = [question.id for question in found.questions]
    assert names[0] == "a]1"
    assert len(set(names)) == 5
    assert names[3] == f"{names[2]}-1"


def test_bytes_are_read_in_the_encodings_of_japan():
    for encoding in ("utf-8", "utf-8-sig", "cp932", "utf-16"):
        assert one("窓口は何番ですか{=三番}".encode(encoding)).text == "窓口は何番ですか[[1]]"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"\x81\xff\xff\xfe" * 9, "encoding"),
        (b"a" * (files.LARGEST + 1), "too_large"),
        ("a{T}\n\n" * 4, "too_many"),
    ],
    ids=["encoding", "too-large", "too-many"],
)
def test_a_file_that_is_none_is_refused(monkeypatch, source, code):
    monkeypatch.setattr(gift, "MOST_QUESTIONS", 3)
    with pytest.raises(QuestionError) as caught:
        gift.read(source)
    assert caught.value.code == code


PAIRS = (Pair("1", "a", "x"), Pair("2", "b", "y"))


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        (Question("q", Kind.TRUE_FALSE, "?", answer=True), []),
        (Question("q", Kind.TRUE_FALSE, "?"), ["answer_missing"]),
        (Question("q", Kind.TRUE_FALSE, "?", 2, answer=True), ["points_left_out"]),
        (
            Question("q", Kind.SINGLE, "?", options=options("a", "b", right="a"),
                     is_shuffled=False),
            ["order_left_out"],
        ),
        (
            Question("q", Kind.MULTIPLE, "?", options=options("a", "b", right="a")),
            ["partial_changed"],
        ),
        (Question("q", Kind.ORDERING, "?", options=options("a", "b")), ["kind_left_out"]),
        (
            Question("q", Kind.FILL_IN, "[[1]][[2]]", blanks=(Blank(("a",)),) * 2),
            ["kind_left_out"],
        ),
        (
            Question("q", Kind.FILL_IN, "[[1]]", blanks=(Blank(("a",), True, Number(1)),)),
            ["case_left_out", "accepted_left_out"],
        ),
        (Question("q", Kind.FILL_IN, "[[1]]", blanks=(Blank(("a->b",)),)), ["arrow_left_out"]),
        (Question("q", Kind.MATCHING, "?", pairs=PAIRS), ["partial_changed"]),
        (
            Question("q", Kind.MATCHING, "?", is_partial=True,
                     pairs=(*PAIRS, Pair("3", "c->d", "z"))),
            ["arrow_left_out"],
        ),
        (Question("q", Kind.ESSAY, "?", most=9, model="m"), ["model_left_out", "most_left_out"]),
    ],
)  # fmt: skip
def test_what_gift_cannot_hold_is_told_before(question, codes):
    found = gift.losses(question)
    assert [each.code for each in found] == codes
    for each in found:
        assert tuple(each.data) == ("id", *(OF_QUESTIONS | OF_WRITING)[each.code])
    is_written = gift.write([question]) != ""
    assert is_written == all(each.severity == "warning" for each in found)


def test_a_text_is_never_taken_for_a_sign():
    texts = ("%50%a", "[html]b", "= ~ # { } : \\ \\n", "->", "//c", "$CATEGORY: d", "T")
    question = Question(
        "q", Kind.SINGLE, "// [html] {a} ::b::", feedback="[plain]#",
        options=tuple(Option(each.id, each.text, each.is_right, "[html]##")
                      for each in options(*texts, right=("T",))),
        title="::",
    )  # fmt: skip
    assert gift.read(gift.write([question])).questions == (question,)

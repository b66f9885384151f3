"""Questions as documents, what is wrong with them, and the order they are shown in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_packages.questions.findings import OF_QUESTIONS
from content_packages.questions.item import (
    Blank,
    Kind,
    Number,
    Option,
    Pair,
    Question,
    QuestionError,
    arranged,
    check,
    choices,
    draw,
    from_document,
    names_for,
    tidy,
    to_document,
)  # fmt: skip
from tests.content_packages.questions.made import ORDERINGS, matchings, options, questions


@given(questions())
def test_a_question_comes_back_from_its_document(question):
    assert from_document(json.loads(json.dumps(to_document(question)))) == question


@given(questions())
def test_a_question_made_with_care_has_no_fault(question):
    assert check(question) == []


def test_a_document_says_only_what_is_not_so_anyway():
    question = Question("q", Kind.ESSAY, "理由を述べよ。")
    assert to_document(question) == {"id": "q", "kind": "essay", "text": "理由を述べよ。"}


def test_texts_are_tidied_on_their_way_in():
    document = {"id": "q", "kind": "essay", "text": " 一\r\n二\t三\0\ud800 "}
    assert from_document(document).text == "一\n二 三"


@given(st.text())
def test_tidying_twice_changes_nothing(text):
    assert tidy(tidy(text)) == tidy(text)


SOUND = {"id": "q", "kind": "single", "text": "?"}


@pytest.mark.parametrize(
    ("document", "code", "field"),
    [
        (None, "field_wrong", "question"),
        ([], "field_wrong", "question"),
        ({"id": "q", "kind": "single"}, "field_missing", "question.text"),
        (SOUND | {"colour": 1}, "field_unknown", "question.colour"),
        (SOUND | {1: 1}, "field_unknown", "question.1"),
        (SOUND | {"id": ""}, "field_wrong", "question.id"),
        (SOUND | {"id": " q"}, "field_wrong", "question.id"),
        (SOUND | {"id": "a\nb"}, "field_wrong", "question.id"),
        (SOUND | {"id": 1}, "field_wrong", "question.id"),
        (SOUND | {"kind": "riddle"}, "field_wrong", "question.kind"),
        (SOUND | {"kind": ["single"]}, "field_wrong", "question.kind"),
        (SOUND | {"text": 1}, "field_wrong", "question.text"),
        (SOUND | {"text": "a" * 100_001}, "field_wrong", "question.text"),
        (SOUND | {"points": "1"}, "field_wrong", "question.points"),
        (SOUND | {"points": True}, "field_wrong", "question.points"),
        (SOUND | {"points": float("nan")}, "field_wrong", "question.points"),
        (SOUND | {"points": 10**400}, "field_wrong", "question.points"),
        (SOUND | {"most": 1.5}, "field_wrong", "question.most"),
        (SOUND | {"is_partial": 1}, "field_wrong", "question.is_partial"),
        (SOUND | {"options": {}}, "field_wrong", "question.options"),
        (SOUND | {"options": [{}] * 1001}, "field_wrong", "question.options"),
        (SOUND | {"options": [{"id": "a"}]}, "field_missing", "question.options.1.text"),
        (SOUND | {"blanks": [{"number": [1]}]}, "field_wrong", "question.blanks.1.number"),
        (SOUND | {"options": [{"id": "a", "text": "1"}] * 2}, "id_twice", "options"),
    ],
)
def test_a_malformed_document_is_refused_by_code_and_field(document, code, field):
    with pytest.raises(QuestionError) as caught:
        from_document(document)
    assert (caught.value.code, caught.value.data) == (code, {"field": field})


TWO = options("はい", "いいえ", right=("はい",))
PAIRS = (Pair("1", "a", "x"), Pair("2", "b", "y"))


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (Question("q", Kind.SINGLE, " ", options=TWO), [("text_missing", {})]),
        (
            Question("q", Kind.SINGLE, "a" * 20_001, options=TWO),
            [("text_too_long", {"limit": 20_000})],
        ),
        (
            Question("q", Kind.SINGLE, "?", options=(Option("1", "a" * 20_001, True), *TWO[1:])),
            [("text_too_long", {"limit": 20_000})],
        ),
        (Question("q", Kind.SINGLE, "?", 0, options=TWO), [("points_wrong", {"points": 0})]),
        (Question("q", Kind.SINGLE, "?", 1001, options=TWO), [("points_wrong", {"points": 1001})]),
        (Question("q", Kind.SINGLE, "?", options=TWO[:1]), [("options_too_few", {"count": 1})]),
        (
            Question("q", Kind.SINGLE, "?", options=options(*map(str, range(101)), right=("1",))),
            [("options_too_many", {"count": 101, "limit": 100})],
        ),
        (
            Question("q", Kind.SINGLE, "?", options=(*TWO, Option("x", " "))),
            [("option_empty", {"number": 3})],
        ),
        (
            Question("q", Kind.SINGLE, "?", options=(*TWO, Option("x", "いいえ"))),
            [("option_twice", {"text": "いいえ"})],
        ),
        (Question("q", Kind.SINGLE, "?", options=options("a", "b")), [("right_missing", {})]),
        (Question("q", Kind.MULTIPLE, "?", options=options("a", "b")), [("right_missing", {})]),
        (
            Question("q", Kind.SINGLE, "?", options=options("a", "b", right=("a", "b"))),
            [("right_several", {"count": 2})],
        ),
        (Question("q", Kind.TRUE_FALSE, "?"), [("answer_missing", {})]),
        (Question("q", Kind.FILL_IN, "?"), [("blanks_missing", {})]),
        (
            Question("q", Kind.FILL_IN, "[[1]]", blanks=(Blank((" ",)),)),
            [("blank_without_answer", {"number": 1})],
        ),
        (
            Question("q", Kind.FILL_IN, "[[1]]", blanks=(Blank(number=Number(1, -1)),)),
            [("tolerance_wrong", {"number": 1})],
        ),
        (
            Question("q", Kind.FILL_IN, "[[2]][[2]][[7]]", blanks=(Blank(("a",)),) * 2),
            [
                ("marker_missing", {"number": 1}),
                ("marker_twice", {"number": 2}),
                ("marker_unknown", {"number": 7}),
            ],
        ),
        (Question("q", Kind.ORDERING, "?", options=TWO[:1]), [("options_too_few", {"count": 1})]),
        (Question("q", Kind.MATCHING, "?", pairs=PAIRS[:1]), [("pairs_too_few", {"count": 1})]),
        (
            Question(
                "q", Kind.MATCHING, "?",
                pairs=(*PAIRS, Pair("3", "a", ""), Pair("4", " ", "x")),
                distractors=(Option("5", "x"), Option("6", " ")),
            ),
            [
                ("pair_empty", {"number": 3}),
                ("pair_empty", {"number": 4}),
                ("option_empty", {"number": 2}),
                ("pair_twice", {"text": "a"}),
                ("distractor_right", {"text": "x"}),
            ],
        ),
        (Question("q", Kind.ESSAY, "?", most=0), [("most_wrong", {"most": 0})]),
        (Question("q", Kind.ESSAY, "?", most=50_001), [("most_wrong", {"most": 50_001})]),
    ],
)  # fmt: skip
def test_everything_that_is_wrong_is_found_at_once(question, found):
    findings = check(question)
    assert [(each.code, each.data) for each in findings] == found
    for each in findings:
        assert tuple(each.data) == OF_QUESTIONS[each.code]
        assert each.severity == "error"


@given(questions(), st.text(max_size=4))
def test_the_same_seed_arranges_the_same_way_and_loses_nothing(question, seed):
    shown = arranged(question, seed)
    assert shown == arranged(question, seed)
    before = choices(question) if question.kind is Kind.MATCHING else question.options
    assert sorted(shown.options, key=str) == sorted(before, key=str)
    if not question.is_shuffled and question.kind is not Kind.MATCHING:
        assert shown == question


def test_another_seed_and_another_question_arrange_otherwise():
    texts = list(map(str, range(20)))
    one = Question("1", Kind.MULTIPLE, "?", options=options(*texts, right=("1",)))
    other = Question("2", Kind.MULTIPLE, "?", options=one.options)
    orders = {arranged(each, seed).options for each in (one, other) for seed in ("a", "b")}
    assert len(orders) == 4


@given(questions(ORDERINGS), st.text(max_size=4))
def test_an_ordering_is_never_given_in_its_right_order(question, seed):
    assert arranged(question, seed).options != question.options


def test_an_ordering_of_one_cannot_be_disordered():
    question = Question("q", Kind.ORDERING, "?", options=options("a"))
    assert arranged(question, "s") == question


@given(questions(matchings()))
def test_right_sides_are_each_offered_once_under_names_that_tell_nothing(question):
    offered = choices(question)
    texts = {pair.right for pair in question.pairs} | {each.text for each in question.distractors}
    assert {option.text for option in offered} == texts
    assert len({option.id for option in offered}) == len(offered) == len(texts)
    assert [option.id for option in offered] == names_for(option.text for option in offered)


def test_an_order_never_changes_between_versions():
    question = Question("q", Kind.MULTIPLE, "?", options=tuple(Option(n, n) for n in "abcdef"))
    assert "".join(option.id for option in arranged(question, "seed").options) == "cbfdae"
    assert "".join(draw("abcdef", 4, "seed")) == "afbc"


@given(st.sets(st.text(max_size=3)), st.integers(-1, 9), st.text(max_size=3))
def test_drawing_gives_each_name_at_most_once(ids, count, seed):
    drawn = draw(sorted(ids), count, seed)
    assert len(set(drawn)) == len(drawn) == min(max(0, count), len(ids))
    assert ids.issuperset(drawn)
    assert drawn == draw(sorted(ids, reverse=True), count, seed)


def test_every_name_is_drawn_about_as_often():
    times = dict.fromkeys("abcd", 0)
    for seed in range(400):
        times[draw("abcd", 1, str(seed))[0]] += 1
    assert all(70 < count < 130 for count in times.values())


def test_names_of_the_same_text_are_told_apart():
    first, second, other = names_for(["a", "a", "b"])
    assert second == f"{first}-2"
    assert other not in {first, second}

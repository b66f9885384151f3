"""What is wrong or odd about cues."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_packages.captions import Cue, check, in_order
from content_packages.captions.checks import FASTEST, MOST_CUES
from content_packages.captions.reading import LARGEST
from tests.content_packages.captions.made import CUES, codes


def cue(start, end, text="字幕", line=0):
    return Cue(start, end, text, line=line)


def severities(problems):
    return {(each.code, each.severity) for each in problems}


def test_sound_cues_have_no_problem():
    assert check([cue(0, 1), cue(1, 2), cue(5, 10)], 10) == ()
    assert check([], None) == ()


@pytest.mark.parametrize("end", [1, 0.5])
def test_a_cue_ends_after_it_begins(end):
    """WebVTT 4.1, cue timings."""
    found = check([cue(1, end, line=7)], 10)
    assert codes(found) == [("ends_before_start", 7)]
    assert found[0].severity == "error"
    assert found[0].data == {"start": "00:00:01.000", "end": f"00:00:0{end:.3f}"}


def test_cues_stand_in_the_order_of_their_starts():
    """WebVTT 4.1, cue timings: not earlier than any before."""
    cues = [cue(1, 2, line=1), cue(5, 6, line=2), cue(3, 4, line=3), cue(3, 4, line=4)]
    found = check(cues, 10)
    assert [each for each in codes(found) if each[0] == "out_of_order"] == [("out_of_order", 3)]
    assert ("out_of_order", "error") in severities(found)
    assert found[0].data == {"start": "00:00:03.000", "previous": "00:00:05.000"}
    assert "out_of_order" not in dict(codes(check(in_order(cues), 10)))


def test_cues_of_one_time_keep_their_order():
    cues = [cue(2, 3, "c"), cue(1, 2, "a"), cue(1, 4, "b")]
    assert [each.text for each in in_order(cues)] == ["a", "b", "c"]


def test_a_cue_that_is_still_shown_when_the_next_begins_is_told():
    found = check([cue(3, 5, line=2), cue(1, 3.5, line=1)], 10)
    assert codes(found) == [("out_of_order", 1), ("overlap", 1)]
    assert severities(found) == {("out_of_order", "error"), ("overlap", "warning")}
    assert found[1].data == {"end": "00:00:03.500", "next": "00:00:03.000"}


def test_a_cue_that_ends_before_it_begins_overlaps_with_none():
    assert codes(check([cue(3, 1, line=1), cue(3, 4)], 10)) == [("ends_before_start", 1)]


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (10, 11, ("begins_beyond_end", "error")),
        (12, 13, ("begins_beyond_end", "error")),
        (9, 10.6, ("ends_beyond_end", "warning")),
        (9, 10.5, None),
    ],
)
def test_cues_are_shown_within_their_film(start, end, code):
    found = check([cue(start, end)], 10.0)
    assert severities(found) == ({code} if code else set())
    assert all(each.data["duration"] == "00:00:10.000" for each in found)
    assert check([cue(start, end)], None) == ()


@pytest.mark.parametrize("text", ["", " \u3000\n", "<i></i>", "&nbsp;", "<v 山田> </v>"])
def test_a_cue_without_words_is_told(text):
    found = check([cue(1, 2, text, line=3)], 10)
    assert codes(found) == [("text_empty", 3)]
    assert found[0].severity == "warning"


@pytest.mark.parametrize(
    ("text", "is_too_fast"),
    [
        ("字" * FASTEST, False),
        ("字" * FASTEST + "ａ", True),
        ("a" * FASTEST * 2, False),
        ("a" * FASTEST * 2 + "i", True),
        ("字 \n" * FASTEST, False),
        ("e\u0301" * FASTEST * 2, False),
        (f"<v 山田>{'<ruby>字<rt>あざ</rt></ruby>' * FASTEST}</v>", False),
        ("&amp;" * FASTEST * 2, False),
    ],
)
def test_what_nobody_can_read_in_its_time_is_told(text, is_too_fast):
    found = check([cue(1, 2, text, line=3)], 10)
    assert codes(found) == ([("too_fast", 3)] if is_too_fast else [])


def test_how_fast_it_is_stands_in_the_data():
    found = check([cue(0, 3, "字" * 50)], 10)
    assert found[0].data == {"speed": 16.7, "limit": FASTEST}
    assert found[0].severity == "warning"


def test_there_is_a_most_of_cues():
    many = [cue(at, at + 0.9) for at in range(MOST_CUES)]
    assert check(many, None) == ()
    found = check([*many, cue(0, -1)], None)
    assert codes(found) == [("too_many_cues", 0)]
    assert found[0].data == {"count": MOST_CUES + 1, "limit": MOST_CUES}


def test_texts_have_a_limit():
    assert codes(check([cue(0, 1, "a" * LARGEST)], None)) == [("too_fast", 0)]
    found = check([cue(0, -1, "a" * (LARGEST - 2)), cue(0, 1, "字")], None)
    assert codes(found) == [("too_large", 0)]
    assert found[0].data == {"size": LARGEST + 1, "limit": LARGEST}


@given(st.lists(CUES, max_size=6), st.one_of(st.none(), st.floats(0, 1e6)))
def test_any_cues_are_checked(cues, duration):
    found = check(in_order(cues), duration)
    assert "out_of_order" not in dict(codes(found))
    wrong = [each for each in cues if each.end <= each.start]
    assert len([each for each in found if each.code == "ends_before_start"]) == len(wrong)

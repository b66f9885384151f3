"""Cues written, and read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_packages.captions import Cue, plain, read, to_srt, to_webvtt
from tests.content_packages.captions.made import CUES

CUE_LIST = [
    Cue(1, 4.5, "<v 山田>一行\n<i>二行</i> &lt;3&gt;</v>", "align:start size:5%", "a"),
    Cue(3600, 3661.001, "<ruby>漢字<rt>かんじ</rt></ruby>"),
]


def test_webvtt_has_one_form():
    assert to_webvtt(CUE_LIST) == (
        "WEBVTT\n\na\n00:00:01.000 --> 00:00:04.500 align:start size:5%\n"
        "<v 山田>一行\n<i>二行</i> &lt;3></v>\n\n"
        "01:00:00.000 --> 01:01:01.001\n<ruby>漢字<rt>かんじ</rt></ruby>\n"
    )
    assert to_webvtt([]) == "WEBVTT\n"


def test_subrip_has_numbers_commas_and_three_tags():
    assert to_srt(CUE_LIST) == (
        "1\n00:00:01,000 --> 00:00:04,500\n一行\n<i>二行</i> <3>\n\n"
        "2\n01:00:00,000 --> 01:01:01,001\n漢字（かんじ）\n"
    )
    assert to_srt([]) == ""


def test_an_arrow_of_a_text_is_no_arrow_of_subrip():
    written = to_srt([Cue(1, 2, "1 --&gt; 2")])
    assert written == "1\n00:00:01,000 --> 00:00:02,000\n1 → 2\n"
    assert read(written.encode()).problems == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("字幕", "字幕"),
        ("非常ベルが\n鳴ります。", "非常ベルが鳴ります。"),
        ("the alarm\nrings", "the alarm rings"),
        ("<b>a</b> &amp; <c.x>b</c><00:00:01.000>", "a & b"),
        ("<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>です", "漢（かん）字（じ）です"),
        ("<ruby>漢字<rt>かんじ</ruby>です", "漢字（かんじ）です"),
        ("<ruby>漢字<rt>かん<rt>じ", "漢字（かんじ）"),
        ("<ruby>漢字</rt></ruby>）", "漢字）"),
    ],
)
def test_what_is_said_is_a_line_without_tags(text, line):
    assert plain([Cue(1.5, 2, text)]) == [(1.5, line)]


def test_a_cue_that_says_nothing_is_no_line():
    assert plain([Cue(1, 2, "<i> </i>"), Cue(2, 3, ""), Cue(3, 4, "x")]) == [(3, "x")]


def test_cues_of_one_sentence_stay_apart():
    assert plain([Cue(1, 2, "一つの"), Cue(2, 3, "文。")]) == [(1, "一つの"), (2, "文。")]


@given(st.lists(CUES, max_size=5))
def test_whatever_is_written_as_webvtt_is_sound_and_is_written_the_same_again(cues):
    written = to_webvtt(cues)
    found = read(written.encode())
    assert len(found.cues) == len(cues)
    assert [(cue.start, cue.end) for cue in found.cues] == [(cue.start, cue.end) for cue in cues]
    assert {each.code for each in found.problems} <= {"no_cues", "identifier_twice"}
    assert to_webvtt(found.cues) == written


@given(st.lists(CUES, max_size=5))
def test_what_is_said_stays_the_same_in_what_is_written(cues):
    """But for spaces: those of a line that holds nothing else go with it."""
    written = plain(read(to_webvtt(cues).encode()).cues)
    assert [_without_spaces(text) for _, text in written] == [
        _without_spaces(text) for _, text in plain(cues)
    ]


def _without_spaces(text):
    return "".join(text.replace("\0", "\ufffd").split())


WORDS = st.text("字幕ab ,.!?", min_size=1).filter(lambda text: text == text.strip())
LINES = st.lists(
    st.builds(str.format, st.sampled_from(["{}", "<i>{}</i>", "<b><u>{}</u></b>"]), WORDS),
    min_size=1,
    max_size=3,
).map("\n".join)
STARTS = st.integers(0, 359_999_999).map(lambda thousandths: thousandths / 1000)


@given(st.lists(st.builds(Cue, STARTS, STARTS, LINES), min_size=1, max_size=5))
def test_cues_come_back_from_subrip_as_they_were(cues):
    found = read(to_srt(cues).encode("cp932"))
    assert (found.form, list(found.cues), found.problems) == ("srt", cues, ())


@pytest.mark.parametrize(
    ("cue", "written"),
    [
        (Cue(1.0004, 1.9996, "x"), "00:00:01.000 --> 00:00:02.000\nx\n"),
        (Cue(1, 2, "x", "size:5% region:r\nalign:end"), "… size:5% align:end\nx\n"),
        (Cue(1, 2, "x", "", "a\nb ---->> c\0"), "a b --→> c\ufffd\n…\nx\n"),
        (Cue(1, 2, "a\n\n\r\nb\0"), "…\na\nb\ufffd\n"),
        (Cue(1, 2, "--> <v a -->x<c.b-->y"), "…\n--&gt; <v a>x<c.b>y\n"),
        (Cue(1, 2, ""), "…\n"),
    ],
)
def test_what_would_break_a_file_is_mended_as_it_is_written(cue, written):
    expected = written.replace("…", "00:00:01.000 --> 00:00:02.000")
    assert to_webvtt([cue]) == f"WEBVTT\n\n{expected}"

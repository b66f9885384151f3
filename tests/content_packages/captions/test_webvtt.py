"""WebVTT read by the clauses of its specification (W3C, Candidate Recommendation)."""

import pytest

from content_packages.captions import Cue, read
from tests.content_packages.captions.made import codes, text_of, webvtt

TIMING = "00:01.000 --> 00:02.000"
CUE = f"\n\n{TIMING}\n字幕\n"


@pytest.mark.parametrize(
    "header", ["WEBVTT", "WEBVTT ", "WEBVTT 題名", "WEBVTT\tx", "\ufeffWEBVTT", "\ufeffWEBVTT - x"]
)
def test_a_file_begins_with_its_signature_and_perhaps_words_behind_it(header):
    """4.1: a byte order mark, WEBVTT, a space or tab and anything."""
    found = read((header + CUE).encode())
    assert (found.form, found.cues, found.problems) == ("webvtt", (Cue(1, 2, "字幕"),), ())


@pytest.mark.parametrize(
    ("header", "line"),
    [("webvtt", 1), ("WebVTT 題名", 1), ("WEBVTT:x", 1), ("\n\u3000\n WEBVTT", 3)],
)
def test_a_signature_that_is_nearly_one_is_taken_for_it(header, line):
    """6.1 would stop here; what is kept is written anew, with the exact one."""
    found = read((header + CUE).encode())
    assert found.cues == (Cue(1, 2, "字幕"),)
    assert codes(found.problems) == [("header_inexact", line)]
    assert found.problems[0].severity == "warning"


@pytest.mark.parametrize("header", ["WEBVTTS", "WEBVT", "x WEBVTT"])
def test_another_word_is_no_signature(header):
    assert read((header + CUE).encode()).form == "srt"


def test_a_cue_may_follow_the_header_at_once_and_its_lines_are_none_of_any_cue():
    """6.1, in header: lines up to a blank one, or to one with an arrow."""
    found = read(f"WEBVTT\nKind: captions\n{TIMING}\n字幕".encode())
    assert (found.cues, found.problems) == ((Cue(1, 2, "字幕"),), ())
    assert found.dropped == ("header",)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_end_in_three_ways(ending):
    """4.1, line terminator; a line separator of Unicode is none."""
    body = f"WEBVTT\n\n1\n{TIMING}\n字\u2028幕\n二行目\n\n\n2\n{TIMING}\nx"
    found = read(body.replace("\n", ending).encode())
    assert found.cues == (
        Cue(1, 2, "字\u2028幕\n二行目", identifier="1"),
        Cue(1, 2, "x", identifier="2"),
    )
    assert found.problems == ()
    assert [cue.line for cue in found.cues] == [4, 10]


def test_a_null_becomes_a_replacement_character():
    """6.1: before anything else is read."""
    assert text_of("a\0b") == "a\ufffdb"


def test_notes_styles_and_regions_are_left_out():
    """4.1: comment, style and region definition blocks."""
    found = webvtt(
        "STYLE", "::cue { color: red }", "", "REGION ", "id:r", "", "NOTE", "一行", "二行", "",
        "NOTE 字", "", "NOTE\tx", "", TIMING, "字幕", "", "STYLE", "x",
    )  # fmt: skip
    assert found.cues == (Cue(1, 2, "字幕"),)
    assert found.problems == ()
    assert found.dropped == ("style", "region", "note")


@pytest.mark.parametrize("line", ["NOTES", "STYLE x", "REGIONS", "ただの文章"])
def test_a_text_without_times_is_not_lost_in_silence(line):
    """6.1 returns null for such a block, and a browser shows nothing of it."""
    found = webvtt(TIMING, "字幕", "", line, "続き")
    assert codes(found.problems) == [("timing_missing", 6)]
    assert found.cues == (Cue(1, 2, "字幕"),)


@pytest.mark.parametrize("first", ["章 1", "NOTE x", "STYLE", "12", " "])
def test_the_line_before_the_times_is_the_identifier_whatever_it_says(first):
    """6.1: an arrow in the second line makes the block a cue."""
    assert webvtt(first, TIMING, "x").cues == (Cue(1, 2, "x", identifier=first),)


def test_an_identifier_is_unique():
    """4.1."""
    found = webvtt("a", TIMING, "", "a", TIMING, "", TIMING, "", TIMING)
    assert codes(found.problems) == [("identifier_twice", 6)]
    assert len(found.cues) == 4


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("00:01.000 --> 00:02.000", 1.0, 2.0),
        ("00:00:01.000 --> 00:00:02.000", 1.0, 2.0),
        ("100:59:59.999 --> 9999:00:00.000", 363599.999, 35996400.0),
        ("\t00:01.000\t-->\t00:02.000\t", 1.0, 2.0),
        ("1:00:01.000-->1:00:02.000", 3601.0, 3602.0),
    ],
)
def test_times_are_minutes_seconds_thousandths_and_perhaps_hours(line, start, end):
    """4.1 and 6.3; the parser wants no spaces around the arrow, and no second digit of hours."""
    assert webvtt(line, "x").cues == (Cue(start, end, "x"),)


@pytest.mark.parametrize(
    "line",
    [
        "00:01,000 --> 00:02.000", "00:01.00 --> 00:02.000", "0:01.000 --> 00:02.000",
        "00:60.000 --> 00:02.000", "60:00.000 --> 61:00.000", "01.000 --> 02.000",
        "00:01.000 --> 00:02.0000", "00:01.000 -> --> 00:02.000", "-->", "00:01.000 -->",
        "--> 00:02.000", "００:０１.０００ --> 00:02.000", "99999:00:00.000 --> 99999:00:01.000",
        "00:01.000 --> しばらく",
    ],
)  # fmt: skip
def test_other_times_are_told_with_their_line(line):
    """6.3 fails, and a browser drops the cue."""
    found = webvtt("a", line, "x", "", TIMING, "y")
    assert found.cues == (Cue(1, 2, "y"),)
    assert codes(found.problems) == [("timing_malformed", 4)]


def test_an_arrow_in_a_text_is_refused():
    """4.1: the payload must not contain it; 6.1 begins the next block there."""
    found = webvtt(TIMING, "申請 --> 承認", "", TIMING, "y")
    assert codes(found.problems) == [("arrow_in_text", 4)]
    assert found.cues == (Cue(1, 2, ""), Cue(1, 2, "y"))


def test_a_blank_line_stands_between_two_cues():
    """6.1 reads on; but the number of the second has become text of the first."""
    found = webvtt("1", TIMING, "x", "2", TIMING, "y")
    assert codes(found.problems) == [("blank_line_missing", 7)]
    assert [cue.text for cue in found.cues] == ["x\n2", "y"]


@pytest.mark.parametrize(
    "setting",
    [
        "vertical:rl", "vertical:lr", "line:0", "line:-1", "line:12", "line:84.5%", "line:5%,start",
        "line:1,center", "line:1,end", "position:0%", "position:100%", "position:100.0%,line-left",
        "position:5%,center", "position:5%,line-right", "size:33.333%", "align:start",
        "align:center", "align:end", "align:left", "align:right",
    ],
)  # fmt: skip
def test_settings_of_a_cue_are_kept(setting):
    """4.4."""
    found = webvtt(f"{TIMING} {setting}", "x")
    assert (found.cues[0].settings, found.problems) == (setting, ())


@pytest.mark.parametrize(
    "setting",
    [
        "vertical:xx", "line:x", "line:101%", "line:1.5", "line:1,left", "position:5",
        "size:100.1%", "align:middle", "region:r", "Align:start", "size:", ":5%", "size", "-->",
        "あ:い",
    ],
)  # fmt: skip
def test_other_settings_are_left_out_and_told(setting):
    """6.3 passes over them; regions are not kept."""
    found = webvtt(f"{TIMING}  size:5% {setting}", "x")
    assert found.cues == (Cue(1, 2, "x", "size:5%"),)
    assert codes(found.problems) == [("setting_unknown", 3)]
    assert found.problems[0].data == {"setting": setting}


def test_of_a_setting_that_is_given_twice_the_last_counts():
    """4.4 forbids it, 6.3 overwrites."""
    line = f"{TIMING} size:5%\talign:end size:6%"
    assert webvtt(line, "x").cues[0].settings == "size:6% align:end"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<c>a</c><i>b</i><b>c</b><u>d</u>",) * 2,
        ("<c.red.大>a</c>",) * 2,
        ("<v 山田　太郎>a</v>",) * 2,
        ("<v.loud  A   B >a", "<v.loud A B>a"),
        ("<v A &amp; B&gt;>a", "<v A &amp; B&gt;>a"),
        ("<v\tA\nB>a", "<v A B>a"),
        ("<v>a</v>",) * 2,
        ("<lang en-GB>a</lang>",) * 2,
        ("<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>",) * 2,
        ("<i x>a</i>", "<i>a</i>"),
        ("a<00:00:01.500>b<00:01.600>c", "a<00:00:01.500>b<00:00:01.600>c"),
    ],
)
def test_tags_of_the_specification_are_kept(text, kept):
    """4.2.2; an annotation where none may be goes, as 6.4 does not look at it."""
    assert text_of(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("1 < 2 <", "1 &lt; 2 &lt;"),
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("<I>a</I>", "&lt;I>a&lt;/I>"),
        ("<ix><rt2></c.x></c >", "&lt;ix>&lt;rt2>&lt;/c.x>&lt;/c >"),
        ("<i <b>", "&lt;i <b>"),
        ("<c.>a<c..b>", "&lt;c.>a&lt;c..b>"),
        ("<00:99.000><5>", "&lt;00:99.000>&lt;5>"),
        ("<v 山田", "&lt;v 山田"),
        ("<>", "&lt;>"),
    ],
)
def test_whatever_else_looks_like_a_tag_is_shown_as_it_stands(text, kept):
    """6.4 would swallow it, up to the next >."""
    assert text_of(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("&amp;&lt;&gt;&quot;", '&amp;&lt;>"'),
        ("&nbsp;&lrm;&rlm;\xa0\u200e\u200f", "&nbsp;&lrm;&rlm;&nbsp;&lrm;&rlm;"),
        ("&#x5B57;&#24149;&#0000065;", "字幕A"),
        ("AT&T R&D &x; &", "AT&amp;T R&amp;D &amp;x; &amp;"),
        ("&amp;lt;", "&amp;lt;"),
        ("a&#10;&#10;&#13;&NewLine;b", "a   b"),
        ("--&gt; --&#62;", "--&gt; --&gt;"),
        ("&#1114112;&#99999999;&#0;&#xD800;", "\ufffd" * 4),
        (f"&#{'9' * 5000};&#{'0' * 5000};", "\ufffd\ufffd"),
    ],
)
def test_references_become_their_characters_but_for_what_has_to_be_one(text, kept):
    """4.2.2 and 6.4, HTML character reference."""
    assert text_of(text) == kept


def test_a_line_of_nothing_but_a_forbidden_character_does_not_end_its_cue():
    assert text_of("a\n&#1;\nb") == "a\nb"


@pytest.mark.parametrize("body", ["", "\n", "\n\n", "\n\nNOTE x\n"])
def test_a_file_without_cues_is_told(body):
    found = read(f"WEBVTT{body}".encode())
    assert (found.form, found.cues) == ("webvtt", ())
    assert codes(found.problems) == [("no_cues", 0)]

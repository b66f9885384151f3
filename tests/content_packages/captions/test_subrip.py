"""SubRip read: what players take is taken."""

import pytest

from content_packages.captions import Cue, read
from tests.content_packages.captions.made import codes

SOUND = "1\n00:00:01,000 --> 00:00:04,000\n一行\n二行\n\n2\n00:00:05,000 --> 00:00:08,000\n終わり\n"
CUES = (Cue(1, 4, "一行\n二行"), Cue(5, 8, "終わり"))


def srt(*lines):
    return read("\n".join(lines).encode())


def one(*text):
    """Return the text of a single cue, and what was dropped of it."""
    found = srt("1", "00:00:01,000 --> 00:00:04,000", *text)
    assert found.problems == ()
    return found.cues[0].text, found.dropped


@pytest.mark.parametrize(
    "body",
    [
        SOUND,
        SOUND.replace(",", "."),
        SOUND.replace("1\n00", "00").replace("2\n00", "00"),
        SOUND.replace("\n\n", "\n\n\n\n"),
        SOUND.replace("\n\n", "\n"),
        SOUND.replace("\n\n", "\n \u3000\n"),
        SOUND.replace("2\n00", "7\n00"),
        SOUND.replace("一行\n", "\n一行\n\n"),
        SOUND.replace("00:00:0", "0:0:").replace(",000", ""),
        SOUND.replace("00:00:0", "00:0").replace(" ", ""),
        f"\n\n{SOUND}\n\n",
        SOUND.rstrip("\n"),
    ],
)
def test_a_file_is_read_whatever_its_numbers_blank_lines_and_fractions(body):
    found = read(body.encode())
    assert (found.form, found.cues, found.problems, found.dropped) == ("srt", CUES, (), ())


def test_cues_know_their_lines():
    assert [cue.line for cue in read(SOUND.encode()).cues] == [2, 7]


@pytest.mark.parametrize(
    ("fraction", "seconds"), [("", 1.0), (",5", 1.5), (".25", 1.25), (",001", 1.001)]
)
def test_a_fraction_is_one_of_a_second(fraction, seconds):
    assert srt(f"00:00:01{fraction} --> 00:00:02,000").cues[0].start == seconds


def test_a_number_at_the_end_of_a_text_is_text():
    found = srt(
        "00:00:01,000 --> 00:00:04,000", "西暦", "2026", "00:00:05,000 --> 00:00:06,000", "x"
    )
    assert [cue.text for cue in found.cues] == ["西暦\n2026", "x"]


def test_a_cue_without_text_is_read():
    found = srt("1", "00:00:01,000 --> 00:00:02,000", "2", "00:00:03,000 --> 00:00:04,000", "x")
    assert [cue.text for cue in found.cues] == ["", "x"]


@pytest.mark.parametrize(
    ("text", "kept", "dropped"),
    [
        ("<i>a</i><B>b</B ><u>c</u>", "<i>a</i><b>b</b><u>c</u>", ()),
        ('<font color="red">a</font><FONT>b', "ab", ("font",)),
        ("{\\an8}a{\\pos(1,2)}", "a", ("position",)),
        ("{\\an8}", "", ("position",)),
        ("<fontx>a{b}", "&lt;fontx>a{b}", ()),
        ("<c>a</c><v B>&lt;", "&lt;c>a&lt;/c>&lt;v B>&lt;", ()),
        ("<İ>", "&lt;İ>", ()),
        ("申請 --> 承認", "申請 --&gt; 承認", ()),
        ("AT&T &amp; &nbsp;", "AT&amp;T &amp; &nbsp;", ()),
    ],
)
def test_of_markup_three_tags_are_kept(text, kept, dropped):
    assert one(text) == (kept, dropped)


def test_coordinates_behind_the_times_are_left_out():
    found = srt("00:00:01,000 --> 00:00:04,000  X1:1 X2:2", "x")
    assert (found.cues, found.dropped) == ((Cue(1, 4, "x"),), ("position",))


@pytest.mark.parametrize(
    "line",
    [
        "00:00:01,000 --> しばらく", "00:60:01 --> 00:61:00", "1 --> 2", "--> 00:00:01,000",
        "００:００:０１,０００ --> 00:00:02,000", "00:00:01,000 --> 00:00:02,0000",
        "00:00:01:000 --> 00:00:02:000",
    ],
)  # fmt: skip
def test_times_that_cannot_be_read_are_told_with_their_line(line):
    found = srt("1", line, "x", "", "2", "00:00:01,000 --> 00:00:04,000", "y")
    assert codes(found.problems) == [("timing_malformed", 2)]
    assert found.cues == (Cue(1, 4, "y"),)


def test_a_text_before_the_first_times_is_told():
    found = srt("", "字幕", "続き", "", "1", "00:00:01,000 --> 00:00:04,000", "y")
    assert codes(found.problems) == [("timing_missing", 2)]
    assert found.cues == (Cue(1, 4, "y"),)


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"PK\3\4", b"\0\xff\xfe", "こんにちは --> a".encode()]
)
def test_a_file_without_times_is_none_of_captions(data):
    found = read(data)
    assert found.cues == ()
    assert codes(found.problems) == [("not_captions", 0)]

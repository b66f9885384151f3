"""Files of captions of any encoding, and of none."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_packages.captions import Cue, check, in_order, plain, read, to_srt, to_webvtt
from content_packages.captions.findings import MOST_PROBLEMS
from content_packages.captions.reading import LARGEST
from tests.content_packages.captions.made import FILES, codes

SRT = "1\n00:00:01,000 --> 00:00:04,000\n表示①\n"
WEBVTT = "WEBVTT\n\n00:01.000 --> 00:04.000\n表示①\n"
CUE = Cue(1, 4, "表示①")
#: Any bytes, mostly those of a file, behind any mark and with damage at their end.
BYTES = st.builds(
    lambda mark, octets, end: mark + octets + end,
    st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"]),
    st.one_of(st.binary(max_size=200), FILES),
    st.one_of(st.just(b""), st.binary(max_size=4)),
)
#: Octets of a hostile file, and of the memory that each of them may take.
SIZE, EACH = 40_000, 200


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_a_subrip_file_is_read_in_what_windows_writes(encoding):
    found = read(SRT.encode(encoding))
    assert (found.cues, found.problems) == ((CUE,), ())


def test_utf_16_may_begin_with_either_byte():
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert read(mark + SRT.encode(encoding)).cues == (CUE,)


def test_webvtt_in_utf_16_is_read_and_told():
    """WebVTT 4.1: a file is encoded as UTF-8."""
    found = read(WEBVTT.encode("utf-16"))
    assert found.cues == (CUE,)
    assert [(each.code, each.severity) for each in found.problems] == [("not_utf8", "warning")]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_webvtt_in_another_encoding_is_refused_with_its_first_line(ending):
    """WebVTT 4.1."""
    found = read(WEBVTT.replace("\n", ending).encode("cp932"))
    assert found.form == "webvtt"
    assert codes(found.problems) == [("not_utf8", 4)]
    assert found.problems[0].severity == "error"
    assert codes(read(WEBVTT.encode() + b"\x80\xff\x80").problems) == [("not_utf8", 5)]


@pytest.mark.parametrize(
    "data",
    [
        SRT.encode() + b"\n\x81\xff\n",
        "\ufeff字字字\r\n\r\n\r\nab".encode() + b"\xff",
        SRT.encode("utf-16") + "\n".encode("utf-16-le") + b"x",
        b"\xfe\xff" + SRT.encode("utf-16-be") + b"\0\n\xd8\0\0x",
    ],
    ids=["utf-8", "utf-8 with a mark", "utf-16 cut short", "utf-16 with half a pair"],
)
def test_bytes_that_are_no_text_are_refused_with_their_line(data):
    found = read(data)
    where = dict(codes(found.problems))
    assert where["encoding_unknown"] in {4, 5}
    assert found.problems[0].severity == "error"


def test_damaged_utf_16_is_not_taken_for_webvtt_that_can_be_read():
    found = read(WEBVTT.encode("utf-16") + b"x")
    assert [(each.code, each.severity) for each in found.problems] == [("not_utf8", "error")]


def test_a_file_has_a_limit():
    filled = WEBVTT.encode() + b"x" * (LARGEST - len(WEBVTT.encode()))
    assert read(filled).problems == ()
    found = read(filled + b"x")
    assert (found.cues, codes(found.problems)) == ((), [("too_large", 0)])


def test_of_very_many_problems_the_first_are_kept():
    found = read("\n\n".join(["WEBVTT", *["-->"] * 2_000]).encode())
    assert len(found.problems) == MOST_PROBLEMS
    assert found.problems[0].line == 3


@given(BYTES)
def test_any_bytes_are_answered_and_never_raise(data):
    found = read(data)
    cues = in_order(found.cues)
    codes((*found.problems, *check(cues, 10.0)))
    assert found.cues or found.problems
    assert to_srt(cues).count(" --> ") == len(cues) == to_webvtt(cues).count("-->")
    assert len(plain(cues)) <= len(cues)


@given(BYTES)
def test_what_was_read_comes_back_from_webvtt_as_it_was(data):
    cues = read(data).cues
    again = read(to_webvtt(cues).encode())
    assert again.cues == cues
    assert {each.code for each in again.problems} <= {"no_cues", "identifier_twice"}


HOSTILE = {
    "one line": "x",
    "blank lines": "\n",
    "less-than signs": "<",
    "tags that begin": "<v ",
    "classes": "<c.a",
    "references": "&",
    "numbers": "&#1",
    "digits": "9",
    "arrows": "-->",
    "lines of arrows": "-->\n",
    "times": "\n00:01.000 --> 00:02.000\n",
    "spaces": " ",
    "hyphens": "-",
    "settings": "a:b ",
    "overrides": "{\\",
    "fonts": "<font ",
    "readings": "<rt>x",
}


@pytest.mark.parametrize("part", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    "beginning",
    ["WEBVTT\n\n00:01.000 --> 00:02.000\n", "00:01.000 --> 00:02.000\n", "00:01.000 --> 00:02.000"],
    ids=["webvtt", "srt", "line of times"],
)
def test_a_hostile_file_is_answered_in_time_and_memory_that_grow_with_it(beginning, part):
    """A step that is quadratic would take minutes here."""
    data = beginning.encode() + part.encode() * (SIZE // len(part))
    tracemalloc.start()
    try:
        cues = read(data).cues
        check(cues, 10.0)
        plain(cues)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(to_webvtt(cues)) < 8 * len(data)
    assert peak < EACH * len(data)


@pytest.mark.parametrize("part", ["x", "\n", "<", "-->\n"])
def test_a_file_of_the_largest_size_is_answered_whatever_is_in_it(part):
    assert read(part.encode() * (LARGEST // len(part))).problems
    assert len(read(b"WEBVTT\n" + b"\n" * 100_000 + WEBVTT[6:].encode()).cues) == 1

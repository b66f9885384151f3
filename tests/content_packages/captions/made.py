"""Cues and files of captions, made up."""

from hypothesis import strategies as st

from content_packages.captions import Cue, read
from content_packages.captions.cues import PROBLEMS

#: Signs at which readers of captions fail.
SIGNS = "<>&;#/.:-, \t\u3000\xa0\u200e字ａc1i\"'{}\\　ぱ\U0001f600\u2028\x85\x0c\x1c"
TAGS = (
    "<c>", "</c>", "<c.red.big>", "<i>", "</i>", "<b>", "</b>", "<u>", "</u>", "<ruby>", "<rt>",
    "</rt>", "</ruby>", "<v 山田　太郎>", "<v.loud A &amp; B>", "<v>", "</v>", "<lang ja>",
    "</lang>", "<00:00:01.500>", "<1:00:00.000>", "<font color=red>", "</font>", "{\\an8}", "<c x>",
    "<v\nA>",
)  # fmt: skip
REFERENCES = ("&amp;", "&lt;", "&gt;", "&nbsp;", "&#10;", "&#x41;", "&copy", "&lrm;", "&#1;", "-->")
PARTS = st.one_of(
    st.text(SIGNS, max_size=6), st.sampled_from(TAGS), st.sampled_from(REFERENCES), st.just("\n")
)
TEXTS = st.lists(PARTS, max_size=8).map("".join)
SETTINGS = st.lists(
    st.sampled_from(
        [
            "align:start", "align:middle", "line:0", "line:-1", "line:84.5%,end", "size:50%",
            "position:10%,line-left", "vertical:rl", "region:r", "size:101%", "x", ":", "a:",
        ]
    ),
    max_size=4,
).map("  ".join)  # fmt: skip
TIMES = st.integers(0, 9_999 * 3_600_000).map(lambda thousandths: thousandths / 1000)
#: Whatever cues somebody builds: their texts are any.
CUES = st.builds(Cue, TIMES, TIMES, TEXTS, SETTINGS, st.text(SIGNS + "\n\r-->", max_size=8))

#: Lines of files, sound and unsound.
LINES = st.one_of(
    st.sampled_from(
        [
            "", "WEBVTT", "webvtt x", "NOTE", "NOTE x", "STYLE", "REGION", "1", "2", " ", "-->",
            "00:01.000 --> 00:02.000", "00:00:01,5-->00:00:02.000 X1:1", "99:59:59.999 --> 0:1",
            "00:00:03.000 --> 00:00:02.000 align:end x", "A --> B", "1 --> 2",
        ]
    ),
    TEXTS,
)  # fmt: skip
FILES = st.builds(
    lambda lines, ending, encoding: ending.join(lines).encode(encoding, "replace"),
    st.lists(LINES, max_size=14),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp932", "euc-jp"]),
)


def webvtt(*lines):
    """Read the lines as the body of a WebVTT file."""
    return read("\n".join(["WEBVTT", "", *lines]).encode())


def text_of(text):
    """Return what becomes of the text of one cue."""
    (cue,) = webvtt("00:01.000 --> 00:02.000", text).cues
    return cue.text


def codes(problems):
    """Return where which problem is, once it is one that is known, with its data."""
    for each in problems:
        assert set(each.data) == set(PROBLEMS[each.code])
    return [(each.code, each.line) for each in problems]

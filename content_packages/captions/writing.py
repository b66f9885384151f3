"""Cues written: as WebVTT in its one form here, as SubRip, and as lines to read."""

import re
from collections.abc import Iterable
from typing import Final

from content_packages.captions import markup, placing
from content_packages.captions.cues import ARROW, Cue
from content_packages.captions.times import stamp

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
#: Where a line was only wrapped: Japanese has no space there, at either side.
_WRAPPED: Final = re.compile(
    r"(?<=[\u3000-\u9fff\uff00-\uffef])\n|\n(?=[\u3000-\u9fff\uff00-\uffef])"
)
_SUBRIP_TAGS: Final = ("i", "b", "u")


def to_webvtt(cues: Iterable[Cue]) -> str:
    """Return cues as WebVTT, in the order they are given.

    What `read` has returned comes back from it as it was. Of any other cue the text becomes cue
    text (`markup.canonical`), and times are rounded to thousandths.
    """
    return "\n".join(["WEBVTT\n", *map(_webvtt_block, cues)])


def to_srt(cues: Iterable[Cue]) -> str:
    """Return cues as SubRip, numbered: <i>, <b> and <u> stay, a ruby's reading stands in （）.

    It has no references: a text of "<i>" that was no tag is one from now on. An arrow of a text
    becomes →, since players would take it for times.
    """
    return "\n".join(_subrip_block(number, cue) for number, cue in enumerate(cues, 1))


def plain(cues: Iterable[Cue]) -> list[tuple[float, str]]:
    """Return what is said, a line for each cue that says anything, and when, in seconds.

    The lines of a cue become one; readings stand in （）.
    """
    said = ((cue.start, _one_line(markup.visible(cue.text))) for cue in cues)
    return [(start, text) for start, text in said if text]


def _webvtt_block(cue: Cue) -> str:
    identifier = _LINE_END.sub(" ", cue.identifier).replace("\0", "\ufffd")
    while ARROW in identifier:
        identifier = identifier.replace(ARROW, "")
    timing = f"{stamp(cue.start)} {ARROW} {stamp(cue.end)}"
    settings = placing.canonical(cue.settings)
    text = markup.canonical(cue.text.replace("\0", "\ufffd"))
    lines = (identifier, f"{timing} {settings}" if settings else timing, text)
    return "".join(f"{line}\n" for line in lines if line)


def _subrip_block(number: int, cue: Cue) -> str:
    timing = f"{stamp(cue.start, ',')} {ARROW} {stamp(cue.end, ',')}"
    text = markup.without_blank_lines(markup.visible(cue.text, tags=_SUBRIP_TAGS))
    lines = (str(number), timing, text.replace(ARROW, "→"))
    return "".join(f"{line}\n" for line in lines if line)


def _one_line(text: str) -> str:
    joined = _WRAPPED.sub("", text.strip()).replace("\n", " ")
    return joined.strip()

"""WebVTT read as its parser reads it (W3C WebVTT, 6.1 and 6.3), but with nothing lost in silence.

What a browser would pass over without a word (a cue whose times it cannot read, a text without
times) is a problem here. Notes, styles and regions are left out: the look is the player's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from content_packages.captions import markup, placing, times
from content_packages.captions.cues import ARROW, Cue
from content_packages.captions.findings import Findings

#: What a file begins with (4.1); strict is the capital word at the very beginning, and a space, a
#: tab or the end of the line behind it. People type it themselves, and leave a line blank before.
_SIGNATURE: Final = re.compile(r"WEBVTT(?![^ \t\n])")
_MEANT: Final = re.compile(r"[ \t\n\u3000]*+webvtt(?![a-z0-9])", re.IGNORECASE | re.ASCII)
_SPACE: Final = r"[ \t\f]*+"
_TIMING: Final = re.compile(
    rf"{_SPACE}({times.PATTERN}){_SPACE}-->{_SPACE}({times.PATTERN})(?![0-9])(.*)"
)
_LEFT_OUT: Final = re.compile(r"(NOTE)(?![^ \t])|(STYLE|REGION)(?=[ \t\f]*+$)")
#: Characters of a setting that are quoted.
_LONGEST_QUOTED: Final = 40


@dataclass(frozen=True)
class _Block:
    """Lines without a blank one: from `first` to before `end`, numbers from 0."""

    first: int
    #: The line with the arrow, if there is any.
    timing: int | None
    end: int
    #: Whether no blank line stands before it.
    is_joined: bool


def is_meant(text: str) -> bool:
    """Say whether a text begins as WebVTT does, exactly or nearly so."""
    return _MEANT.match(text) is not None


def parse(text: str, found: Findings) -> None:
    """Read a file's text, which `is_meant`; its lines end with LF."""
    lines = text.split("\n")
    header = next(at for at, line in enumerate(lines) if _MEANT.match(line))
    if not _SIGNATURE.match(text):
        found.warn("header_inexact", header + 1)
    begin = _after_header(lines, header + 1)
    if begin > header + 1:
        found.drop("header")
    seen: set[str] = set()
    for block in _blocks(lines, begin):
        if block.timing is None:
            _leave_out(lines, block, found)
        elif cue := _cue(lines, block, block.timing, found):
            found.cues.append(cue)
            _note_twice(cue, seen, found)


def _after_header(lines: Sequence[str], at: int) -> int:
    """Return where the header's own lines end: at a blank one, or a cue's times."""
    while at < len(lines) and lines[at] and ARROW not in lines[at]:
        at += 1
    return at


def _blocks(lines: Sequence[str], begin: int) -> Iterator[_Block]:
    """Collect blocks (6.1): an arrow in the first or second line is a cue's, any later one ends it.

    So a line with an arrow within a cue's text begins the next block.
    """
    at = begin
    while at < len(lines):
        if not lines[at]:
            at += 1
            continue
        first, timing = at, None
        while at < len(lines) and lines[at]:
            if ARROW in lines[at]:
                if timing is not None or at - first > 1:
                    break
                timing = at
            at += 1
        yield _Block(first, timing, at, first > begin and bool(lines[first - 1]))


def _leave_out(lines: Sequence[str], block: _Block, found: Findings) -> None:
    """Pass over a note, a style or a region; any other text without times is lost to a player."""
    known = _LEFT_OUT.match(lines[block.first])
    if known:
        found.drop((known[1] or known[2]).lower())
    else:
        found.error("timing_missing", block.first + 1)


def _cue(lines: Sequence[str], block: _Block, timing: int, found: Findings) -> Cue | None:
    """Return the cue of a block, or None with a problem where its times cannot be read (6.3)."""
    times_of = _TIMING.fullmatch(lines[timing])
    if times_of is None:
        found.error("arrow_in_text" if block.is_joined else "timing_malformed", timing + 1)
        return None
    if block.is_joined:
        found.error("blank_line_missing", timing + 1)
    for setting in placing.unknown(times_of[3]):
        found.warn("setting_unknown", timing + 1, setting=setting[:_LONGEST_QUOTED])
    return Cue(
        times.seconds(times_of[1]),
        times.seconds(times_of[2]),
        markup.canonical("\n".join(lines[timing + 1 : block.end])),
        placing.canonical(times_of[3]),
        lines[block.first] if timing > block.first else "",
        timing + 1,
    )


def _note_twice(cue: Cue, seen: set[str], found: Findings) -> None:
    """Note an identifier that another cue has, too (4.1)."""
    if cue.identifier in seen:
        quoted = cue.identifier[:_LONGEST_QUOTED]
        found.warn("identifier_twice", cue.line - 1, identifier=quoted)
    elif cue.identifier:
        seen.add(cue.identifier)

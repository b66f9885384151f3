"""A cue of captions, and what can be wrong with captions or chapters, by stable codes."""

from dataclasses import dataclass, field
from typing import Final, Literal

Severity = Literal["error", "warning"]
Datum = str | int | float

#: What separates the two times of a cue, and may stand nowhere else (WebVTT 4.1).
ARROW: Final = "-->"

#: Every code of a problem, with the names of its data. Times are written as WebVTT writes them.
PROBLEMS: Final[dict[str, tuple[str, ...]]] = {
    # of a file as a whole; their line is 0, or that of the first byte that cannot be read
    "not_captions": (),
    "no_cues": (),
    "not_utf8": (),  # a WebVTT file; a warning where it could be read nonetheless
    "encoding_unknown": (),
    "too_large": ("size", "limit"),  # octets
    "too_many_cues": ("count", "limit"),
    # of its lines
    "header_inexact": (),  # a warning
    "timing_malformed": (),
    "timing_missing": (),
    "arrow_in_text": (),
    "blank_line_missing": (),
    "setting_unknown": ("setting",),  # a warning
    "identifier_twice": ("identifier",),  # a warning
    # of cues
    "ends_before_start": ("start", "end"),
    "out_of_order": ("start", "previous"),
    "begins_beyond_end": ("start", "duration"),
    "ends_beyond_end": ("end", "duration"),  # a warning
    "overlap": ("end", "next"),  # a warning
    "text_empty": (),  # a warning
    "too_fast": ("speed", "limit"),  # a warning; full-width characters a second
    # of chapters
    "chapter_without_time": (),
    "chapter_without_title": (),
    "chapter_not_later": ("previous",),
    "chapter_beyond_end": ("duration",),
    "chapters_too_many": ("count", "limit"),
    "chapters_begin_late": (),  # a warning
}


@dataclass(frozen=True)
class Cue:
    """A text and when it is shown, in seconds from 0 to less than 10,000 hours.

    `text` is cue text of WebVTT (4.2.2): references for &, < and what is invisible, and no blank
    line. `settings` are those of a cue in WebVTT (4.4), one space between two.
    """

    start: float
    end: float
    text: str
    settings: str = ""
    identifier: str = ""
    #: The line of its times in the file it was read from, from 1; 0 for none. Not part of it.
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Problem:
    """Something wrong (nothing may be kept before it is mended) or odd (a warning).

    `line` counts from 1, 0 is the whole; `data` holds what PROBLEMS says.
    """

    code: str
    line: int
    data: dict[str, Datum] = field(default_factory=dict)
    severity: Severity = "error"


def error(code: str, line: int, **data: Datum) -> Problem:
    """Return what has to be mended."""
    return Problem(code, line, data)


def warning(code: str, line: int, **data: Datum) -> Problem:
    """Return what is odd, or was read with something changed."""
    return Problem(code, line, data, "warning")

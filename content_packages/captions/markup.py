"""Cue text (WebVTT 4.2.2): what is a tag of it, what is not, and what of it is seen."""

import html
import re
from collections.abc import Callable, Collection, Iterator
from typing import Final, Literal, NamedTuple

from content_packages.captions import times
from content_packages.captions.cues import ARROW

_NAMES: Final = "c|i|b|u|ruby|rt|v|lang"
#: Where the tokenizer (6.4) would go on to the next >, a tag here ends before the next <: what is
#: no tag is shown as it stands, and a text of nothing but < takes no longer than another.
# The outer repetition gives back what it took: Python 3.11.2 does not match it possessively.
_TAG: Final = re.compile(
    rf"</(?P<end>{_NAMES})>"
    rf"|<(?P<start>{_NAMES})(?P<classes>(?:\.[^\t\n\f\r &<>.]++)*)"
    r"(?:[ \t\n\f]++(?P<annotation>[^<>]*+))?>"
    rf"|<(?P<time>{times.PATTERN})>"
)
_ANNOTATED: Final = ("v", "lang")
#: What stands before a reading, and behind it.
_BRACKETS: Final = ("（", "）")
_SPACES: Final = re.compile(r"[ \t\n\f\r]+")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_ZEROS: Final = re.compile(r"&#0+(?=[0-9])")
_BEYOND_UNICODE: Final = re.compile(r"&#[0-9]{8,};?")
_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", "\xa0": "&nbsp;", "\u200e": "&lrm;", "\u200f": "&rlm;"}
)
_SUBRIP_TAG: Final = re.compile(r"<(?P<slash>/?)(?P<name>[iIbBuU])[ \t]*+>")


class Piece(NamedTuple):
    """A part of a cue's text: words as they are seen, or a tag, whose text is its name."""

    kind: Literal["words", "start", "end"]
    text: str


def canonical(text: str) -> str:
    """Return any text as cue text: tags and timestamps stay, every other < is escaped.

    References become the characters they stand for, but for &, < and the invisible ones. Lines
    end with LF, and none is blank. What is canonical stays as it is.
    """
    return without_blank_lines(_rebuilt(text, _TAG, _tag))


def of_subrip(text: str) -> str:
    """Return SubRip's text as cue text: <i>, <b> and <u> stay, every other < is escaped."""

    def tag(found: re.Match[str]) -> str:
        return f"<{found['slash']}{found['name'].lower()}>"

    return without_blank_lines(_rebuilt(text, _SUBRIP_TAG, tag))


def without_blank_lines(text: str) -> str:
    """Return the lines of a text that hold anything: a blank one would end its cue."""
    return "\n".join(line for line in _LINE_END.split(text) if line)


def pieces(text: str) -> Iterator[Piece]:
    """Yield the words and tags of a cue's text."""
    at = 0
    for found in _TAG.finditer(text):
        yield Piece("words", decoded(text[at : found.start()]))
        if found["end"]:
            yield Piece("end", found["end"])
        elif found["start"]:
            yield Piece("start", found["start"])
        at = found.end()
    yield Piece("words", decoded(text[at:]))


def visible(text: str, *, with_readings: bool = True, tags: Collection[str] = ()) -> str:
    """Return the words of a cue's text; the reading of a ruby stands behind it, in （）.

    `tags` names those that stay, without class or annotation.
    """
    parts, is_reading = [], False
    for piece in pieces(text):
        is_turn = _changes_reading(piece, is_reading=is_reading)
        if with_readings or not (is_turn or is_reading):
            parts.append(_BRACKETS[is_reading] if is_turn else _as_seen(piece, tags))
        is_reading ^= is_turn
    return "".join([*parts, "）" if is_reading and with_readings else ""])


def decoded(text: str) -> str:
    """Return text with its references replaced, as HTML reads them; a line stays a line."""
    if "&" not in text:
        return text
    # html.unescape raises ValueError at numbers of thousands of digits.
    short = _BEYOND_UNICODE.sub("\ufffd", _ZEROS.sub("&#", text))
    return "\n".join(_LINE_END.sub(" ", html.unescape(line)) for line in short.split("\n"))


def escaped(words: str) -> str:
    """Return words as cue text."""
    return words.translate(_ESCAPES).replace(ARROW, "--&gt;")


def _rebuilt(text: str, pattern: re.Pattern[str], tag: Callable[[re.Match[str]], str]) -> str:
    parts, at = [], 0
    for found in pattern.finditer(text):
        parts += [escaped(decoded(text[at : found.start()])), tag(found)]
        at = found.end()
    return "".join([*parts, escaped(decoded(text[at:]))])


def _tag(found: re.Match[str]) -> str:
    """Return a tag without what its name disallows: an annotation to all but two (4.2.2)."""
    if found["end"]:
        return f"</{found['end']}>"
    if found["time"]:
        return f"<{times.stamp(times.seconds(found['time']))}>"
    inner = f"{found['start']}{found['classes']}"
    if found["start"] in _ANNOTATED:
        annotation = _SPACES.sub(" ", decoded(found["annotation"] or "")).strip(" ")
        inner = f"{inner} {escaped(annotation).replace('>', '&gt;')}".rstrip(" ")
    # With the > of the tag, two hyphens would be an arrow.
    return f"<{inner.rstrip(' .-') if inner.endswith('--') else inner}>"


def _changes_reading(piece: Piece, *, is_reading: bool) -> bool:
    """Say whether a ruby's reading begins here, or ends; the end of a last one may lack (4.2.2)."""
    if is_reading:
        return piece.kind == "end" and piece.text in {"rt", "ruby"}
    return piece.kind == "start" and piece.text == "rt"


def _as_seen(piece: Piece, tags: Collection[str]) -> str:
    if piece.kind == "words":
        return piece.text
    slash = "/" if piece.kind == "end" else ""
    return f"<{slash}{piece.text}>" if piece.text in tags else ""

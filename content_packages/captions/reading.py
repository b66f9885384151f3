"""A file of captions read, whatever it is: its form by its content, its encoding, its cues."""

import codecs
from dataclasses import dataclass
from typing import Final, Literal

from content_packages.captions import subrip, webvtt
from content_packages.captions.cues import Cue, Problem
from content_packages.captions.findings import Findings

#: Octets of a file, and of what is kept; the captions of an hour have some 60,000.
LARGEST: Final = 2 * 1024 * 1024

Form = Literal["webvtt", "srt"]
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Captions:
    """What a file holds; with any error among its problems, something of it is missing.

    `dropped` names what was left out because a player has its own: header, note, style, region
    (WebVTT), font, position (SubRip).
    """

    cues: tuple[Cue, ...]
    problems: tuple[Problem, ...]
    form: Form
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Decoded:
    text: str
    encoding: Literal["utf-8", "utf-16", "cp932", "unknown"]
    #: The line of the first byte that is not UTF-8; 0 for none.
    line: int = 0


def read(data: bytes) -> Captions:
    """Read WebVTT, or else SubRip; any bytes at all are answered with cues and problems."""
    found = Findings()
    if len(data) > LARGEST:
        found.error("too_large", 0, size=len(data), limit=LARGEST)
        return _captions(found, "srt")
    decoded = _decode(data)
    text = _normal(decoded.text)
    form: Form = "webvtt" if webvtt.is_meant(text) else "srt"
    _note_encoding(decoded, form, found)
    if form == "webvtt":
        webvtt.parse(text, found)
    else:
        subrip.parse(text, found)
    if not found.cues and not any(each.severity == "error" for each in found.problems):
        found.error("no_cues", 0)
    return _captions(found, form)


def _captions(found: Findings, form: Form) -> Captions:
    return Captions(tuple(found.cues), tuple(found.problems), form, tuple(found.dropped))


def _decode(data: bytes) -> _Decoded:
    """Return the text: UTF-8, UTF-16 where a mark says so, else what Japanese Windows writes."""
    if data.startswith(_UTF_16):
        return _Decoded(data.decode("utf-16", "replace"), "utf-16")
    try:
        return _Decoded(data.decode("utf-8-sig"), "utf-8")
    except UnicodeDecodeError as fault:
        line = _normal(data[: fault.start].decode()).count("\n") + 1
    try:
        return _Decoded(data.decode("cp932"), "cp932", line)
    except UnicodeDecodeError:
        return _Decoded(data.decode("utf-8-sig", "replace"), "unknown", line)


def _normal(text: str) -> str:
    """Return a text with LF at the ends of its lines, and no U+0000 (WebVTT 6.1)."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _note_encoding(decoded: _Decoded, form: Form, found: Findings) -> None:
    """Note what is not as it should be: WebVTT is UTF-8 (4.1), and a browser takes nothing else.

    UTF-16 is read all the same: it is what Windows' Notepad calls Unicode, and says itself what it
    is. CP932 says nothing.
    """
    if form == "webvtt" and decoded.encoding == "utf-16":
        found.warn("not_utf8", 0)
    elif form == "webvtt" and decoded.encoding != "utf-8":
        found.error("not_utf8", decoded.line)
    elif decoded.encoding == "unknown":
        found.error("encoding_unknown", decoded.line)

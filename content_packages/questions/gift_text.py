"""Texts of a GIFT: escapes, formats, and what is to be said about them."""

import re
from dataclasses import dataclass, field
from typing import Final

from content_packages.questions import markup
from content_packages.questions.findings import Datum, Finding, warning
from content_packages.questions.shape import tidy

_SIGNS: Final = "~=#{}:n\\"
#: Code points that no text has (`tidy` drops them) stand for escaped signs while a file is split.
_HELD: Final = {sign: chr(0xFDD0 + place) for place, sign in enumerate(_SIGNS)}
_ESCAPED: Final = re.compile(r"\\([~=#{}:n\\])")
_GIVEN_BACK: Final = str.maketrans(
    {held: "\n" if sign == "n" else sign for sign, held in _HELD.items()}
)
_FORMAT: Final = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)


@dataclass
class Notes:
    """What is found in one question."""

    line: int
    findings: list[Finding] = field(default_factory=list)

    def warn(self, code: str, **data: Datum) -> None:
        """Note, once, what was taken over with a change."""
        found = warning(code, line=self.line, **data)
        if found not in self.findings:
            self.findings.append(found)


@dataclass(frozen=True)
class Piece:
    """A text as it stands in the file, its escapes held, and the format it is in."""

    raw: str
    format: str

    @classmethod
    def of(cls, raw: str, inherited: str = "moodle") -> "Piece":
        """Return the piece without the mark of a format before it, if it has one."""
        found = _FORMAT.match(raw)
        return cls(raw[found.end() :], found[1].lower()) if found else cls(raw, inherited)

    def plain(self, notes: Notes) -> str:
        """Return the text; Moodle's own format is HTML as far as it holds tags."""
        text = text_of(self.raw)
        if self.format == "markdown":
            notes.warn("markdown_kept")
        if self.format == "html" or (self.format == "moodle" and markup.looks_like_html(text)):
            reduced = markup.text_of_html(text)
            if reduced.lost:
                notes.warn("markup_left_out", names=", ".join(reduced.lost))
            return reduced.text
        return text


def piece_of(raw: str, inherited: str, notes: Notes) -> str:
    """Return the plain text of a piece that may begin with the mark of a format."""
    return Piece.of(raw, inherited).plain(notes)


def text_of(raw: str) -> str:
    """Return the text of a piece that is never anything but plain."""
    return tidy(raw.translate(_GIVEN_BACK))


def escaped(text: str) -> str:
    """Return the file's text with its escapes held, so that it can be split by signs."""
    free = "".join(sign for sign in text if sign not in _HELD.values())
    return _ESCAPED.sub(lambda found: _HELD[found[1]], free)


def escape(text: str) -> str:
    """Return a plain text as it is written into a file."""
    return re.sub(r"[~=#{}:\\]", r"\\\g<0>", text).replace("\n", "\\n")

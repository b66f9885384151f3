"""Chapters of a film as an author types them: one a line, when it begins and its title."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from content_packages.captions.cues import Datum, Problem, error, warning

MOST_CHAPTERS: Final = 500

_FOLDED: Final = str.maketrans("０１２３４５６７８９：．\u3000", "0123456789:. ")
_TIME: Final = re.compile(
    r"[ \t]*+(?:(?:([0-9]{1,3}):)?([0-5]?[0-9])|([0-9]{1,4}))"
    r":([0-5][0-9])(?:\.([0-9]{1,3}))?(?![0-9:]|\.[0-9])"
)
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Chapters:
    """When each chapter begins, in seconds and rising, its title, and what is wrong.

    A line with an error is no chapter.
    """

    chapters: tuple[tuple[float, str], ...]
    problems: tuple[Problem, ...]


def read_chapters(text: str, duration: float | None) -> Chapters:
    """Read lines such as `0:00 はじめに`, `75:00 対策` and `1:02:03　まとめ`; blank ones are none.

    Digits, colons and spaces may be full-width. `duration` is the film's in seconds, None where
    nobody knows.
    """
    chapters: list[tuple[float, str]] = []
    problems: list[Problem] = []
    lines = [(at, line) for at, line in enumerate(_LINE_END.split(text), 1) if line.strip()]
    if len(lines) > MOST_CHAPTERS:
        return Chapters((), (error("chapters_too_many", 0, count=len(lines), limit=MOST_CHAPTERS),))
    for number, line in lines:
        start, title = _parts(line)
        last = chapters[-1][0] if chapters else None
        faults = [
            error(code, number, **data) for code, data in _faults(start, title, last, duration)
        ]
        problems += faults
        if start is not None and not faults:
            chapters.append((start, title))
    if chapters and chapters[0][0] > 0 and not problems:
        problems.append(warning("chapters_begin_late", lines[0][0]))
    return Chapters(tuple(chapters), tuple(problems))


def write_chapters(chapters: Iterable[tuple[float, str]]) -> str:
    """Return chapters as `read_chapters` reads them, one a line."""
    return "\n".join(f"{_clock(start)} {_tidy(title)}" for start, title in chapters)


def _parts(line: str) -> tuple[float | None, str]:
    """Return when a chapter begins, None for what is no time, and its title, "" for none."""
    found = _TIME.match(line.translate(_FOLDED))  # one character for each, so places stay
    if found is None:
        return None, _tidy(line)
    hours, minutes, minutes_alone, seconds, fraction = found.groups()
    whole = int(hours or 0) * 3600 + int(minutes or minutes_alone) * 60 + int(seconds)
    thousandths = int((fraction or "").ljust(3, "0"))
    return (whole * 1000 + thousandths) / 1000, _tidy(line[found.end() :])


def _faults(
    start: float | None, title: str, last: float | None, duration: float | None
) -> Iterator[tuple[str, dict[str, Datum]]]:
    if start is None:
        yield "chapter_without_time", {}
        return
    if not title:
        yield "chapter_without_title", {}
    if last is not None and start <= last:
        yield "chapter_not_later", {"previous": _clock(last)}
    if duration is not None and start >= duration:
        yield "chapter_beyond_end", {"duration": _clock(duration)}


def _tidy(title: str) -> str:
    return _CONTROLS.sub(" ", title).strip()


def _clock(start: float) -> str:
    """Return seconds as they are typed: 1:05, 1:02:03, 0:01.500."""
    whole, thousandths = divmod(round(start * 1000), 1000)
    minutes, seconds = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{clock}.{thousandths:03}" if thousandths else clock

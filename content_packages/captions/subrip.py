r"""SubRip (.srt) read: it has no standard, so what players take is taken.

Numbers may be missing or wrong, thousandths stand behind a comma or a point, or are missing too,
and a text may hold blank lines, which go. What names a font (<font>) or a place ({\an8}, X1:…)
goes as well: the look is the player's.
"""

import re
from collections.abc import Sequence
from typing import Final

from content_packages.captions import markup
from content_packages.captions.cues import ARROW, Cue
from content_packages.captions.findings import Findings

_TIME: Final = r"(?:([0-9]{1,4}):)?([0-5]?[0-9]):([0-5]?[0-9])(?:[,.]([0-9]{1,3}))?"
_SPACE: Final = r"[ \t\u3000]*+"
_TIMING: Final = re.compile(rf"{_SPACE}{_TIME}{_SPACE}-->{_SPACE}{_TIME}(?![0-9:,.])(.*)")
_FONT: Final = re.compile(r"</?font(?:[ \t\n][^<>]*+)?>", re.IGNORECASE)
_OVERRIDE: Final = re.compile(r"\{\\[^{}\n]*+\}")


def parse(text: str, found: Findings) -> None:
    """Read a file's text, whose lines end with LF."""
    lines = text.split("\n")
    marks = [at for at, line in enumerate(lines) if _is_mark(line)]
    if not marks:
        found.error("not_captions", 0)
        return
    heads = [_head(lines, at, number) for number, at in enumerate(marks, 1)]
    _note_stray(lines[: heads[0]], found)
    for at, end in zip(marks, [*heads[1:], len(lines)], strict=True):
        _read_cue(lines, at, end, found)


def _is_mark(line: str) -> bool:
    """Say whether a line is one of times: an arrow, and a digit where a time would begin or end.

    In a text, an arrow alone stands for nothing.
    """
    before, arrow, after = line.partition(ARROW)
    return bool(arrow) and (before.strip()[:1].isdecimal() or after.strip()[:1].isdecimal())


def _head(lines: Sequence[str], mark: int, number: int) -> int:
    """Return where the head of a cue begins: at its number, else at its times.

    A text may end with a number as well: so before a cue's own stands a blank line, or else it is
    the one that is due.
    """
    if not mark:
        return mark
    before = lines[mark - 1].strip()
    is_apart = mark < 2 or not lines[mark - 2].strip() or _is_mark(lines[mark - 2])
    return mark - 1 if before.isdecimal() and (is_apart or before == str(number)) else mark


def _note_stray(lines: Sequence[str], found: Findings) -> None:
    for number, line in enumerate(lines, 1):
        if line.strip():
            found.error("timing_missing", number)
            return


def _read_cue(lines: Sequence[str], mark: int, end: int, found: Findings) -> None:
    times = _TIMING.fullmatch(lines[mark])
    if times is None:
        found.error("timing_malformed", mark + 1)
        return
    if times[9].strip():
        found.drop("position")
    text = _without(_FONT, "font", "\n".join(lines[mark + 1 : end]), found)
    text = _without(_OVERRIDE, "position", text, found)
    text = "\n".join(line.strip() for line in text.split("\n"))
    start, finish = _seconds(*times.groups()[:4]), _seconds(*times.groups()[4:8])
    found.cues.append(Cue(start, finish, markup.of_subrip(text), line=mark + 1))


def _without(pattern: re.Pattern[str], kind: str, text: str, found: Findings) -> str:
    rest, count = pattern.subn("", text)
    if count:
        found.drop(kind)
    return rest


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float:
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return (whole * 1000 + int((fraction or "").ljust(3, "0"))) / 1000

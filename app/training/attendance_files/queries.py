"""A file of attendance held against a session's list, line by line, before anything is noted."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.kernel.folding import code_key
from app.kernel.tables.lines import Column, Line
from app.training.attendance.models import Presence
from app.training.attendance.queries import Entry
from app.training.attendance.service import Noted

#: What such a file holds; every other column is read over.
COLUMNS: Mapping[str, Column] = {
    "number": Column(("職員番号",), is_needed=True),
    "presence": Column(("出欠",), is_needed=True),
    "minutes": Column(("分",)),
}
#: What a file may call how somebody was there: a list on paper has signs for it.
WORDS: Mapping[str, Presence] = {
    "出席": Presence.PRESENT,
    "○": Presence.PRESENT,
    "〇": Presence.PRESENT,
    "◯": Presence.PRESENT,
    "遅刻": Presence.LATE,
    "早退": Presence.LEFT_EARLY,
    "欠席": Presence.ABSENT,
    "×": Presence.ABSENT,
    "✕": Presence.ABSENT,
    "公欠": Presence.EXCUSED,
}
_PARTLY = (Presence.LATE, Presence.LEFT_EARLY)


@dataclass(frozen=True)
class Checked:
    """One line of the file: whom it is about, and what is wrong with it, as a code."""

    row: int
    number: str
    entry: Entry | None
    noted: Noted | None
    #: Empty where it can be noted.
    finding: str
    value: str = ""


@dataclass(frozen=True)
class Check:
    """What a file would note, and which of its lines would not, and why."""

    lines: tuple[Checked, ...]
    #: Lines that say nothing of how it was.
    silent: int

    @property
    def sound(self) -> list[Checked]:
        """The lines that can be noted."""
        return [line for line in self.lines if not line.finding]

    @property
    def faulty(self) -> list[Checked]:
        """The lines that cannot."""
        return [line for line in self.lines if line.finding]


def check(lines: Iterable[Line], entries: Sequence[Entry], length: int) -> Check:
    """Return what a file's lines would note in a session of so many minutes.

    A line that says nothing of how it was is passed over: a list that was taken out before has
    them, and so has the mark at the end of one.
    """
    listed = {entry.number: entry for entry in entries}
    seen: set[str] = set()
    found, silent = [], 0
    for line in lines:
        if not line.values["presence"].strip():
            silent += 1
            continue
        checked = _checked(line, listed, length)
        if checked.number in seen:
            checked = Checked(line.row, checked.number, checked.entry, None, "twice")
        seen.add(checked.number)
        found.append(checked)
    return Check(tuple(found), silent)


def _checked(line: Line, listed: Mapping[str, Entry], length: int) -> Checked:
    number = code_key(line.values["number"])
    if line.findings:
        fault = line.findings[0]
        return Checked(line.row, number, None, None, fault.code, fault.value)
    entry = listed.get(number)
    if entry is None:
        padded = {number.zfill(len(each)) for each in listed} & listed.keys()
        meant = min(padded, default="")
        return Checked(line.row, number, None, None, "zeros" if meant else "not_listed", meant)
    if entry.mark is not None and entry.mark.is_carried:
        return Checked(line.row, number, entry, None, "carried")
    noted, finding, value = _noted(line, length)
    return Checked(line.row, number, entry, noted, finding, value)


def _noted(line: Line, length: int) -> tuple[Noted | None, str, str]:
    """Return how somebody was there by a line; or None, a finding and what it is about."""
    word = unicodedata.normalize("NFC", line.values["presence"].strip())
    presence = WORDS.get(word)
    if presence is None:
        return None, "word", word[:20]
    if presence not in _PARTLY:
        return Noted(presence), "", ""
    text = code_key(line.values.get("minutes", ""))
    if not text.isdecimal() or len(text) > 4 or int(text) > length:
        return None, "minutes", text[:20]
    return Noted(presence, int(text)), "", ""

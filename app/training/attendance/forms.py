"""A session's list as it is sent: how each person was there, and minutes where they matter.

A few hundred people are more than a form of fields bears, so the list is read by its names.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.kernel.folding import code_key
from app.kernel.language import gettext
from app.training.attendance.models import Announcement, Presence
from app.training.attendance.queries import Entry
from app.training.attendance.service import Noted

#: Of whom minutes are asked.
PARTLY = (Presence.LATE, Presence.LEFT_EARLY)
#: What can be chosen on a list; who comes from another run was there, or was not.
CHOICES = (*Presence,)[:5]
_EXPECTED: dict[str, Presence] = {
    Announcement.ABSENT: Presence.ABSENT,
    Announcement.LATE: Presence.LATE,
    Announcement.LEAVING_EARLY: Presence.LEFT_EARLY,
}


@dataclass
class Line:
    """One person on the list, with what is chosen and what is wrong with it."""

    entry: Entry
    presence: str
    minutes: str
    error: str = ""

    @property
    def is_carried(self) -> bool:
        """Whether they took the session in an earlier run: nothing is asked of them."""
        return self.entry.mark is not None and self.entry.mark.is_carried


@dataclass
class SheetForm:
    """The list of one session."""

    lines: list[Line]
    #: By what the list was when it was shown: somebody else may note meanwhile.
    stamp: str
    noted: dict[uuid.UUID, Noted] = field(default_factory=dict)

    @property
    def unsaid(self) -> int:
        """How many are not noted yet."""
        return sum(not line.presence and not line.is_carried for line in self.lines)

    @property
    def errors(self) -> list[Line]:
        """Those of whom something is to be put right."""
        return [line for line in self.lines if line.error]


def shown(entries: Sequence[Entry]) -> SheetForm:
    """Return the list as it is known: as it was noted, or else as it was announced."""
    return SheetForm([_known(entry) for entry in entries], stamp_of(entries))


def sent(entries: Sequence[Entry], length: int, values: Mapping[str, str]) -> SheetForm:
    """Return the list as somebody has sent it, with `noted` for whoever something is said of.

    `all` counts who is left open as present; `length` are the session's minutes.
    """
    form = SheetForm([], stamp_of(entries))
    for entry in entries:
        key = entry.enrolment_id
        line = Line(
            entry, values.get(f"presence-{key}", ""), values.get(f"minutes-{key}", "").strip()
        )
        form.lines.append(line)
        if line.is_carried:
            continue
        if not line.presence and "all" in values:
            line.presence = Presence.PRESENT.value
        if line.presence:
            _read(form, line, length)
    return form


def stamp_of(entries: Sequence[Entry]) -> str:
    """Return by what a list is told from what it becomes when somebody notes on it."""
    marks = [entry.mark for entry in entries if entry.mark]
    moments = [moment for mark in marks for moment in (mark.noted_at, mark.checked_in_at) if moment]
    return f"{max(moments).isoformat()}/{len(moments)}" if moments else ""


def _known(entry: Entry) -> Line:
    mark = entry.mark
    if mark is None:
        return Line(entry, "", "")
    expected = "" if entry.is_guest else _EXPECTED.get(mark.announced or "", "")
    if entry.is_guest:
        presence = Presence.PRESENT if mark.presence == Presence.MADE_UP else ""
        return Line(entry, presence, "")
    is_part = mark.presence in PARTLY and mark.minutes is not None
    return Line(entry, mark.presence or expected, str(mark.minutes) if is_part else "")


def _read(form: SheetForm, line: Line, length: int) -> None:
    if line.presence not in list(Presence):
        line.error = gettext("一覧から選んでください。")
        return
    presence, minutes = Presence(line.presence), None
    if presence in PARTLY:
        text = code_key(line.minutes)
        minutes = int(text) if text.isdecimal() and len(text) < 5 else None
        if minutes is None or minutes > length:
            line.error = gettext(
                "受講した分数を、0から%(most)sまでで入力してください。", most=length
            )
            return
    form.noted[line.entry.enrolment_id] = Noted(presence, minutes)

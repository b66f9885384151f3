"""What stands in a calendar, written for other people's calendars (RFC 5545, RFC 5546).

One thing keeps its UID for ever; each change of it, and its being called off, raises its SEQUENCE,
so that a calendar that has it already changes it instead of adding another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import icalendar
from icalendar.enums import STATUS, TRANSP

from app.kernel import clock

PRODUCT = "-//Kenshu//Kenshu//JA"
CONTENT_TYPE = "text/calendar"
#: How often who subscribes may ask (RFC 7986, 5.7).
REFRESH = timedelta(hours=4)


class Method(StrEnum):
    """What a calendar is to do with what it is given (RFC 5546, 1.4)."""

    #: Show it.
    PUBLISH = "PUBLISH"
    #: Take it in, or take in the change.
    REQUEST = "REQUEST"
    #: Take it out.
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Event:
    """One thing that takes its time at a place; nobody is in it."""

    #: What it is, for ever: a key of ours, with a word before it.
    uid: str
    #: How often it was changed since it was first told.
    sequence: int
    summary: str
    starts_at: datetime
    ends_at: datetime
    location: str = ""
    #: Path in the office that tells more; empty for none.
    path: str = ""
    #: Whether it was called off.
    is_cancelled: bool = False

    def plain(self) -> dict[str, Any]:
        """Return it as a notice keeps it."""
        moments = {"starts_at": self.starts_at.isoformat(), "ends_at": self.ends_at.isoformat()}
        return vars(self) | moments

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Event:
        """Return what `plain` has written."""
        moments = {name: datetime.fromisoformat(plain[name]) for name in ("starts_at", "ends_at")}
        return cls(**{**plain, **moments})


@dataclass(frozen=True)
class WholeDay:
    """A day on which something is due; it takes nobody's time."""

    #: What it is, for ever: a key of ours, with a word before it.
    uid: str
    #: Higher than before whenever it is another day.
    sequence: int
    summary: str
    day: date


def message(event: Event, *, organiser: str, attendee: str, origin: str, now: datetime) -> bytes:
    """Return what a mail carries to one person: the event, its change, or that it is called off.

    Both addresses are those of the mail that it goes with. One event a message: those that ask for
    something may hold no two (RFC 5546, 3.2.2). No answer is asked for, since nobody would read it.
    """
    invited = icalendar.vCalAddress(f"mailto:{attendee}")
    invited.params["RSVP"] = "FALSE"
    row = _row(event, organiser, origin, now)
    row.add("attendee", invited)
    return _written(method_of(event), [row])


def method_of(event: Event) -> Method:
    """Return what the message of an event asks for; its mail says the same in its header."""
    return Method.CANCEL if event.is_cancelled else Method.REQUEST


def published(
    events: Iterable[Event],
    days: Iterable[WholeDay] = (),
    *,
    name: str,
    organiser: str,
    origin: str,
    now: datetime,
) -> bytes:
    """Return a calendar that shows events and whole days, to subscribe to; it names nobody."""
    rows = [_row(event, organiser, origin, now) for event in events]
    rows += [_whole_day(day, now) for day in days]
    return _written(Method.PUBLISH, rows, name)


def _row(event: Event, organiser: str, origin: str, now: datetime) -> icalendar.Event:
    return icalendar.Event.new(
        uid=event.uid,
        sequence=event.sequence,
        stamp=now,
        start=event.starts_at.astimezone(clock.JST),
        end=event.ends_at.astimezone(clock.JST),
        summary=event.summary,
        location=event.location or None,
        url=origin + event.path if event.path else None,
        organizer=icalendar.vCalAddress(f"mailto:{organiser}"),
        status=STATUS.CANCELLED if event.is_cancelled else STATUS.CONFIRMED,
    )


def _whole_day(day: WholeDay, now: datetime) -> icalendar.Event:
    return icalendar.Event.new(
        uid=day.uid,
        sequence=day.sequence,
        stamp=now,
        start=day.day,
        end=day.day + timedelta(days=1),
        summary=day.summary,
        transparency=TRANSP.TRANSPARENT,
    )


def _written(method: Method, rows: Iterable[icalendar.Event], name: str = "") -> bytes:
    calendar = icalendar.Calendar()
    for key, value in (("prodid", PRODUCT), ("version", "2.0"), ("method", method.value)):
        calendar.add(key, value)
    if name:
        calendar.calendar_name = name
        # Its type has to be said, which the library's own property leaves out.
        calendar.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
    for row in rows:
        calendar.add_component(row)
    calendar.add_missing_timezones()
    if not calendar.subcomponents:  # of nothing at all no calendar may be made (3.6)
        calendar.add_component(icalendar.Timezone.from_tzid(clock.JST.key))
    written: bytes = calendar.to_ical()
    return written

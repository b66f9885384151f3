"""Calendars as others read them: the hour in Japan, one UID for ever, changes that replace."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import icalendar
import pytest

from app.kernel import calendar, clock
from app.kernel.calendar import Event

HARD = "髙橋 﨑 𠮷野 辻󠄀; ①㈱, 「研修」\\ 午前の部\n2行目" * 3

pytestmark = pytest.mark.requirement("NTF-06")


@pytest.fixture
def event(now: datetime) -> Event:
    """A morning in a room, on the day after tomorrow."""
    start = datetime(2026, 11, 25, 9, 30, tzinfo=clock.JST)
    return Event(
        "session-0192", 0, HARD, start, start + timedelta(hours=2), "第1会議室", "/sessions/0192"
    )


def sent(event: Event, now: datetime) -> icalendar.Calendar:
    """Return what a mail carries, read by the library."""
    content = calendar.message(
        event,
        organiser="kenshu@ward.example",
        attendee="hanako@ward.example",
        origin="https://office.example",
        now=now,
    )
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    read = icalendar.Calendar.from_ical(content)
    assert isinstance(read, icalendar.Calendar)
    return read


def test_a_mail_carries_the_hour_in_japan_and_every_character(event: Event, now: datetime) -> None:
    read = sent(event, now)
    (row,) = read.events
    assert [str(zone["TZID"]) for zone in read.timezones] == ["Asia/Tokyo"]
    assert row["DTSTART"].params["TZID"] == "Asia/Tokyo"
    assert (row.start, row.end) == (event.starts_at, event.ends_at)
    assert row.start.hour == 9
    assert (str(row["SUMMARY"]), str(row["LOCATION"])) == (HARD, "第1会議室")
    assert str(row["URL"]) == "https://office.example/sessions/0192"
    assert row["DTSTAMP"].dt == now
    assert str(row["ORGANIZER"]) == "mailto:kenshu@ward.example"
    assert str(row["ATTENDEE"]) == "mailto:hanako@ward.example"
    assert row["ATTENDEE"].params["RSVP"] == "FALSE"


def test_a_change_and_a_calling_off_are_of_the_same_thing_and_come_after_it(
    event: Event, now: datetime
) -> None:
    moved = replace(event, sequence=1, starts_at=event.starts_at + timedelta(hours=1))
    off = replace(moved, sequence=2, is_cancelled=True)
    told = []
    for each in (event, moved, off):
        read = sent(each, now)
        (row,) = read.events
        told.append((str(read["METHOD"]), str(row["UID"]), row.sequence, str(row["STATUS"])))
    assert told == [
        ("REQUEST", "session-0192", 0, "CONFIRMED"),
        ("REQUEST", "session-0192", 1, "CONFIRMED"),
        ("CANCEL", "session-0192", 2, "CANCELLED"),
    ]


def test_a_calendar_to_subscribe_to_shows_all_and_names_nobody(event: Event, now: datetime) -> None:
    other = replace(event, uid="session-0193", path="", location="", is_cancelled=True)
    shown = {"organiser": "kenshu@ward.example", "origin": "https://office.example", "now": now}
    content = calendar.published([event, other], name="研修", **shown)  # type: ignore[arg-type] # of several kinds
    assert calendar.published([event, other], name="研修", **shown) == content  # type: ignore[arg-type] # of several kinds
    read = icalendar.Calendar.from_ical(content)
    assert isinstance(read, icalendar.Calendar)
    assert (str(read["METHOD"]), read.calendar_name) == ("PUBLISH", "研修")
    assert [str(row["UID"]) for row in read.events] == ["session-0192", "session-0193"]
    assert [str(row["STATUS"]) for row in read.events] == ["CONFIRMED", "CANCELLED"]
    assert len(read.timezones) == 1
    assert b"ATTENDEE" not in content
    nothing = icalendar.Calendar.from_ical(calendar.published([], name="研修", **shown))  # type: ignore[arg-type] # of several kinds
    assert isinstance(nothing, icalendar.Calendar)
    assert (nothing.events, len(nothing.subcomponents)) == ([], 1)


def test_an_event_is_kept_and_comes_back_as_it_was(event: Event) -> None:
    assert Event.of(event.plain()) == event

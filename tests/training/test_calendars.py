"""A calendar subscribes by an address of one's own: it shows one's days, and names nobody."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import icalendar
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.people.accounts.models import Account
from app.people.register.models import Person
from app.training.calendars import service
from app.training.calendars.models import CalendarKey
from app.training.plans.models import Run, RunSession
from tests import factories

pytestmark = pytest.mark.requirement("NTF-06")


@pytest.fixture
def learner(office: FlaskClient, session: Session) -> Person:
    """Somebody who is signed in."""
    who = factories.person(session, "架空 花子", number="10001", email="hanako@ward.example")
    factories.enter(office, session, who)
    return who


def made(office: FlaskClient) -> str:
    """Make an address by the page, and return its path."""
    shown = office.post("/calendar").text
    [path] = re.findall(r"http://[^/]+(/calendar/[\w-]+\.ics)", shown)
    return str(path)


def read(office: FlaskClient, path: str) -> icalendar.Calendar:
    """Return what a calendar gets, without a sign-in."""
    answer = office.application.test_client().get(path)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    found = icalendar.Calendar.from_ical(answer.data)
    assert isinstance(found, icalendar.Calendar)
    return found


def held(session: Session, who: Person, title: str, state: str, run_state: str) -> RunSession:
    """Make a classroom run of tomorrow, with a seat in it."""
    tomorrow = clock.today(clock.now()) + timedelta(days=1)
    run = factories.run(
        session,
        factories.training(session, title),
        state=run_state,
        learn_from=tomorrow,
        learn_until=tomorrow,
    )
    run.kind = "classroom"
    starts = clock.start_of(tomorrow) + timedelta(hours=9)
    row = RunSession(
        run_id=run.id, number=1, starts_at=starts, ends_at=starts + timedelta(hours=3), place="講堂"
    )
    session.add(row)
    factories.enrol(session, run, who, state)
    return row


def test_the_address_shows_decided_sessions_and_due_days_and_nobodys_name(
    office: FlaskClient, session: Session, learner: Person
) -> None:
    row = held(session, learner, "新任係長研修", "ordered", "open")
    other = factories.person(session, "架空 別子")
    held(session, other, "よその研修", "ordered", "open")
    for state, run_state in (
        ("declined", "open"), ("moved", "open"), ("suspended", "open"),
        ("decided", "draft"), ("ordered", "postponed"), ("run_cancelled", "cancelled"),
    ):  # fmt: skip
        held(session, learner, "出ない研修", state, run_state)
    material = factories.material(session, other)
    due = date(2027, 3, 31)
    run = factories.run(
        session,
        factories.training(session, "情報セキュリティ研修"),
        learn_until=due,
        materials=(material,),
    )
    enrolment = factories.enrol(session, run, learner)
    session.flush()
    found = read(office, made(office))
    assert str(found["METHOD"]) == "PUBLISH"
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT4H" in found.to_ical().decode()
    timed, whole = found.events
    assert str(timed["UID"]) == f"session-{row.id}"
    assert str(timed["SUMMARY"]) == "新任係長研修"
    assert (timed.start, str(timed["LOCATION"])) == (row.starts_at, "講堂")
    assert str(whole["UID"]) == f"due-{enrolment.id}"
    assert str(whole["SUMMARY"]) == "受講の期限：情報セキュリティ研修"
    assert (whole.start, str(whole["TRANSP"])) == (due, "TRANSPARENT")
    said = found.to_ical().decode()
    for name in ("花子", "10001", "hanako", "別子", "ATTENDEE"):
        assert name not in said


def test_the_key_is_shown_once_kept_as_a_hash_and_opens_nothing_once_revoked(
    office: FlaskClient, session: Session, learner: Person
) -> None:
    assert "アドレスを作る" in office.get("/calendar").text
    path = made(office)
    key = path.removeprefix("/calendar/").removesuffix(".ics")
    assert len(key) >= 43
    assert key not in office.get("/calendar").text
    [row] = session.scalars(sa.select(CalendarKey))
    assert key not in (row.key_hash, str(row.person_id))
    assert len(row.key_hash) == 64
    read(office, path)
    newer = made(office)
    assert office.get(path).status_code == 404
    read(office, newer)
    assert office.post("/calendar/revoke").location == "/calendar"
    assert office.get(newer).status_code == 404
    assert session.scalars(sa.select(CalendarKey)).all() == []
    actions = session.scalars(
        sa.select(AuditEvent.action)
        .where(AuditEvent.action.startswith("calendar."))
        .order_by(AuditEvent.seq)
    ).all()
    assert actions == [
        "calendar.made", "calendar.fetched", "calendar.made", "calendar.fetched",
        "calendar.revoked",
    ]  # fmt: skip


def test_that_a_calendar_asked_is_noted_once_a_day(
    office: FlaskClient, session: Session, learner: Person
) -> None:
    path = made(office)
    for _ in range(3):
        read(office, path)
    noted = sa.select(AuditEvent).where(AuditEvent.action == "calendar.fetched")
    assert len(session.scalars(noted).all()) == 1
    session.execute(sa.update(CalendarKey).values(used_at=clock.now() - timedelta(days=1)))
    read(office, path)
    assert len(session.scalars(noted).all()) == 2
    session.expire_all()
    [row] = session.scalars(sa.select(CalendarKey))
    assert row.used_at is not None
    assert clock.today(row.used_at) == clock.today(clock.now())


@pytest.mark.parametrize("why", ["left", "restricted", "frozen"])
def test_who_could_not_sign_in_is_shown_to_no_calendar(
    office: FlaskClient, session: Session, learner: Person, why: str
) -> None:
    path, now = made(office), clock.now()
    if why == "left":
        learner.left_on = clock.today(now) - timedelta(days=1)
    elif why == "restricted":
        learner.restricted_at = now
    else:
        session.add(Account(person_id=learner.id, frozen_at=now))
    session.flush()
    assert office.application.test_client().get(path).status_code == 404


def test_the_key_of_who_has_left_is_deleted(session: Session, now: datetime) -> None:
    gone, here = factories.person(session), factories.person(session)
    for who, made_of in ((gone, "a"), (here, "b")):
        session.add(CalendarKey(person_id=who.id, key_hash=made_of, created_at=now))
    gone.left_on = clock.today(now) - timedelta(days=1)
    session.flush()
    assert service.leave(session, now) == 1
    assert session.scalars(sa.select(CalendarKey.key_hash)).all() == ["b"]


def test_a_guessed_key_is_told_nothing(office: FlaskClient, session: Session) -> None:
    assert session.scalars(sa.select(Run)).all() == []
    answer = office.get("/calendar/" + "x" * 43 + ".ics")
    assert answer.status_code == 404
    assert "BEGIN:VCALENDAR" not in answer.text

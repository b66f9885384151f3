"""Checking in at the door, by code and by number."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.people.register.queries import post_of
from app.training.attendance import service as attendance
from app.training.attendance.models import Attendance, Presence
from app.training.attendance.service import Noted
from app.training.plans.models import RunSession
from tests.training.staged import Stage, enter, staged


def opened(office: FlaskClient, stage: Stage, sitting: RunSession) -> str:
    """Have the office open the door of a session; return its code."""
    enter(office, stage, stage.clerk)
    assert office.post(f"/sessions/{sitting.id}/check-in/open").status_code == 303
    stage.session.refresh(sitting)
    return sitting.check_in_code or pytest.fail("no code")


def presences(session: Session) -> list[tuple[str | None, int | None]]:
    """Return how everybody was."""
    session.expire_all()
    rows = session.scalars(sa.select(Attendance).order_by(Attendance.id))
    return [(row.presence, row.minutes) for row in rows]


@pytest.mark.requirement("ATT-02")
@pytest.mark.parametrize(("minutes_ago", "noted"), [(9, ("present", 180)), (30, ("late", 150))])
def test_a_code_checks_in_and_who_comes_late_is_noted_with_the_minutes_that_are_left(
    office: FlaskClient, session: Session, minutes_ago: int, noted: tuple[str, int]
) -> None:
    stage = staged(session)
    stage.seat(stage.people[0], stage.runs[0])
    first = stage.begin(stage.runs[0], minutes_ago)
    code = opened(office, stage, first)
    door = office.get(f"/sessions/{first.id}/check-in").text
    assert f'<p class="check-in-code">{code}</p>' in door
    assert "data:image/svg+xml" in door
    enter(office, stage, stage.people[0])
    assert f'value="{code}"' in office.get(f"/check-in?code={code}").text
    assert presences(session) == []
    assert "受け付けました" in office.post("/check-in", data={"code": code}).text
    [(presence, minutes)] = presences(session)
    assert (presence, abs((minutes or 0) - noted[1]) <= 1) == (noted[0], True)
    assert "受付は済んでいます" in office.post("/check-in", data={"code": code}).text


@pytest.mark.requirement("ATT-02")
def test_whoever_guesses_codes_is_held_up_and_a_code_opens_no_seat_of_anybody_else(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    stage.seat(stage.people[0], stage.runs[0])
    first = stage.begin(stage.runs[0])
    code = opened(office, stage, first)
    enter(office, stage, stage.people[1])
    assert office.post("/check-in", data={"code": code}).status_code == 422
    enter(office, stage, stage.people[0])
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for left in (4, 3, 2, 1, 0):
        answer = office.post("/check-in", data={"code": wrong})
        assert f"あと{left}回" in answer.text
    answer = office.post("/check-in", data={"code": code})
    assert (answer.status_code, "しばらく入力できません" in answer.text) == (422, True)
    assert presences(session) == []


@pytest.mark.requirement("ATT-02")
def test_the_door_opens_half_an_hour_before_and_shuts_with_the_session(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    stage.seat(stage.people[0], stage.runs[0])
    first = stage.begin(stage.runs[0], minutes_ago=-31)
    enter(office, stage, stage.clerk)
    assert office.post(f"/sessions/{first.id}/check-in/open").status_code == 422
    stage.begin(stage.runs[0], minutes_ago=-29)
    code = opened(office, stage, first)
    stage.begin(stage.runs[0], minutes_ago=181)
    enter(office, stage, stage.people[0])
    assert office.post("/check-in", data={"code": code}).status_code == 422
    stage.begin(stage.runs[0])
    enter(office, stage, stage.clerk)
    office.post(f"/sessions/{first.id}/check-in/close")
    enter(office, stage, stage.people[0])
    assert office.post("/check-in", data={"code": code}).status_code == 422
    assert presences(session) == []


@pytest.mark.requirement("ATT-02")
def test_who_has_no_terminal_gives_their_number_or_signs_the_printed_list(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    who = stage.people[0]
    stage.seat(who, stage.runs[0])
    first = stage.begin(stage.runs[0])
    post = post_of(session, who.id, clock.now())
    assert post is not None
    enter(office, stage, stage.clerk)
    roster = office.get(f"/sessions/{first.id}/roster").text
    assert post.number in roster
    assert "署名" in roster
    way = f"/sessions/{first.id}/check-in"
    assert office.post(way, data={"number": "99999"}).status_code == 422
    told = office.post(way, data={"number": post.number}, follow_redirects=True).text
    assert "架空 0子さん：受け付けました。" in told
    assert presences(session) == [("present", 180)]


def test_what_somebody_has_noted_is_not_undone_at_the_door_and_guests_make_up(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    a, b, _ = stage.people
    seat, guest = stage.seat(a, stage.runs[0]), stage.seat(b, stage.runs[1], ordered=False)
    missed = stage.sittings(stage.runs[1])[0]
    first = stage.begin(stage.runs[0])
    code = opened(office, stage, first)
    attendance.note(
        session, first.id, {seat.id: Noted(Presence.ABSENT)}, by=stage.office, now=clock.now()
    )
    missed.starts_at = clock.now() - timedelta(days=1)
    missed.ends_at = missed.starts_at + timedelta(hours=3)
    session.add(
        Attendance(
            enrolment_id=guest.id,
            session_id=missed.id,
            presence="absent",
            minutes=0,
            make_up="given",
            makes_up_id=first.id,
        )
    )
    session.flush()
    enter(office, stage, a)
    assert "出欠は、すでに記録されています" in office.post("/check-in", data={"code": code}).text
    enter(office, stage, b)
    assert "受け付けました" in office.post("/check-in", data={"code": code}).text
    assert presences(session) == [("absent", 0), ("made_up", 180)]

"""Notices of absence and make-ups by the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel import clock, workflow
from app.kernel.errors import Conflict
from app.kernel.outbox import Outgoing
from app.learning.records.models import LearnerRecord
from app.training.attendance import service as attendance
from app.training.attendance.models import Attendance, Presence
from app.training.attendance.service import Noted
from app.training.changes import service as changes
from app.training.changes.models import ChangeKind
from app.training.changes.service import Wish
from app.training.enrolment.models import Assignment
from app.training.make_ups import service as make_ups
from app.training.plans import service as plans
from app.training.plans.models import RunItem
from app.training.seats import queries as seats
from tests import factories
from tests.training.staged import DAYS, Stage, enter, staged


def marks(stage: Stage) -> list[Attendance]:
    """Return all rows of attendance, as they are now."""
    stage.session.expire_all()
    return list(stage.session.scalars(sa.select(Attendance).order_by(Attendance.id)))


def actions(session: Session) -> set[str]:
    """Return what the outbox tells of attendance."""
    return {
        row.payload["action"]
        for row in session.scalars(sa.select(Outgoing))
        if row.payload.get("table") == "attendance"
    }


@pytest.mark.requirement("CHG-02", "CHG-06")
def test_an_absence_is_announced_the_same_morning_by_codes_alone(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    seat = stage.seat(stage.people[0], stage.runs[0])
    first = stage.begin(stage.runs[0], minutes_ago=5)
    enter(office, stage, stage.people[0])
    assert f"/seats/{seat.id}/absence" in office.get(f"/seats/{seat.id}").text
    [form] = html.fromstring(office.get(f"/seats/{seat.id}/absence").text).xpath(
        "//form[@class='form']"
    )
    assert form.xpath(".//textarea | .//input[@type='text']") == []
    assert form.xpath(".//input[@name='sessions'][@checked]/@value") == [str(first.id)]
    answer = office.post(
        f"/seats/{seat.id}/absence",
        data={"sessions": [str(first.id)], "what": "late", "reason": "duty"},
        follow_redirects=True,
    )
    assert "遅刻を連絡しました。研修担当、講師、所属長に知らせます。" in answer.text
    [mark] = marks(stage)
    assert (mark.announced, mark.reason, mark.announced_by) == ("late", "duty", None)
    assert "announce" in actions(session)
    assert office.post(f"/seats/{seat.id}/absence", data={"what": "absent"}).status_code == 422
    odd = {"sessions": [str(first.id)], "what": "absent", "reason": "a headache"}
    assert office.post(f"/seats/{seat.id}/absence", data=odd).status_code == 422
    office.post(f"/seats/{seat.id}/absence/withdraw")
    assert marks(stage)[0].announced is None


@pytest.mark.requirement("CHG-02")
def test_the_section_announces_for_its_people_and_the_page_says_who_and_when(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    seat = stage.seat(stage.people[0], stage.runs[0])
    enter(office, stage, stage.coordinator)
    sent = {
        "sessions": [str(stage.sittings(stage.runs[0])[1].id)],
        "what": "absent",
        "reason": "leave",
    }
    assert office.post(f"/seats/{seat.id}/absence", data=sent).status_code == 303
    assert marks(stage)[0].announced_by == stage.coordinator.id
    page = office.get(f"/seats/{seat.id}").text
    assert "代行：架空 庶務" in page
    enter(office, stage, stage.clerk)
    absent = office.get(f"/runs/{stage.runs[0].id}/absent").text
    assert "欠席予定" in absent
    assert "休暇等" in absent


@pytest.mark.requirement("CHG-07")
def test_a_missed_session_is_made_up_for_in_another_run_for_a_seat_in_that_session_alone(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session, capacity=1)
    who = stage.people[0]
    seat = stage.seat(who, stage.runs[0])
    missed, there = stage.sittings(stage.runs[0])[0], stage.sittings(stage.runs[1])[0]
    enter(office, stage, who)
    sent = {"sessions": [str(missed.id)], "what": "absent", "reason": "duty"}
    page = office.post(f"/seats/{seat.id}/absence", data=sent, follow_redirects=True).text
    assert "このコマを希望する" in page
    wish = {"session": str(missed.id), "to": str(there.id)}
    second = {**wish, "to": str(stage.sittings(stage.runs[1])[1].id)}
    assert office.post(f"/seats/{seat.id}/make-up", data=second).status_code == 422
    assert office.post(f"/seats/{seat.id}/make-up", data=wish).status_code == 303
    [mark] = marks(stage)
    assert (mark.make_up, seats.runs(session, stage.offering.id)[there.run_id].guests) == (
        "asked",
        0,
    )
    enter(office, stage, stage.clerk)
    assert "架空 0子さん" in office.get("/changes/waiting").text
    assert office.post(f"/make-ups/{mark.id}/give").status_code == 303
    account = seats.runs(session, stage.offering.id)[there.run_id]
    assert (account.taken, account.guests, account.left) == (0, 1, 0)
    # The one seat of the session is taken: whoever wants the run as a whole finds it full.
    other = stage.seat(stage.people[1], stage.runs[0], ordered=False)
    enter(office, stage, stage.people[1])
    assert "満席です" in office.get(f"/seats/{other.id}/move").text
    attendance.note(
        session,
        there.id,
        {seat.id: Noted(Presence.PRESENT)},
        by=stage.office,
        now=there.starts_at,
    )
    assert [mark.presence for mark in marks(stage)] == ["made_up"]
    assert {"ask_make_up", "give_make_up"} <= actions(session)


@pytest.mark.requirement("CHG-07")
def test_where_changes_need_nobodys_word_a_make_up_is_had_at_once_and_goes_with_the_notice(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    stage.offering.change_path = "nobody"
    seat = stage.seat(stage.people[0], stage.runs[0])
    missed, there = stage.sittings(stage.runs[0])[0], stage.sittings(stage.runs[1])[0]
    enter(office, stage, stage.people[0])
    office.post(
        f"/seats/{seat.id}/absence",
        data={"sessions": [str(missed.id)], "what": "absent", "reason": "duty"},
    )
    wish = {"session": str(missed.id), "to": str(there.id)}
    told = office.post(f"/seats/{seat.id}/make-up", data=wish, follow_redirects=True).text
    assert "補講のコマが決まりました" in told
    office.post(f"/seats/{seat.id}/absence/withdraw")
    assert (marks(stage)[0].make_up, marks(stage)[0].makes_up_id) == (None, None)
    assert office.post(f"/seats/{seat.id}/make-up", data=wish).status_code == 422


@pytest.mark.requirement("CHG-07")
def test_a_session_is_made_up_for_by_a_material_once_that_is_done(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    who = stage.people[0]
    seat = stage.seat(who, stage.runs[0])
    first = stage.begin(stage.runs[0], minutes_ago=30)
    material = factories.material(session, stage.clerk, "録画と小テスト")
    attendance.note(
        session, first.id, {seat.id: Noted(Presence.ABSENT)}, by=stage.office, now=clock.now()
    )
    enter(office, stage, stage.clerk)
    page = office.get(f"/enrolments/{seat.id}/attendance").text
    assert "録画と小テスト" in page
    sent = {"session": str(first.id), "material": str(material.id)}
    assert office.post(f"/enrolments/{seat.id}/make-up", data=sent).status_code == 303
    item = session.scalars(sa.select(RunItem).where(RunItem.material_id == material.id)).one()
    assert not item.is_required
    given = session.scalars(sa.select(Assignment)).one()
    make_ups.follow(session, given.id, clock.now())
    assert marks(stage)[0].presence == "absent"
    session.add(
        LearnerRecord(
            person_id=who.id, material_id=material.id, assignment_id=given.id, status="passed"
        )
    )
    session.flush()
    make_ups.follow(session, given.id, clock.now())
    [mark] = marks(stage)
    assert (mark.presence, mark.minutes) == ("made_up", 180)


def test_what_was_attended_before_a_run_was_cancelled_counts_in_the_run_that_follows(
    office: FlaskClient, session: Session
) -> None:
    """Case 13."""
    stage = staged(session)
    stage.offering.change_path = "nobody"
    who = stage.people[0]
    seat = stage.seat(who, stage.runs[0])
    first = stage.begin(stage.runs[0], minutes_ago=30)
    attendance.note(
        session, first.id, {seat.id: Noted(Presence.LATE, 100)}, by=stage.office, now=clock.now()
    )
    # The office calls the run off; its people keep what they attended.
    plans.act(session, stage.runs[0].id, "cancel", by=stage.office, now=clock.now())
    if seat.state != "run_cancelled":
        workflow.move(session, seat, "cancel_run", by=stage.office, now=clock.now())
    stage.runs[0].change_until = clock.now() - timedelta(days=1)
    session.flush()
    enter(office, stage, who)
    assert "開催中止になりました" in office.get(f"/seats/{seat.id}").text
    sent = {"run": str(stage.runs[1].id), "reason": "other"}
    page = office.post(f"/seats/{seat.id}/move", data=sent, follow_redirects=True).text
    assert "前の回で受講済み" in page
    after = stage.newest(who)
    [kept] = [mark for mark in marks(stage) if mark.enrolment_id == after.id]
    assert kept.session_id == stage.sittings(stage.runs[1])[0].id
    assert (kept.presence, kept.minutes, kept.makes_up_id) == ("late", 100, first.id)
    # Nobody is asked how it was a second time.
    enter(office, stage, stage.clerk)
    assert (
        f'name="presence-{after.id}"'
        not in office.get(f"/sessions/{kept.session_id}/attendance").text
    )
    with pytest.raises(Conflict, match="wrong_state"):
        changes.ask(
            session,
            seat.id,
            Wish(ChangeKind.DECLINE, "duty"),
            DAYS,
            by=stage.office,
            now=clock.now(),
        )

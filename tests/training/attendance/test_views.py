"""Attendance by the pages: lists, files, verdicts."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.db import new_id
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import StaffNumber
from app.training.attendance.models import Attendance, Presence
from app.training.attendance.queries import Mark, Sitting, missed
from app.training.plans.models import Training
from app.training.verdicts.queries import verdict
from tests import factories
from tests.training.staged import Stage, enter, staged


def known(stage: Stage) -> dict[str, tuple[str | None, int | None]]:
    """Return how each person of the stage was, by name."""
    stage.session.expire_all()
    names = {who.id: who.name for who in stage.people}
    rows = stage.session.scalars(sa.select(Attendance))
    found = {}
    for row in rows:
        for who in stage.people:
            if stage.newest(who).id == row.enrolment_id:
                found[names[who.id]] = (row.presence, row.minutes)
    return found


def held(session: Session) -> tuple[Stage, list[object], str]:
    """Return a stage whose first session goes on, the seats of its three, and the list's way."""
    stage = staged(session, capacity=5)
    keys = [stage.seat(who, stage.runs[0], ordered=False).id for who in stage.people]
    first = stage.begin(stage.runs[0], minutes_ago=60)
    return stage, keys, f"/sessions/{first.id}/attendance"


@pytest.mark.requirement("ATT-01")
def test_all_are_noted_at_once_but_for_the_exceptions(
    office: FlaskClient, session: Session
) -> None:
    stage, (a, b, _), way = held(session)
    enter(office, stage, stage.clerk)
    assert "未記録の3人を出席にして記録する" in office.get(way).text
    odd = {f"presence-{a}": "late", f"minutes-{a}": "many", f"presence-{b}": "absent", "all": "1"}
    answer = office.post(way, data=odd)
    assert answer.status_code == 422
    assert "0から180まで" in answer.text
    assert 'value="many"' in answer.text
    assert known(stage) == {}
    sent = {**odd, f"minutes-{a}": "１２０"}
    assert office.post(way, data=sent).status_code == 303
    assert known(stage) == {
        "架空 0子": ("late", 120),
        "架空 1子": ("absent", 0),
        "架空 2子": ("present", 180),
    }
    matrix = office.get(f"/runs/{stage.runs[0].id}/attendance").text
    assert "120分" in matrix
    assert "180/420分" in matrix


def test_what_another_has_noted_meanwhile_is_not_written_over_unseen(
    office: FlaskClient, session: Session
) -> None:
    stage, (a, b, _), way = held(session)
    enter(office, stage, stage.clerk)
    office.post(way, data={f"presence-{a}": "absent"})
    answer = office.post(way, data={f"presence-{b}": "excused", "stamp": ""})
    assert answer.status_code == 409
    assert "ほかの人が先に記録しました" in answer.text
    assert 'value="excused" selected' in answer.text
    assert known(stage) == {"架空 0子": ("absent", 0)}


@pytest.mark.requirement("ATT-01")
def test_a_file_is_checked_line_by_line_before_it_is_noted(
    office: FlaskClient, session: Session
) -> None:
    stage, _, way = held(session)
    numbers = ["00811", "00812", "00813"]
    for who, number in zip(stage.people, numbers, strict=True):
        session.execute(
            sa.update(StaffNumber).where(StaffNumber.person_id == who.id).values(number=number)
        )
    session.flush()
    lines = (
        "職員番号,出欠,分\r\n00811,遅刻,100\r\n812,出席,\r\n00813,早退,\r\n"
        "99999,出席,\r\n00811,出席,\r\n00812,来た,\r\n00813,,\r\n"
    )
    enter(office, stage, stage.clerk)
    file = (io.BytesIO(lines.encode("cp932")), "出欠.csv")
    page = office.post(f"{way}/file", data={"file": file}).text
    assert "1人の出欠を記録します" in page
    for said in (
        "00812 なら名簿にあります",
        "受講した分数がありません",
        "名簿にいない職員番号です",
        "同じ値がほかにもあります",
        "出欠を表す言葉ではありません",
        "出欠が空欄の1行",
    ):
        assert said in page, said
    assert known(stage) == {}
    packed = page.partition('name="lines" value="')[2].partition('"')[0]
    assert office.post(f"{way}/file/commit", data={"lines": packed}).status_code == 303
    assert known(stage) == {"架空 0子": ("late", 100)}
    assert office.post(f"{way}/file/commit", data={"lines": "x"}).status_code == 422
    taken = office.get(f"{way}.csv?reason=training").data.decode("utf-8-sig")
    assert "00811,架空 0子,窓口課,主事,遅刻,100," in taken
    # What was taken out can be taken in again, with its mark at the end.
    again = (io.BytesIO(taken.encode("utf-8-sig")), "again.csv")
    assert "1人の出欠を記録します" in office.post(f"{way}/file", data={"file": again}).text
    whole = office.get(f"/runs/{stage.runs[0].id}/attendance.csv?reason=training")
    assert "00811,架空 0子,窓口課,主事,遅刻,,80,未確定" in whole.data.decode("utf-8-sig")
    empty = office.post(f"{way}/file", data={"file": (io.BytesIO(b"a,b\r\n1,2\r\n"), "x.csv")})
    assert (empty.status_code, "職員番号、出欠" in empty.text) == (422, True)


@pytest.mark.requirement("ATT-03")
def test_the_rule_decides_by_a_share_of_the_time_and_the_office_overrides_it_for_a_reason(
    office: FlaskClient, session: Session
) -> None:
    stage, (a, *_), way = held(session)
    stage.offering.absence_limit = 40
    enter(office, stage, stage.clerk)
    office.post(way, data={f"presence-{a}": "absent", "all": "1"})
    matrix = f"/runs/{stage.runs[0].id}/attendance"
    page = office.get(matrix).text
    assert page.count("基準を満たさない") == 1  # 180 of 420 minutes is more than 40 percent
    assert page.count("未確定") == 2
    person = f"/enrolments/{a}/attendance"
    assert office.post(person, data={"verdict": "enough"}).status_code == 422
    sent = {"verdict": "enough", "reason": "duty"}
    assert office.post(person, data=sent).status_code == 303
    page = office.get(matrix).text
    assert "基準を満たさない" not in page
    assert "担当の判定" in page
    assert "公務による欠席" in office.get(person).text
    office.post(person, data={"verdict": "rule"})
    assert "基準を満たさない" in office.get(matrix).text


@pytest.mark.requirement("ATT-03")
def test_exactly_the_limit_is_enough_and_what_is_excused_counts_neither_way() -> None:
    start = clock.now()
    sittings = [Sitting(new_id(), n, start, start + timedelta(hours=3), "", "", "") for n in (1, 2)]
    absent = Mark(sittings[0].id, presence=Presence.ABSENT, minutes=0)
    present = Mark(sittings[1].id, presence=Presence.PRESENT, minutes=180)
    both = {mark.session_id: mark for mark in (absent, present)}
    assert verdict(missed(sittings, both), 50) == "enough"
    assert verdict(missed(sittings, both), 49) == "not_enough"
    excused = both | {absent.session_id: replace(absent, presence=Presence.EXCUSED)}
    assert verdict(missed(sittings, excused), 0) == "enough"


def test_a_lecturer_notes_in_their_training_and_decides_nothing(
    office: FlaskClient, session: Session
) -> None:
    stage, (a, *_), way = held(session)
    training = session.get_one(Training, stage.offering.training_id)
    lecturer = factories.person(session, "講師 一")
    session.add(
        RoleGrant(
            person_id=lecturer.id,
            role=Role.LECTURER,
            training_id=training.id,
            valid_from=factories.LONG_AGO,
        )
    )
    session.flush()
    enter(office, stage, lecturer)
    assert office.post(way, data={f"presence-{a}": "present"}).status_code == 303
    assert office.get(f"/enrolments/{a}/attendance").status_code == 403
    assert (
        f"/enrolments/{a}/attendance" not in office.get(f"/runs/{stage.runs[0].id}/attendance").text
    )

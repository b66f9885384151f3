"""The office plans runs."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel import clock, outbox
from app.kernel.actor import Actor, Grant
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.attendance.models import Attendance
from app.training.enrolment.models import Assignment
from app.training.offerings.models import Offering
from app.training.orders import service as orders
from app.training.orders.service import Header
from app.training.planning import text
from app.training.plans.models import Run, RunItem, RunSession
from app.training.runs import queries
from tests import factories
from tests.training.counting import rows
from tests.training.filled import form_of


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def test_a_form_with_errors_keeps_what_was_written(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    training = factories.training(session)
    factories.material(session, clerk)
    answer = office.post(
        f"/trainings/{training.id}/runs/new",
        data={"learn_from": "らいしゅう", "learn_until": "2026/7/1", "minutes": "三十"},
    )
    assert answer.status_code == 422
    assert "らいしゅう" in answer.text
    assert "2026/7/1、R8.7.1、令和8年7月1日のように入力してください。" in answer.text
    assert "1から6000までの数字を入力してください。" in answer.text
    assert "Not a valid" not in answer.text
    assert rows(session, Run) == 0


def test_a_run_is_planned_with_its_materials_in_order(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    training = factories.training(session)
    first = factories.material(session, clerk, "はじめに")
    second = factories.material(session, clerk, "確認テスト")
    entered = {
        "key": str(uuid.uuid4()),
        "learn_from": "R8.12.1",
        "learn_until": "令和８年１２月２８日",
        "minutes": "３０",
        "what_1": str(second.id),
        "what_2": str(first.id),
    }
    answers = [office.post(f"/trainings/{training.id}/runs/new", data=entered) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    run = session.scalars(sa.select(Run)).one()
    assert (run.number, run.state, run.minutes) == (1, "draft", 30)
    assert (run.learn_from, run.learn_until) == (date(2026, 12, 1), date(2026, 12, 28))
    items = session.scalars(sa.select(RunItem.material_id).order_by(RunItem.position)).all()
    assert items == [second.id, first.id]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"learn_until": "2026/11/30"}, "受講を始められる日より後の日を入力してください。"),
        ({"what_1": ""}, "教材を選んでください。"),
        ({"what_1": str(uuid.uuid4())}, "公開中の教材から選んでください。"),
        ({"minutes": "0"}, "1から6000までの数字を入力してください。"),
    ],
)
def test_a_run_that_cannot_be_is_not_planned(
    office: FlaskClient, session: Session, clerk: Person, changed: dict[str, str], said: str
) -> None:
    training = factories.training(session)
    material = factories.material(session, clerk)
    entered = {
        "learn_from": "2026/12/1",
        "learn_until": "2026/12/28",
        "minutes": "30",
        "what_1": str(material.id),
    }
    answer = office.post(f"/trainings/{training.id}/runs/new", data=entered | changed)
    assert answer.status_code == 422
    assert said in answer.text
    assert rows(session, Run) == 0


@pytest.mark.parametrize(
    ("obligation", "kind", "head_until", "said"),
    [
        ("mandatory", "e_learning", None, "対象者を決めて、全員に命令してください。"),
        ("mandatory", "classroom", None, "次に、受講者を登録してください。"),
        ("named", "classroom", None, "受講者を指名してください。"),
        ("nominated", "classroom", None, "締切を決めて募集を始めるか"),
        ("nominated", "classroom", clock.start_of(date(2026, 12, 1)), "次に、募集を始めて"),
        ("free", "e_learning", None, "締切を決めて募集を始めるか"),
    ],
)
def test_once_a_run_is_planned_the_next_step_is_that_of_its_obligation(
    obligation: str, kind: str, head_until: datetime | None, said: str
) -> None:
    run = Run(kind=kind, head_until=head_until)
    assert said in str(text.planned(run, Offering(obligation=obligation)))


def test_the_same_material_is_not_taken_twice(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    training = factories.training(session)
    material = factories.material(session, clerk)
    entered = {"learn_from": "2026/12/1", "learn_until": "2026/12/28", "minutes": "30"}
    twice = {"what_1": str(material.id), "what_2": str(material.id)}
    answer = office.post(f"/trainings/{training.id}/runs/new", data=entered | twice)
    assert answer.status_code == 422
    assert "同じ教材は一度だけ選べます。" in answer.text


def test_without_a_published_material_the_page_says_what_to_do(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    factories.material(session, clerk, state="draft")
    page = office.get(f"/trainings/{factories.training(session).id}/runs/new")
    assert "公開中の教材がありません" in page.text


def test_other_days_are_given_to_a_run(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = factories.run(session, learn_from=date(2026, 11, 1), learn_until=date(2026, 11, 2))
    assert "2026/11/02" in office.get(f"/runs/{run.id}/edit").text
    entered = {"learn_from": "2026/11/1", "learn_until": "2027/1/31", "minutes": "45"}
    assert office.post(f"/runs/{run.id}/edit", data=entered).status_code == 303
    session.refresh(run)
    assert (run.learn_until, run.minutes) == (date(2027, 1, 31), 45)


@pytest.mark.parametrize(
    ("until", "told"),
    [
        (
            "2026/11/23",
            "令和8年11月23日（月）は閉庁日です。その前の開庁日は令和8年11月20日（金）です。",
        ),
        (
            "2026/12/31",
            "令和8年12月31日（木）は閉庁日です。その前の開庁日は令和8年12月28日（月）です。",
        ),
        ("2026/11/24", ""),
    ],
)
def test_a_last_day_on_which_the_office_is_closed_is_told(
    office: FlaskClient, session: Session, clerk: Person, until: str, told: str
) -> None:
    run = factories.run(session, learn_from=date(2026, 11, 1), learn_until=date(2026, 11, 2))
    entered = {"learn_from": "2026/11/1", "learn_until": until, "minutes": "45"}
    page = office.post(f"/runs/{run.id}/edit", data=entered, follow_redirects=True).text
    assert ("閉庁日" in page) == bool(told)
    assert told in page


MEETING = {
    "kind": "classroom",
    "capacity_max": "2",
    "apply_rule": "3週間前の金曜",
    "head_rule": "2週間前の金曜",
    "change_rule": "前開庁日17時",
    "day_1": "2026/12/16",
    "starts_1": "13時半",
    "ends_1": "17:00",
    "place_1": "第2研修室",
    "day_2": "R8.12.15",
    "starts_2": "９：００",
    "ends_2": "12:00",
    "url_2": "https://meet.example.jp/1",
    "lecturer_2": "架空 講師",
}


@pytest.mark.requirement("PLN-03", "PLN-10")
def test_a_classroom_run_lasts_from_its_first_session_to_its_last(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    training = factories.training(session)
    answer = office.post(f"/trainings/{training.id}/runs/new", data=MEETING)
    assert answer.status_code == 303
    run = session.scalars(sa.select(Run)).one()
    assert (run.learn_from, run.learn_until) == (date(2026, 12, 15), date(2026, 12, 16))
    assert (run.minutes, run.capacity_max) == (390, 2)
    held = session.scalars(sa.select(RunSession).order_by(RunSession.number)).all()
    assert [each.place or each.online_url for each in held] == [
        "https://meet.example.jp/1",
        "第2研修室",
    ]
    page = office.get(answer.location).text
    for said in (
        "令和8年12月15日（火） 09:00〜12:00",
        "架空 講師",
        "令和8年12月14日（月） 17:00まで",
    ):
        assert said in page


@pytest.mark.requirement("PLN-10")
def test_a_deadline_is_shown_as_the_day_it_means_before_anything_is_written(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    training = factories.training(session)
    asked = {**MEETING, "apply_rule": "2026/11/23", "do": "look"}
    page = office.post(f"/trainings/{training.id}/runs/new", data=asked)
    assert page.status_code == 200
    meant = page.text.split('id="meanings"')[1].split("</dl>")[0]
    assert "令和8年12月4日（金）まで" in meant
    assert "令和8年11月23日（月）まで" in meant
    assert "閉庁日です。その前の開庁日は令和8年11月20日（金）です。" in meant
    assert rows(session, Run) == 0


def test_another_row_and_a_part_moved_up_keep_what_was_written(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    training = factories.training(session)
    first, second = (factories.material(session, clerk, title) for title in ("事前", "事後"))
    address = f"/trainings/{training.id}/runs/new"
    written = {
        "kind": "mixed",
        "learn_from": "らいしゅう",
        "what_1": str(first.id),
        "what_2": str(second.id),
        "due_2": "前開庁日",
        "day_1": "2026/12/15",
    }
    more = form_of(office.post(address, data={**written, "do": "more_sessions"}).text)
    assert written.items() <= more.items()
    assert "day_3" in more
    moved = form_of(office.post(address, data={**more, "do": "up_2"}).text)
    assert (moved["what_1"], moved["due_1"], moved["what_2"]) == (
        str(second.id),
        "前開庁日",
        str(first.id),
    )
    assert "day_3" in moved
    assert rows(session, Run) == 0


def test_what_cannot_be_is_said_at_its_cell(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    address = f"/trainings/{factories.training(session).id}/runs/new"
    faults: list[tuple[dict[str, str], str]] = [
        ({"day_1": ""}, "2026/7/1のように入力してください。"),
        ({"ends_1": "13:00"}, "開始より後の時刻を入力してください。"),
        ({"day_1": "2026/12/15", "starts_1": "11:00"}, "ほかのコマと時間が重なっています。"),
        ({"url_2": "meet"}, "https://から始まるURLを入力してください。"),
        ({"kind": "e_learning"}, "コマがあるときは、ほかの形を選んでください。"),
        ({"head_rule": "そのうち"}, "2026/7/1のような日か、「2週間前の金曜」のように"),
        ({"apply_rule": "1日前"}, "所属長の締切と同じ日か、その前にしてください。"),
        ({"capacity_min": "3"}, "最小催行人数以上の数字を入力してください。"),
        ({"what_1": "report", "due_1": "2020/1/4"}, "受講の期間の中の日か"),
    ]
    for changed, said in faults:
        answer = office.post(address, data=MEETING | changed)
        assert answer.status_code == 422, changed
        assert said in answer.text
        assert form_of(answer.text)["place_1"] == "第2研修室"
    assert rows(session, Run) == 0


def _planned(office: FlaskClient, session: Session, **more: str) -> Run:
    training = factories.training(session)
    office.post(f"/trainings/{training.id}/runs/new", data=MEETING | more)
    return session.scalars(sa.select(Run)).one()


@pytest.mark.requirement("PLN-03", "PLN-04")
def test_what_is_not_changed_stays_as_it_was(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = _planned(
        office, session, capacity_min="1", late="take", what_1="report", need_1="optional"
    )
    before = queries.said(session, run.id)
    written = form_of(office.get(f"/runs/{run.id}/edit").text)
    assert office.post(f"/runs/{run.id}/edit", data=written | {"minutes": "400"}).status_code == 303
    session.expire_all()
    assert queries.said(session, run.id) == replace(before, minutes=400)


def test_a_session_is_moved_and_one_is_taken_away(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = _planned(office, session)
    _, second = queries.said(session, run.id).sessions
    written = form_of(office.get(f"/runs/{run.id}/edit").text)
    changed = {"day_2": "2026/12/14", "drop_1": "y"}
    assert office.post(f"/runs/{run.id}/edit", data=written | changed).status_code == 303
    session.expire_all()
    [left] = queries.said(session, run.id).sessions
    assert (left.id, left.place) == (second.id, "第2研修室")
    assert session.get_one(Run, run.id).learn_from == date(2026, 12, 14)


def test_a_session_with_attendance_is_not_taken_away(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = _planned(office, session)
    before = queries.said(session, run.id)
    seat = factories.enrol(session, run, clerk)
    session.add(Attendance(enrolment_id=seat.id, session_id=before.sessions[0].id))
    session.flush()
    written = form_of(office.get(f"/runs/{run.id}/edit").text)
    answer = office.post(f"/runs/{run.id}/edit", data=written | {"drop_1": "y", "minutes": "10"})
    assert answer.status_code == 422
    assert "コマ1には出欠の記録があるため、削除できません" in answer.text
    session.expire_all()
    assert queries.said(session, run.id) == before


def test_whoever_was_ordered_to_other_days_is_to_be_told(
    office: FlaskClient, session: Session, clerk: Person, now: datetime
) -> None:
    run = _planned(office, session)
    run.state = "decided"
    factories.enrol(session, run, clerk)
    by = Actor(person_id=clerk.id, grants=(Grant("office"),))
    orders.issue(session, run.id, Header("区長", date(2026, 11, 24)), by=by, now=now)
    session.flush()
    written = form_of(office.get(f"/runs/{run.id}/edit").text)
    moved = office.post(
        f"/runs/{run.id}/edit", data=written | {"day_2": "2026/12/17"}, follow_redirects=True
    )
    assert "日程や会場が変わったことを、受講者に知らせます" in moved.text
    assert "変更命令は、研修命令のページから出せます" in moved.text
    told = session.scalars(sa.select(outbox.Outgoing.payload)).all()
    assert {"table": "run", "id": str(run.id), "action": "reschedule"} in told


@pytest.mark.requirement("PLN-05")
def test_the_parts_of_a_run_are_in_their_order_until_people_know_of_them(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    before, after = (factories.material(session, clerk, title) for title in ("事前", "事後"))
    run = _planned(
        office,
        session,
        kind="mixed",
        learn_from="2026/12/1",
        learn_until="2026/12/25",
        minutes="60",
        what_1=str(before.id),
        due_1="前開庁日",
        what_2="sessions",
        what_3=str(after.id),
        need_3="optional",
        due_3="2026/12/20",
        what_4="report",
    )
    seat = factories.enrol(session, run, clerk)
    page = " ".join(html.fromstring(office.get(f"/runs/{run.id}").text).text_content().split())
    assert "1. 事前 必須・令和8年12月14日（月）まで" in page
    assert "2. 集合研修（コマ） 必須" in page
    assert "3. 事後 任意・令和8年12月20日（日）まで" in page
    assert "4. 受講結果報告 必須・令和9年1月8日（金）まで" in page
    # Another order, and another material for whoever is enrolled already.
    third = factories.material(session, clerk, "第三")
    written = form_of(office.get(f"/runs/{run.id}/edit").text)
    moved = form_of(office.post(f"/runs/{run.id}/edit", data=written | {"do": "up_3"}).text)
    office.post(f"/runs/{run.id}/edit", data=moved | {"what_1": str(third.id)})
    items = session.scalars(sa.select(RunItem).order_by(RunItem.position)).all()
    assert [item.material_id or item.kind for item in items] == [
        third.id, after.id, "sessions", "report",
    ]  # fmt: skip
    taken = session.scalars(
        sa.select(RunItem.material_id).join(Assignment).where(Assignment.enrolment_id == seat.id)
    )
    assert set(taken) == {third.id, after.id}
    # Once people know of it, the parts stay.
    run.state = "calling"
    session.flush()
    fixed = form_of(office.get(f"/runs/{run.id}/edit").text)
    swapped = fixed | {"what_1": fixed["what_2"], "what_2": fixed["what_1"]}
    answer = office.post(f"/runs/{run.id}/edit", data=swapped)
    assert "準備中でない実施回の構成は、変えられません" in answer.text


@pytest.mark.requirement("PLN-05")
def test_a_part_that_is_due_is_taken_no_more(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    material = factories.material(session, clerk, "事前の動画")
    run = factories.run(session, materials=(material,))
    seat = factories.enrol(session, run, clerk)
    item = session.scalars(sa.select(RunItem)).one()
    today = clock.today(clock.now())
    item.due_until = clock.end_of(today)
    session.flush()
    home = office.get("/").text
    assert f'期限 <time datetime="{today.isoformat()}">' in home
    address = f"/assignments/{factories.assignment_of(session, seat)}"
    assert "受講の期限を過ぎています" not in office.get(address).text
    item.due_until = clock.now() - timedelta(minutes=1)
    session.flush()
    assert "受講の期限を過ぎています" in office.get(address).text
    run.takes_late = True
    session.flush()
    assert "受講の期限を過ぎています" not in office.get(address).text

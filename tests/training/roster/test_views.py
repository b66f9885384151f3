"""The office enrols by list: checked first, then committed."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel.errors import Refused
from app.learning.records.models import LearnerRecord
from app.people.permission.models import Role
from app.people.register.models import Person
from app.people.sections import queries as sections
from app.training.enrolment.models import Enrolment
from app.training.roster import queries
from tests import factories
from tests.training.counting import rows, statements

#: How somebody is taken out of a run.
OUT = {"action": "revoke", "reason": "duty"}


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, "研修 次郎", number="99999", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def test_a_list_is_read_with_all_its_oddities(session: Session, now: datetime) -> None:
    taro = factories.person(session, "架空 太郎", number="0000123")
    jiro = factories.person(session, "架空 次郎", number="A-77")
    gone = factories.person(session, "架空 三郎", number="Q0456")
    gone.left_on = date(2026, 3, 31)
    done = factories.person(session, "架空 四郎", number="Q0789")
    out = factories.person(session, "架空 五郎", number="Q0790")
    run = factories.run(session)
    factories.enrol(session, run, done)
    factories.enrol(session, run, out, state="revoked")
    head, pasted = "職員番号\t氏名", "総務課\tＡ-77\t架空 次郎"
    lines = (
        head,
        "００００１２３",
        pasted,
        "",
        "123",
        "Q0456",
        "Q0789",
        "Q0790",
        "0000123",
        "だれか",
    )
    text = "\n".join(lines)
    check = queries.check(session, run.id, text, [], now)
    assert {post.person_id for post in check.found} == {taro.id, jiro.id}
    assert [(odd.line, odd.text, odd.meant) for odd in check.unknown] == [
        (5, "123", "0000123"),
        (10, "だれか", ""),
    ]
    assert [(odd.line, odd.name) for odd in check.left] == [(6, "架空 三郎")]
    assert [post.person_id for post in check.already] == [done.id]
    assert [post.person_id for post in check.revoked] == [out.id]
    assert check.repeated == 1


def test_a_section_brings_those_below_it(session: Session, now: datetime) -> None:
    department = factories.section(session, "総務部")
    section = factories.section(session, "人事課", parent=department)
    unit = factories.section(session, "研修係", parent=section)
    inside = {factories.person(session, section=where).id for where in (department, section, unit)}
    factories.person(session)
    check = queries.check(session, factories.run(session).id, "", [department.id], now)
    assert {post.person_id for post in check.found} == inside
    depths = {choice.name: choice.depth for choice in sections.tree(session, now)}
    assert (depths["総務部"], depths["人事課"], depths["研修係"]) == (0, 1, 2)


def test_a_list_that_is_too_long_is_refused() -> None:
    with pytest.raises(Refused, match="too_many_lines"):
        queries.entries("1\n" * (queries.MOST_LINES + 1))


def test_checking_costs_the_same_statements_whatever_the_list(
    session: Session, now: datetime
) -> None:
    run = factories.run(session)
    numbers = "\n".join(f"N{place}" for place in range(500))
    with statements(session) as few:
        queries.check(session, run.id, "N1", [], now)
    with statements(session) as many:
        queries.check(session, run.id, numbers, [], now)
    assert len(many) == len(few) <= 5


def test_people_are_enrolled_after_a_page_that_says_how_many(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    section = factories.section(session, "福祉課")
    factories.person(session, "架空 花子", number="Q0001", section=section)
    factories.person(session, "架空 桃子", number="Q0002", section=section)
    run = factories.run(session, state="draft")
    page = office.post(f"/runs/{run.id}/enrol", data={"numbers": "Q0001\nQ0002\nQ0003"})
    assert page.status_code == 200
    assert "2人を登録します" in page.text
    assert "この番号の職員は名簿にありません。" in page.text
    assert rows(session, Enrolment) == 0
    people = re.search(r'name="people" value="([^"]+)"', page.text)
    assert people
    for _ in range(2):
        answer = office.post(f"/runs/{run.id}/enrol/commit", data={"people": people[1]})
        assert answer.status_code == 303
    assert rows(session, Enrolment) == 2
    shown = office.get(f"/runs/{run.id}").text
    assert "2人を登録しました。" in shown
    assert "全員が登録済みです。" in shown
    assert "架空 花子" in shown


def test_going_back_keeps_the_list(office: FlaskClient, session: Session, clerk: Person) -> None:
    run = factories.run(session, state="draft")
    page = office.post(f"/runs/{run.id}/enrol", data={"numbers": "Q0001", "again": "1"}).text
    assert "Q0001</textarea>" in page
    assert "人を登録します" not in page


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ({"numbers": "  "}, "職員番号を入力するか、所属を選んでください。"),
        ({"sections": "nowhere"}, "一覧にある所属から選んでください。"),
    ],
)
def test_a_list_that_says_nothing_is_asked_for_again(
    office: FlaskClient, session: Session, clerk: Person, entered: dict[str, str], said: str
) -> None:
    answer = office.post(f"/runs/{factories.run(session).id}/enrol", data=entered)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_forged_list_is_not_found(office: FlaskClient, session: Session, clerk: Person) -> None:
    run = factories.run(session)
    answer = office.post(f"/runs/{run.id}/enrol/commit", data={"people": "someone"})
    assert answer.status_code == 404


def test_one_enrolment_is_revoked_and_restored(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = factories.run(session)
    enrolment = factories.enrol(session, run, clerk)
    assert office.post(f"/enrolments/{enrolment.id}/end", data=OUT).status_code == 303
    page = office.get(f"/runs/{run.id}?standing=revoked").text
    assert "命令取消" in page
    assert "研修 次郎の登録を元に戻す" in page
    checked = office.post(f"/runs/{run.id}/enrol", data={"numbers": "99999"}).text
    assert "「命令取消」を選び、元に戻してください" in checked
    assert office.post(f"/enrolments/{enrolment.id}/restore").status_code == 303
    state = session.scalar(sa.select(Enrolment.state).where(Enrolment.id == enrolment.id))
    assert state == "decided"


def test_the_people_of_a_run_are_found_by_state_section_number_and_any_spelling(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    material = factories.material(session, clerk)
    run = factories.run(session, materials=(material,))
    section = factories.section(session, "建築課")
    hard = factories.person(session, "髙﨑 桃子", number="Q0042", section=section)
    hard.name_key = "高崎桃子"
    session.flush()
    factories.enrol(session, run, hard)
    done = factories.enrol(session, run, clerk, state="completed")
    session.add(
        LearnerRecord(
            person_id=clerk.id,
            material_id=material.id,
            assignment_id=factories.assignment_of(session, done),
            status="completed",
        )
    )
    session.flush()
    for found in ("?q=高崎", "?q=Ｑ0042", f"?section={section.id}", "?standing=not_started"):
        page = office.get(f"/runs/{run.id}{found}").text
        assert "Q0042" in page, found
        assert "99999" not in page, found


def test_a_learner_enrols_nobody(office: FlaskClient, session: Session) -> None:
    run = factories.run(session)
    who = factories.person(session)
    enrolment = factories.enrol(session, run, who)
    factories.enter(office, session, who)
    assert office.post(f"/runs/{run.id}/enrol/commit", data={"people": ""}).status_code == 403
    assert office.post(f"/enrolments/{enrolment.id}/end", data=OUT).status_code == 403

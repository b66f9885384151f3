"""What surveys come to: counted, withheld where somebody could be guessed, compared, exported."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.content.sheets import service as sheets
from app.content.sheets.queries import COMMON_SET
from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.plans.models import Training
from app.training.survey_results import queries
from tests import factories
from tests.learning.surveying import SCALE, SHORT, Held, held, office_of, survey
from tests.training.counting import statements


@pytest.fixture
def clerk(session: Session) -> Person:
    return factories.person(session, "研修 担当", roles=(Role.OFFICE,))


def result_page(place: Held, clerk: Person, rest: str = "") -> str:
    factories.enter(place.office, place.session, clerk)
    answer = place.office.get(f"/runs/{place.run.id}/survey{rest}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def answered(place: Held, count: int) -> None:
    for number, who in enumerate(place.people[:count]):
        place.hand_in(who, scale=number % 5 + 1, words=f"意見{number}")


@pytest.mark.requirement("QST-04", "QST-06")
def test_five_nameless_answers_are_counted_once_nobody_can_answer_any_more(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    place = held(session, office, count=6)
    answered(place, 4)
    few = result_page(place, clerk)
    assert "無記名の回答が4件なので" in few
    assert "意見" not in few.replace("ご意見", "")
    place.answer(place.people[4], scale=5, words="意見4")
    open_still = result_page(place, clerk)
    assert "受付が終わってから表示します" in open_still
    assert "意見4" not in open_still
    place.close()
    page = result_page(place, clerk)
    assert "6人中 5人" in page
    assert "平均 3（" in page
    assert all(f"意見{number}" in page for number in range(5))


def test_when_all_have_answered_there_is_nothing_to_wait_for(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    place = held(session, office, count=5)
    answered(place, 5)
    assert "平均 3（" in result_page(place, clerk)


def test_somebody_with_a_later_day_of_their_own_still_can(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    place = held(session, office, count=6)
    answered(place, 5)
    last = session.scalars(
        sa.select(factories.Enrolment).where(factories.Enrolment.person_id == place.people[5].id)
    ).one()
    last.extended_until = clock.today(clock.now()) + timedelta(days=3)
    place.close()
    place.run.takes_late = False
    assert "受付が終わってから" in result_page(place, clerk)


@pytest.mark.requirement("QST-07")
def test_named_answers_are_seen_by_those_who_plan_and_that_is_written_down(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    place = held(session, office, count=2, is_anonymous=False)
    answered(place, 1)
    factories.enter(office, session, place.people[1])
    office.post(f"{place.launch(place.people[1])}/draft", data={"answer-words": "まだ途中"})
    page = result_page(place, clerk)
    assert "意見0" in page
    assert "まだ途中" not in page
    single = result_page(place, clerk, "/answers")
    assert place.people[0].name in single
    assert place.people[1].name not in single
    line = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "survey.answers_viewed")
    ).one()
    assert line.details["people"] == [str(place.people[0].id)]


@pytest.mark.requirement("QST-06")
def test_what_was_written_leaves_as_a_file_with_names_only_where_they_were_given(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    rows = {}
    for is_anonymous in (True, False):
        place = held(session, office, count=5, is_anonymous=is_anonymous)
        answered(place, 5)
        factories.enter(office, session, clerk)
        body = office.get(f"/runs/{place.run.id}/survey/texts.csv?reason=statistics").data
        lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
        rows[is_anonymous] = lines[: lines.index([])]
    assert rows[True][0] == ["研修", "回", "設問", "回答"]
    assert [row[3] for row in rows[True][1:]] == [f"意見{number}" for number in range(5)]
    assert rows[False][0][:2] == ["職員番号", "氏名"]
    assert {row[1] for row in rows[False][1:]} == {f"回答 {number}子" for number in range(5)}
    lines = session.scalars(sa.select(AuditEvent).where(AuditEvent.action.like("survey.%export%")))
    assert sorted(len(line.details["people"]) for line in lines) == [0, 5]


def test_of_few_nameless_answers_the_file_has_none(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    place = held(session, office, count=3)
    answered(place, 3)
    factories.enter(office, session, clerk)
    body = office.get(f"/runs/{place.run.id}/survey/texts.csv?reason=statistics").data.decode()
    assert "意見0" not in body


@pytest.mark.requirement("QST-04", "QST-06")
def test_a_total_over_runs_leaves_out_those_of_few(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    asked, training = survey(session), factories.training(session)
    sizes = (5, 3)
    places = [
        held(
            session,
            office,
            count=size,
            material=asked,
            run=factories.run(session, training, materials=(asked,)),
        )
        for size in sizes
    ]
    for place, size in zip(places, sizes, strict=True):
        answered(place, size)
    factories.enter(office, session, clerk)
    page = office.get(f"/trainings/{training.id}/surveys").text
    assert "無記名の回答3件を除いて集計しています" in page
    found = queries.results(session, clock.now(), Training.id == training.id)
    [scale, *_] = queries.total(found)
    assert scale.answered == 5
    with statements(session) as seen:
        queries.results(session, clock.now(), Training.id == training.id)
    assert len(seen) == 5


@pytest.mark.requirement("QST-06", "QST-02")
def test_trainings_are_compared_by_what_all_of_them_ask(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    by, now = office_of(session), clock.now()
    sheets.make_common_set(session, "共通", by=by, now=now)
    common = replace(SCALE, id="common", text="全体の満足度")
    sheets.put(session, COMMON_SET, common, by=by, now=now)
    sheets.publish(session, COMMON_SET, by=by, now=now)
    for title in ("第一の研修", "第二の研修"):
        asked = survey(session, title=f"{title}のアンケート")
        run = factories.run(session, factories.training(session, title), materials=(asked,))
        place = held(session, office, count=5, material=asked, run=run)
        steps = (2, 2, 2, 2, 4) if title == "第一の研修" else (5, 5, 5, 5, 3)
        for who, step in zip(place.people, steps, strict=True):
            place.hand_in(who, common=step)
    factories.enter(office, session, clerk)
    page = office.get("/survey-comparison").text
    assert "全体の満足度" in page
    assert "役に立ちましたか" not in page  # each training's own
    assert page.index("第一の研修") < page.index(">2.4<") < page.index(">4.6<")
    assert "比べられる回答がまだありません" in office.get("/survey-comparison?year=2001").text


def test_versions_are_counted_together_and_a_choice_that_is_gone_keeps_its_place(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    place = held(session, office, count=2, is_anonymous=False)
    place.answer(place.people[0], choice=SHORT)
    by, now = office_of(session), clock.now()
    sheets.remove(session, place.material.id, "choice", by=by, now=now)
    sheets.publish(session, place.material.id, by=by, now=now)
    place.answer(place.people[1])
    [found] = queries.results(session, clock.now(), Training.id.is_not(None))
    assert [each.answered for each in found.summaries] == [2, 0, 1]


def test_a_run_without_a_survey_says_so(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = factories.run(session)
    factories.enter(office, session, clerk)
    assert "この回にアンケートはありません" in office.get(f"/runs/{run.id}/survey").text
    assert office.get(f"/runs/{run.id}/survey/answers").status_code == 200
    assert office.get(f"/runs/{run.id}/survey/texts.csv?reason=statistics").status_code == 404

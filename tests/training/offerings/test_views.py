"""The plan of a year, its paper, and the rules of an offering."""

from __future__ import annotations

import io
from datetime import date

import pytest
import python_calamine
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.offerings.models import Offering, Quota
from app.training.plans.models import TrainingCategory
from tests import factories
from tests.training.counting import statements

DAY = date(2026, 9, 1)


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


RULES = {
    "target": "新任の係長",
    "subjects": "人事評価、部下の育成",
    "obligation": "nominated",
    "approval_path": "head",
    "overflow": "waitlist",
    "change_path": "head",
    "late_change": "urgent",
    "promotion": "automatic",
    "promotion_rule": "開始 １週間前の金曜",
    "absence_limit": "２５",
}


@pytest.mark.requirement("PLN-01", "PLN-02")
def test_the_plan_lists_what_a_year_offers_and_is_narrowed_by_category_and_words(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    category = session.scalars(sa.select(TrainingCategory)).first()
    assert category
    first, second = (factories.training(session, name) for name in ("税務研修", "文書研修"))
    first.category_id = category.id
    run = factories.run(session, first, state="draft", learn_from=DAY, learn_until=DAY)
    factories.offering(session, second, DAY)
    factories.offering(session, factories.training(session, "昔の研修"), date(2025, 9, 1))
    section = factories.section(session)
    session.add(Quota(offering_id=run.offering_id, section_id=section.id, at_most=7))
    session.flush()
    page = office.get("/plans?year=2026").text
    assert "令和8年度の研修計画" in page
    rows = page.partition("<tbody>")[2]
    assert rows.index("税務研修") < rows.index("文書研修")
    for told in (category.name, "令和8年9月1日（火）", "準備中 1回", "回がありません", ">7<"):
        assert told in rows
    assert "昔の研修" not in rows
    for narrowed in (f"category={category.id}", "q=税務"):
        assert "文書研修" not in office.get(f"/plans?year=2026&{narrowed}").text
    assert "税務研修" not in office.get("/plans?year=2026&category=none").text
    for odd in ("abc", "99999", "-1"):
        assert office.get(f"/plans?year={odd}").status_code == 200


@pytest.mark.requirement("PLN-01")
def test_the_plan_costs_the_same_statements_whatever_its_length(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(4):
            factories.run(session, learn_from=DAY, learn_until=DAY)
        with statements(session) as seen:
            office.get("/plans?year=2026")
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.requirement("PLN-01")
def test_the_plan_is_a_workbook_whose_text_is_no_formula(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = factories.run(session, factories.training(session, "=1+1"), learn_from=DAY)
    run.capacity_max = 40
    session.flush()
    answer = office.get("/plans/file?year=2026")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    heading, _, head, row = book.get_sheet_by_index(0).to_python(skip_empty_area=False)[:4]
    assert heading[0] == "令和8年度 研修実施計画"
    told = dict(zip(head, row, strict=True))
    assert (told["研修名"], told["受講者の決まり方"], told["定員"]) == ("=1+1", "指名", 40)


@pytest.mark.requirement("PLN-01", "PLN-02")
def test_a_training_is_added_to_a_year_and_given_its_rules_in_words(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    training = factories.training(session, "係長研修")
    data = {"year": "2027", "training": str(training.id)}
    answers = [office.post("/plans/new", data=data) for _ in range(2)]
    # The second finds the training in the plan already, and says that it is not to be added.
    assert [answer.status_code for answer in answers] == [303, 422]
    row = session.scalars(sa.select(Offering)).one()
    assert (row.training_id, row.fiscal_year) == (training.id, 2027)
    assert "係長研修" in office.get("/plans?year=2027").text
    place = f"/offerings/{row.id}"
    assert office.post(f"{place}/edit", data=RULES).status_code == 303
    session.refresh(row)
    assert (row.obligation, row.promotion_rule, row.absence_limit) == (
        "nominated",
        "1週間前の金曜",
        25,
    )
    page = office.get(place).text
    for told in (
        "新任の係長",
        "推薦：所属が受講者を推薦します",
        "所属長のみ：所属長が承認すると決まります",
        "割当を超えた人は補欠になります",
        "開始の1週間前の金曜まで",
        "総時間の25%を超えて",
        "まだ実施回がありません",
    ):
        assert told in page


def test_rules_that_cannot_be_read_are_said_at_their_fields_and_change_nothing(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    row = factories.offering(session)
    odd = {**RULES, "promotion_rule": "そのうち", "absence_limit": "101", "overflow": "yes"}
    answer = office.post(f"/offerings/{row.id}/edit", data=odd)
    assert answer.status_code == 422
    for told in (
        "3開庁日前、1週間前の金曜",
        "0から100までの数字",
        "選択肢から1つ選んでください。",
        'value="そのうち"',
    ):
        assert told in answer.text
    session.refresh(row)
    assert row.obligation == "named"


@pytest.mark.requirement("PLN-01")
def test_what_was_planned_and_has_not_begun_can_be_taken_out_of_the_plan(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    empty = factories.offering(session, factories.training(session, "取りやめる研修"), DAY)
    session.add(Quota(offering_id=empty.id, section_id=factories.section(session).id, at_most=3))
    begun = session.get_one(Offering, factories.run(session).offering_id)
    session.flush()
    path = f"/offerings/{empty.id}"
    assert "計画から外す" in office.get(path).text
    assert "計画から外す" not in office.get(f"/offerings/{begun.id}").text
    assert office.post(f"/offerings/{begun.id}/drop").status_code == 422
    assert office.post(f"{path}/drop").status_code == 303
    session.expire_all()
    assert session.scalars(sa.select(Offering.id)).all() == [begun.id]
    assert session.scalars(sa.select(Quota)).all() == []
    assert office.post(f"{path}/drop").status_code == 404

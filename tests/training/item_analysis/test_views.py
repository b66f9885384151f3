"""The figures of a test's questions, over all runs and in one."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.people.permission.models import Role
from tests import factories
from tests.learning.papers import MULTIPLE, SINGLE, TRUE_FALSE, exam, sit, taken


@pytest.mark.requirement("QST-06")
def test_a_test_is_analysed_by_question_version_and_run(
    session: Session, office: FlaskClient
) -> None:
    material = exam(session, SINGLE, MULTIPLE, TRUE_FALSE)
    runs = [factories.run(session, materials=(material,)) for _ in range(2)]
    for number in range(12):
        of = taken(session, material, runs[number % 2], f"受験 {number}")
        knows = number < 6
        answers = {
            "single": "o2" if knows else "o1",
            "multiple": ["o1", "o3"] if knows else ["o2"],
            "true_false": False,
        }
        sit(session, of, answers)
        sit(session, of, {})
    factories.enter(office, session, factories.person(session, roles=(Role.AUTHOR,)))
    place = f"/materials/{material.id}/analysis"
    answer = office.get(place)
    page = html.document_fromstring(answer.text)
    cells = [
        [cell.text_content().strip() for cell in row.xpath("./td | ./th")]
        for row in page.xpath("//*[@id='items']//tbody/tr")
    ]
    assert [row[3] for row in cells] == ["50%", "50%", "100%"]
    assert (cells[0][5], cells[0][6], cells[0][7]) == ("1", "1", "高い")
    assert cells[2][5] == "－"
    (chart,) = page.xpath("//figure[@data-chart='items']")
    assert chart.get("data-chart-columns") == "3"
    assert "受験 0" not in answer.text
    one = office.get(f"{place}?run={runs[0].id}").text
    assert "6人" in one


def test_a_test_that_nobody_sat_says_so(session: Session, office: FlaskClient) -> None:
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    page = office.get(f"/materials/{exam(session).id}/analysis").text
    assert "まだだれも受験していません" in page

"""A unit that need not be done: the office waives it, and the record follows."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel.audit.models import AuditEvent
from app.learning.records.models import LearnerRecord
from app.learning.statements.models import XapiStatement
from app.people.permission.models import Role
from tests import factories
from tests.learning.courses.conftest import Take
from tests.learning.coursing import unit
from xapi.cmi5 import words
from xapi.cmi5.words import Verb

REASON = "Equivalent Outside Activity"


@pytest.fixture
def record(take: Take, session: Session) -> LearnerRecord:
    """The record of somebody who has completed one of two units."""
    take(unit(1), unit(2)).open("u1").begin().complete()
    return session.scalars(sa.select(LearnerRecord)).one()


@pytest.fixture(autouse=True)
def clerk(session: Session, office: FlaskClient) -> None:
    """Somebody of the training office looks at it."""
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))


def test_the_office_waives_what_is_left_and_the_course_is_done(
    office: FlaskClient, session: Session, record: LearnerRecord
) -> None:
    address = f"/records/{record.id}/waive"
    assert address in office.get(f"/history/{record.id}").text
    page = office.get(address).text
    assert "項目 2" in page
    assert "項目 1" not in page
    answer = office.post(address, data={"unit": "u2", "reason": REASON}, follow_redirects=True)
    assert "項目を免除しました" in answer.text
    assert "免除（ほかの研修や資格で、同じ内容を学んでいる）" in answer.text
    session.refresh(record)
    assert (record.status, record.progress) == ("completed", 1.0)
    rows = session.scalars(sa.select(XapiStatement.text).order_by(XapiStatement.seq)).all()
    waived, satisfied = (json.loads(text) for text in rows[-2:])
    assert (waived["verb"]["id"], satisfied["verb"]["id"]) == (Verb.WAIVED, Verb.SATISFIED)
    assert waived["result"]["extensions"][words.REASON] == REASON
    line = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "attempt.waived")).one()
    assert line.details["unit"] == "項目 2"
    assert "すべての項目が" in office.get(address).text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"unit": "u2"}, "理由を選んでください。"),
        ({"reason": REASON}, "免除する項目を選んでください。"),
        ({"unit": "u1", "reason": REASON}, "選択肢から選んでください。"),
        ({"unit": "u2", "reason": "Because"}, "選択肢から選んでください。"),
    ],
)
def test_what_is_missing_or_done_already_is_told(
    office: FlaskClient, session: Session, record: LearnerRecord, data: dict[str, str], said: str
) -> None:
    answer = office.post(f"/records/{record.id}/waive", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    session.refresh(record)
    assert record.status == "in_progress"


def test_there_is_nothing_to_waive_in_what_is_no_course(
    office: FlaskClient, session: Session, record: LearnerRecord
) -> None:
    office.post(f"/records/{record.id}/reset", data={"back": "/"})
    assert office.get(f"/records/{record.id}/waive").status_code == 422
    assert "/waive" not in office.get(f"/history/{record.id}").text

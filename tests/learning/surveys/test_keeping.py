"""What becomes of answers to surveys: disclosed to who gave them, and erased in time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.keeping import holdings
from app.keeping.disclosure import learning as disclosure
from app.kernel import clock
from app.kernel.holdings import RecordClass
from app.learning.surveys.models import AnonymousResponse
from app.people.permission.models import Role
from app.training.retention import service as retention
from tests import factories
from tests.learning.surveying import held


def test_what_was_answered_with_a_name_is_disclosed_and_nothing_else(
    office: FlaskClient, session: Session
) -> None:
    named, nameless = held(session, office, 1, is_anonymous=False), held(session, office, 0)
    who = named.people[0]
    factories.enrol(session, nameless.run, who)
    named.hand_in(who, words="記名の意見")
    nameless.hand_in(who, words="無記名の意見")
    tables = {
        table.code: table.rows
        for item in disclosure.items(session, who.id)
        for table in item.tables
    }
    assert [row[2] for row in tables["survey_answers"]] == ["4", "長い", "記名の意見"]
    assert "無記名の意見" not in str(tables)


def test_ones_own_record_shows_ones_own_named_answers_and_nobody_elses(
    office: FlaskClient, session: Session
) -> None:
    clerk = factories.person(session, "研修 担当", roles=(Role.OFFICE,))
    for is_anonymous in (False, True):
        place = held(session, office, 1, is_anonymous=is_anonymous)
        who = place.people[0]
        place.hand_in(who, words="自分の意見")
        path = f"/history/{place.record(who).id}"
        factories.enter(office, session, who)
        assert ("自分の意見" in office.get(path).text) != is_anonymous
        factories.enter(office, session, clerk)
        page = office.get(path)
        assert page.status_code == 200
        assert "自分の意見" not in page.text
        assert "この画面には出ません" in page.text


@pytest.mark.requirement("SEC-10")
def test_nameless_answers_are_erased_by_the_age_of_their_run(
    office: FlaskClient, session: Session
) -> None:
    old, fresh = held(session, office, 3), held(session, office, 2)
    for place in (old, fresh):
        for who in place.people:
            place.hand_in(who)
    old.run.learn_from, old.run.learn_until = date(2019, 5, 1), date(2019, 5, 31)
    session.flush()
    before = clock.today(clock.now()) - timedelta(days=1000)
    [holding] = [each for each in retention.HOLDINGS if each.record_class == RecordClass.ANSWERS]
    assert holding in holdings.HOLDINGS
    [due] = session.execute(holding.due(before)).all()
    assert tuple(due) == (None, 3, date(2019, 5, 31))
    assert holding.erase(session, old.people[0].id, before) == {}
    assert holding.erase(session, None, before) == {"anonymous_response": 3}
    groups = session.scalars(sa.select(AnonymousResponse.group_id)).all()
    assert set(groups) == {fresh.item_id}

"""C21: an age has its day, and what nobody has confirmed for more than 13 months is flagged."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.people.permission.models import Role
from app.people.profiles.queries import is_stale
from tests import factories

TODAY = clock.today(clock.now())


@pytest.mark.parametrize(
    ("confirmed", "today", "stale"),
    [
        (date(2025, 4, 1), date(2026, 5, 1), False),
        (date(2025, 4, 1), date(2026, 5, 2), True),
        (date(2025, 1, 31), date(2026, 2, 28), False),
        (date(2025, 1, 31), date(2026, 3, 1), True),
        (None, date(2026, 5, 2), False),
    ],
)
def test_thirteen_months_are_counted_by_the_calendar(
    confirmed: date | None, today: date, stale: bool
) -> None:
    assert is_stale(confirmed, today) is stale


@pytest.mark.requirement("STF-11")
def test_old_data_is_flagged_on_the_page_and_in_the_list(
    office: FlaskClient, session: Session
) -> None:
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    fresh, old = factories.person(session, "新しい人"), factories.person(session, "古い人")
    fresh.confirmed_on = clock.months_before(TODAY, 13)
    old.confirmed_on = clock.months_before(TODAY, 14)
    old.age, old.age_as_of = 45, date(2024, 4, 1)
    session.flush()
    page = office.get(f"/staff/{old.id}").text
    assert "13か月より前から、名簿で確認されていません" in page
    assert "45歳（令和6年4月1日現在）" in page
    assert "13か月より前から、" not in office.get(f"/staff/{fresh.id}").text
    listed = office.get("/staff").text
    assert "1人が、13か月より前から名簿で確認されていません" in listed
    narrowed = office.get("/staff?kind=old").text
    assert "古い人" in narrowed
    assert "新しい人" not in narrowed

"""How years are counted: as each reader chooses on screen, by the era in mail and on paper."""

from __future__ import annotations

from datetime import date, datetime

import flask
import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel import clock, dates
from app.kernel.web import filters, years
from app.people.permission.models import Role
from tests import factories

DAY = date(2026, 11, 23)
pytestmark = pytest.mark.requirement("UIX-07")


@pytest.mark.parametrize(
    ("cookies", "day", "plain"),
    [
        ("", "令和8年11月23日（月）", "令和8年11月23日"),
        ("years=japanese", "令和8年11月23日（月）", "令和8年11月23日"),
        ("years=western", "2026年11月23日（月）", "2026年11月23日"),
        ("years=other", "令和8年11月23日（月）", "令和8年11月23日"),
        ("years=western; language=en", "Mon, 23 Nov 2026", "23 Nov 2026"),
    ],
)
def test_a_day_is_written_as_its_reader_counts_years(
    office_app: flask.Flask, now: datetime, cookies: str, day: str, plain: str
) -> None:
    with office_app.test_request_context(headers={"Cookie": cookies}):
        assert (filters.day(DAY), filters.plain_day(DAY)) == (day, plain)
        assert filters.moment(now) == f"{day} 13:00"


def test_without_a_reader_the_era_stays(office_app: flask.Flask, now: datetime) -> None:
    with office_app.app_context():
        assert years.current() == years.JAPANESE
    # What papers are written with asks nobody.
    with office_app.test_request_context(headers={"Cookie": "years=western"}):
        assert clock.era_date(DAY) == "令和8年11月23日（月）"


def test_the_choice_is_kept_in_the_browser_and_follows_every_page(
    office: FlaskClient, session: Session
) -> None:
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    run = factories.run(session, learn_from=DAY, learn_until=date(2099, 3, 31))
    address = f"/runs/{run.id}"
    assert "令和81年3月31日" in office.get(address).text
    answer = office.post("/years", data={"years": "western", "next": address})
    assert (answer.status_code, answer.location) == (303, address)
    page = office.get(address).text
    assert "2099年3月31日" in page
    assert "令和" not in page
    current = "//header//form[@action='/years']//button[@aria-current]/@value"
    assert set(html.document_fromstring(page).xpath(current)) == {"western"}
    # In English days have no era, and nothing is to be chosen.
    office.post("/language", data={"language": "en"})
    assert 'action="/years"' not in office.get(address).text
    assert office.post("/years", data={"years": "other", "next": "//evil.example"}).location == "/"


@pytest.mark.parametrize("written", ["2026/11/23", "R8.11.23", "令和8年11月23日", "2026年11月23日"])
def test_a_day_is_typed_in_either_way_whatever_is_shown(written: str) -> None:
    assert dates.parse(written) == DAY

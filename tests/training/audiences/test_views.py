"""The office says whom an offering is for: looked at first, then settled."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel.audit.models import AuditEvent
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.audiences import queries
from tests import factories


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, "研修 次郎", number="99999", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def hidden(page: str) -> dict[str, list[str]]:
    """Return what the form that settles would send."""
    form = page.partition('audience/commit">')[2].partition("</form>")[0]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form):
        if name != "csrf_token":
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.requirement("PLN-07", "PLN-08")
@pytest.mark.parametrize("mode", ["fixed", "dynamic"])
def test_a_condition_is_looked_at_and_settled(
    office: FlaskClient, session: Session, clerk: Person, mode: str
) -> None:
    place = factories.section(session, "福祉課")
    people = [factories.person(session, f"架空 {n}", section=place) for n in ("花子", "桃子")]
    offering = factories.offering(session)
    url = f"/offerings/{offering.id}/audience"
    assert "いまは全職員が対象です" in office.get(url).text
    sent = {"sections": str(place.id), "with_children": "y"}
    page = office.post(url, data=sent).text
    assert "2人が対象になります" in page
    assert "架空 花子" in page
    assert queries.meant(session, offering.id) is None
    [line] = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "audience.checked"))
    assert line.details
    assert set(line.details["people"]) == {str(who.id) for who in people}
    again = office.post(url, data={**sent, "again": "1"}).text
    assert re.search(rf'value="{place.id}"[^>]*checked|checked[^>]*value="{place.id}"', again)
    kept = hidden(page)
    assert kept == {name: [value] for name, value in sent.items()}
    answer = office.post(f"{url}/commit", data={**kept, "mode": mode})
    assert answer.status_code == 303
    assert queries.meant(session, offering.id) == {who.id for who in people}
    shown = office.get(answer.headers["Location"]).text
    assert "対象者を2人に確定しました" in shown
    assert ("動的" if mode == "dynamic" else "固定") in shown
    assert ("対象者から外す" in shown) is (mode == "fixed")
    assert "福祉課" in shown


@pytest.mark.requirement("PLN-07")
def test_people_are_added_by_their_numbers_and_taken_out_one_by_one(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    who = factories.person(session, "架空 花子", number="Q0001")
    offering = factories.offering(session)
    url = f"/offerings/{offering.id}/audience"
    page = office.post(f"{url}/list", data={"numbers": "Q0001\nQ0002\nQ0001"}).text
    assert "1人を対象者に加えます" in page
    assert "この番号の職員は名簿にありません。" in page
    for _ in range(2):
        answer = office.post(f"{url}/list/commit", data={"numbers": "Q0001\nQ0002\nQ0001"})
        assert answer.status_code == 303
    assert queries.meant(session, offering.id) == {who.id}
    listed = office.get(f"{url}/people?q=花子").text
    assert "架空 花子を対象者から外す" in listed
    assert "当てはまる対象者がいません" in office.get(f"{url}/people?q=だれか").text
    assert office.post(f"{url}/remove", data={"person": str(who.id)}).status_code == 303
    assert queries.meant(session, offering.id) is None
    assert "対象者を指定していません" in office.get(f"{url}/people").text


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ({"sections": "nowhere"}, "一覧にあるものから選んでください。"),
        ({"hired_first": "三"}, "1から60までの数字を入力してください。"),
        ({"hired_first": "3", "hired_last": "2"}, "より小さくない数字を入力してください。"),
    ],
)
def test_a_condition_that_cannot_be_is_asked_for_again(
    office: FlaskClient, session: Session, clerk: Person, entered: dict[str, str], said: str
) -> None:
    offering = factories.offering(session)
    for way in ("", "/commit"):
        answer = office.post(f"/offerings/{offering.id}/audience{way}", data=entered)
        assert answer.status_code == 422
        assert said in answer.text
    assert office.post(f"/offerings/{offering.id}/audience/list", data={}).status_code == 422


def test_a_condition_that_nobody_fulfils_is_not_settled(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    place = factories.section(session)
    offering = factories.offering(session)
    url = f"/offerings/{offering.id}/audience"
    page = office.post(url, data={"sections": str(place.id)}).text
    assert "条件に合う人がいません" in page
    assert "確定する" not in page
    answer = office.post(f"{url}/commit", data={"sections": str(place.id)})
    assert answer.status_code == 422
    assert "条件をゆるめて" in answer.text


def test_a_settled_condition_is_told_in_words(
    office: FlaskClient, session: Session, clerk: Person, now: datetime
) -> None:
    title = factories.title(session, "係長")
    clerk.hired_on = now.date()
    session.flush()
    offering = factories.offering(session)
    sent = {"hired_first": "1", "hired_last": "3", "employment": "regular"}
    office.post(f"/offerings/{offering.id}/audience/commit", data={**sent, "mode": "dynamic"})
    page = office.get(f"/offerings/{offering.id}/audience/people").text
    assert "1年目から3年目まで" in page
    assert "計画のページを開く" in page
    assert "正規" in page
    form = office.get(f"/offerings/{offering.id}/audience").text
    assert 'name="hired_last" ' in form or 'name="hired_last"' in form
    assert title.name in form
    office.post(f"/offerings/{offering.id}/audience/clear")
    assert queries.meant(session, offering.id) is None

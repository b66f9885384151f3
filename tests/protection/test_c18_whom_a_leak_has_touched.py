"""C18: given an account or a time, the system names who was touched, by whom, when, with what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import factory
from app.cli import affected
from app.kernel import clock
from app.people.audit.queries import Touch
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories

pytestmark = pytest.mark.requirement("SEC-13")

factory.tell()


@pytest.fixture
def clerk(office: FlaskClient, session: Session) -> Person:
    """A clerk of the office, signed in: the account that was misused."""
    who = factories.person(session, "担当 一子", number="00001", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def touched(report: affected.Report, who: Person) -> dict[str, Touch]:
    return {touch.action: touch for touch in report.touches if touch.person_id == who.id}


def test_all_that_an_account_saw_listed_took_along_and_changed_is_named(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    section = factories.section(session, "標的課")
    target = factories.person(session, "標的 花子", number="00777", section=section)
    beside = factories.person(session, "標的 次郎", number="00778", section=section)
    apart = factories.person(session, "離れ 三郎", number="00779")
    run = factories.run(session)
    factories.enrol(session, run, target)
    began = clock.now()
    for path in (
        "/staff?q=標的",
        f"/staff/{target.id}",
        f"/reports/runs/{run.id}.csv?reason=progress",
        f"/history/people/{target.id}",
    ):
        assert office.get(path).status_code == 200
    granted = office.post(
        f"/staff/{target.id}/roles", data={"role": "head", "section": str(section.id)}
    )
    assert granted.status_code == 303
    session.expire_all()
    report = affected.find(session, "00001", None, None, clock.now())
    found = touched(report, target)
    assert set(found) == {
        "people.listed", "person.viewed", "run.exported", "history.viewed", "person.role_granted",
    }  # fmt: skip
    assert set(touched(report, beside)) == {"people.listed"}
    assert touched(report, apart) == {}
    assert report.count == 2
    listed = found["people.listed"]
    assert (listed.actor_id, listed.addresses) == (clerk.id, {"127.0.0.1"})
    assert began - timedelta(seconds=1) <= listed.first_at <= clock.now()


def test_of_a_time_all_accounts_are_named_and_nothing_before_or_after(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    target = factories.person(session, number="00777")
    office.get(f"/staff/{target.id}")
    other = factories.person(session, number="00002", roles=(Role.ADMINISTRATOR,))
    factories.enter(office, session, other)
    office.get(f"/staff/{target.id}")
    now = clock.now()
    day = timedelta(days=1)
    session.expire_all()
    around = affected.find(session, None, now - day, now + day, now)
    assert {touch.actor_id for touch in around.touches} == {clerk.id, other.id}
    assert affected.find(session, None, now - 2 * day, now - day, now).count == 0
    assert affected.find(session, None, now + day, None, now).count == 0


def test_a_list_of_more_than_a_page_touches_those_it_showed(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    section = factories.section(session)
    for _ in range(120):
        factories.person(session, section=section)
    office.get(f"/staff?section={section.id}")
    report = affected.find(session, "00001", None, None, clock.now())
    assert (report.count, report.must_be_reported) == (50, False)
    for page in (2, 3):
        office.get(f"/staff?section={section.id}&page={page}")
    report = affected.find(session, "00001", None, None, clock.now())
    assert (report.count, report.must_be_reported) == (120, True)

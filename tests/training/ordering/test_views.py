"""The page that orders a whole audience: how many, the job, what came of it; and the daily step."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel.audit.models import AuditEvent
from app.kernel.db import Database
from app.kernel.jobs import Job, Name, State
from app.kernel.notices import text as notices_text
from app.kernel.notices.models import Notice
from app.kernel.settings import Settings
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.audiences import queries as audiences_queries
from app.training.enrolment.models import Enrolment
from tests import factories
from tests.training.counting import rows
from tests.training.ordering.test_service import HEADER, OFFICE, moved, prepared, service
from workers import performing, schedule
from workers.workshop import Workshop

SENT = {"issuer": "総務部長", "issued_on": "2026/11/24"}


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, "研修 次郎", number="99999", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def shop(settings: Settings, database: Database) -> Workshop:
    """The worker of this installation."""
    return Workshop(settings, database)


@pytest.mark.requirement("ORD-08")
def test_an_audience_is_ordered_from_the_page_of_its_run(
    office: FlaskClient, session: Session, clerk: Person, shop: Workshop, now: datetime
) -> None:
    stage = prepared(session, now)
    run = f"/runs/{stage.run.id}"
    assert f"{run}/order-all" in office.get(run).text
    page = office.get(f"{run}/order-all").text
    assert "3人を登録し、研修命令を発行します" in page
    assert "同時に受講を開始します" in page
    for _ in range(2):  # a double click
        assert office.post(f"{run}/order-all", data=SENT).status_code == 303
    [job] = session.scalars(sa.select(Job).where(Job.name == Name.ORDER_ALL))
    assert "順番を待っています" in office.get(f"{run}/order-all").text
    assert "HX-Refresh" not in office.get(f"{run}/order-all/progress").headers
    for _ in range(2):  # a nudge too many
        performing.perform(shop, job.id)
    session.expire_all()
    assert (job.status, job.result["people"]) == (State.DONE, 3)
    assert office.get(f"{run}/order-all/progress").headers["HX-Refresh"] == "true"
    page = office.get(f"{run}/order-all").text
    assert "3人に研修命令を発行しました" in page
    assert "人に命令する" not in page
    assert rows(session, Enrolment) == rows(session, Notice) == 3
    [line] = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "order.order"))
    assert (line.actor_id, line.role) == (clerk.id, Role.OFFICE)
    notice = session.scalars(sa.select(Notice)).first()
    assert notice
    told = notices_text.words(notice.kind, notice.data, name="架空 太郎")
    assert "研修命令が出ました" in told[0]


def test_a_job_that_was_refused_says_why_and_has_done_nothing(
    office: FlaskClient, session: Session, clerk: Person, shop: Workshop, now: datetime
) -> None:
    stage = prepared(session, now)
    run = f"/runs/{stage.run.id}"
    office.post(f"{run}/order-all", data=SENT)
    stage.run.capacity_max = 1
    session.flush()
    job = session.scalars(sa.select(Job)).one()
    performing.perform(shop, job.id)
    session.expire_all()
    assert job.status == State.REFUSED
    page = office.get(f"{run}/order-all").text
    assert "空いている席が足りません" in page
    assert "命令も発行されていません" in page
    assert rows(session, Enrolment) == 0


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ({**SENT, "issuer": " "}, "入力してください。"),
        ({**SENT, "issued_on": "いつか"}, "令和8年7月1日のように"),
    ],
)
def test_an_order_without_a_head_is_asked_for_again(
    office: FlaskClient,
    session: Session,
    clerk: Person,
    now: datetime,
    entered: dict[str, str],
    said: str,
) -> None:
    stage = prepared(session, now)
    answer = office.post(f"/runs/{stage.run.id}/order-all", data=entered)
    assert answer.status_code == 422
    assert said in answer.text
    assert rows(session, Job) == 0


def test_a_run_that_is_not_for_all_says_why_and_leads_to_the_audience(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    offering = factories.offering(session)
    run = factories.run(session, offered=offering)
    assert f"/runs/{run.id}/order-all" not in office.get(f"/runs/{run.id}").text
    assert "必修の研修ではない" in office.get(f"/runs/{run.id}/order-all").text
    assert office.post(f"/runs/{run.id}/order-all", data=SENT).status_code == 422
    offering.obligation = "mandatory"
    session.flush()
    page = office.get(f"/runs/{run.id}/order-all").text
    assert f"/offerings/{offering.id}/audience" in page


@pytest.mark.requirement("PLN-08")
def test_audiences_that_follow_their_condition_are_kept_once_a_day(
    session: Session, shop: Workshop, now: datetime
) -> None:
    stage = prepared(session, now, is_dynamic=True)
    service.order_all(session, stage.run.id, HEADER, by=OFFICE, now=now)
    first, second = factories.person(session), factories.person(session)
    elsewhere = factories.section(session)

    def ordered() -> set[object]:
        query = sa.select(Enrolment.person_id).where(Enrolment.state == "ordered")
        return set(session.scalars(query))

    everybody = {who.id for who in stage.people}
    moved(session, first, stage.section)
    schedule.keep_audiences(shop, now)
    assert ordered() == {*everybody, first.id}
    moved(session, second, stage.section)
    moved(session, first, elsewhere)
    schedule.keep_audiences(shop, now + timedelta(hours=10))  # 23:00 in Japan
    assert ordered() == {*everybody, first.id}
    schedule.keep_audiences(shop, now + timedelta(hours=11))
    assert ordered() == {*everybody, second.id}
    assert audiences_queries.meant(session, stage.offering.id) == {*everybody, second.id}
    lines = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "audience.kept")).all()
    assert [line.details for line in lines] == [{"count": 1}] * 2

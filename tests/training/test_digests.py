"""Sections are told together what concerns several of theirs: who is late, and who has no mail."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Database
from app.kernel.notices.models import Notice
from app.kernel.open_days import OpenDays
from app.kernel.settings import Settings
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Person
from app.people.sections.models import Section
from app.training.digests import service
from app.training.notifying.service import say
from tests import factories
from tests.training import counting
from tests.training.test_reminders import TUESDAY, at, due_in, told
from workers import schedule
from workers.workshop import Workshop

DAYS = OpenDays()
MONDAY = date(2026, 11, 30)


def near(session: Session, name: str, role: Role, section: Section) -> Person:
    """Make somebody who looks after a section."""
    who = factories.person(session, name, section=section, email="x@ward.example")
    session.add(
        RoleGrant(person_id=who.id, role=role, section_id=section.id, valid_from=factories.LONG_AGO)
    )
    session.flush()
    return who


@pytest.mark.requirement("NTF-02")
def test_on_mondays_sections_are_told_how_many_are_late_or_near_and_nothing_of_none(
    session: Session,
) -> None:
    busy, calm = factories.section(session), factories.section(session)
    for section in (busy, calm):
        near(session, "架空 課長", Role.HEAD, section)
        near(session, "架空 担当", Role.COORDINATOR, section)
    people = [factories.person(session, section=busy) for _ in range(3)]
    due_in(session, 12, people[:2])  # on the Sunday after that Monday
    due_in(session, -5, people[1:])  # the second is late as well: one person all the same
    due_in(session, 13, [factories.person(session, section=calm)])
    session.flush()
    assert service.tell_week(session, DAYS, at(TUESDAY)) == 0
    assert service.tell_week(session, DAYS, at(MONDAY)) == 2
    assert service.tell_week(session, DAYS, at(MONDAY, 12)) == 0
    assert told(session) == [("summary.weekly", "架空 担当"), ("summary.weekly", "架空 課長")]
    assert {notice.data["count"] for notice in session.scalars(sa.select(Notice))} == {3}
    # Before a Monday on which nobody is there it is told on the Friday.
    assert service.tell_week(session, DAYS, at(date(2026, 11, 20))) == 2


def tell_all(session: Session, people: list[Person], moment: datetime) -> None:
    """Tell some people something."""
    session.flush()
    data = {"title": "接遇研修"}
    keys = [person.id for person in people]
    say(session, keys, "candidacy.waitlisted", data, "/", dedupe=f"x:{moment}", now=moment)


@pytest.mark.requirement("NTF-04")
def test_a_coordinator_is_told_each_day_how_many_without_mail_have_news_and_else_the_head(
    session: Session, settings: Settings, database: Database
) -> None:
    shop = Workshop(settings, database)
    first, second = factories.section(session), factories.section(session)
    near(session, "架空 課長", Role.HEAD, first)
    coordinator = near(session, "架空 担当", Role.COORDINATOR, first)
    coordinator.email = None  # told on screen, and no news of their own
    near(session, "架空 室長", Role.HEAD, second)
    without = [factories.person(session, section=each) for each in (first, first, second)]
    having = factories.person(session, section=first, email="h@ward.example")
    tell_all(session, [*without, having], at(TUESDAY, 7))
    schedule.tell_of_the_day(shop, at(TUESDAY))
    schedule.tell_of_the_day(shop, at(TUESDAY, 18))
    kind = "digest.no_address"
    assert told(session, kind) == [(kind, "架空 室長"), (kind, "架空 担当")]
    query = sa.select(Notice).where(Notice.kind == kind)
    counts = {notice.person_id: notice.data["count"] for notice in session.scalars(query)}
    assert counts[coordinator.id] == 2
    # The next day there is no news; then somebody is told something after the day's telling.
    schedule.tell_of_the_day(shop, at(TUESDAY + timedelta(days=1)))
    assert len(told(session, kind)) == 2
    tell_all(session, without[2:], at(TUESDAY + timedelta(days=1), 15))
    schedule.tell_of_the_day(shop, at(TUESDAY + timedelta(days=2)))
    assert told(session, kind).count((kind, "架空 室長")) == 2


@pytest.mark.requirement("NTF-04")
def test_the_sections_page_lists_what_is_to_be_handed_out_and_to_nobody_else(
    office: FlaskClient, session: Session
) -> None:
    mine, other = factories.section(session, "総務課"), factories.section(session, "税務課")
    coordinator = near(session, "架空 担当", Role.COORDINATOR, mine)
    without = factories.person(session, "架空 花子", section=mine, number="10001")
    having = factories.person(session, "架空 次子", section=mine, email="h@ward.example")
    beyond = factories.person(session, "架空 遠子", section=other)
    restricted = factories.person(session, "架空 止子", section=mine)
    tell_all(session, [without, having, beyond, restricted], clock.now())
    restricted.restricted_at = clock.now()
    session.flush()
    factories.enter(office, session, coordinator)
    shown = office.get("/sections/notices").text
    assert "架空 花子 様" in shown
    assert "10001" in shown
    assert "補欠になりました：接遇研修" in shown
    for name in ("次子", "遠子", "止子"):
        assert name not in shown
    [line] = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "notices.listed"))
    assert (line.details or {})["people"] == [str(without.id)]
    session.execute(sa.update(Notice).values(read_at=clock.now()))
    assert "渡すお知らせはありません" in office.get("/sections/notices").text


def test_the_page_asks_the_same_few_times_for_any_number_of_people(
    office: FlaskClient, session: Session
) -> None:
    section = factories.section(session)
    factories.enter(office, session, near(session, "架空 担当", Role.COORDINATOR, section))
    counts = []
    for many in (1, 20):
        people = [factories.person(session, section=section) for _ in range(many)]
        tell_all(session, people, clock.now())
        office.get("/sections/notices")
        with counting.statements(session) as seen:
            assert office.get("/sections/notices").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]

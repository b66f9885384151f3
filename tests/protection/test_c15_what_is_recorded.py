"""C15: what people do is recorded with actor, role, target, old → new, address and result."""

from __future__ import annotations

import io
import re
import uuid
from dataclasses import fields, replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import factory
from app.kernel import clock, jobs
from app.kernel.actor import SYSTEM
from app.kernel.audit import verification
from app.kernel.audit.models import AuditEvent
from app.kernel.settings import Settings
from app.people.permission.models import Role
from app.people.register.models import Person
from app.people.sign_in import service as sign_in
from tests import factories
from tests.people.importing import STAFF_HEAD as STAFF
from workers import performing
from workers.workshop import Workshop

pytestmark = pytest.mark.requirement("SEC-07")

OWN = "a long sentence of mine"


@pytest.fixture
def clerk(office: FlaskClient, session: Session) -> Person:
    who = factories.person(session, "担当 一子", number="00001", roles=(Role.ADMINISTRATOR,))
    factories.enter(office, session, who)
    return who


def lines(session: Session, *actions: str) -> list[AuditEvent]:
    session.expire_all()
    query = sa.select(AuditEvent).where(AuditEvent.action.in_(actions))
    return list(session.scalars(query.order_by(AuditEvent.seq)))


def test_signing_in_is_recorded_with_its_result_and_where_from(
    office: FlaskClient, session: Session
) -> None:
    who = factories.person(session, number="00012")
    sign_in.issue_passwords(session, [who.id], SYSTEM, clock.now())
    for password in ("wrong", "wrong again"):
        office.post("/sign-in", data={"number": "00012", "password": password})
    first, second = lines(session, "person.sign_in_failed")
    assert (first.actor_id, first.subject_id, first.details) == (None, who.id, {"reason": "wrong"})
    assert first.address == "127.0.0.1"
    assert first.reference
    assert second.reference != first.reference


def brought(office: FlaskClient, shop: Workshop, text: str) -> None:
    """Take a file of staff over, by the pages and the worker."""
    today = clock.today(clock.now()).isoformat()
    file = (io.BytesIO((STAFF + text).encode()), "staff.csv")
    asked = {"file": file, "mode": "difference", "effective_on": today}
    answer = office.post("/imports/staff", data=asked)
    assert answer.status_code == 303
    perform_all(shop)
    assert office.post(f"{answer.location}/commit").status_code == 303
    perform_all(shop)


def perform_all(shop: Workshop) -> None:
    with shop.database.reading() as session:
        waiting = jobs.waiting(session, clock.now())
    assert waiting
    for job_id in waiting:
        performing.perform(shop, job_id)


def test_a_change_is_recorded_from_old_to_new_with_the_role_that_allowed_it(
    shop: Workshop,
) -> None:
    shop = replace(shop, settings=replace(shop.settings, demo=False))
    app = factory.create_app(shop.settings, shop.database)
    app.config["WTF_CSRF_ENABLED"] = False
    office = app.test_client()
    with shop.database.unit_of_work() as session:
        factories.section(session, "総務課", code="0101")
        clerk = factories.person(session, number="00001", roles=(Role.ADMINISTRATOR,))
        factories.enter(office, session, clerk)
    brought(office, shop, "00012,架空 太郎,0101,総務課,主事,a@example.jp\n")
    brought(office, shop, "00012,新姓 太郎,0101,総務課,主任,b@example.jp\n")
    with shop.database.reading() as session:
        added, changed = lines(session, "person.added", "person.changed")
        assert added.details == {"number": "00012"}
        assert (changed.actor_id, changed.role) == (clerk.id, "administrator")
        assert changed.subject_id == added.subject_id
        assert changed.details == {
            "name": ["架空 太郎", "新姓 太郎"],
            "title": ["主事", "主任"],
            "email": ["a@example.jp", "b@example.jp"],
        }


def test_a_role_that_is_given_and_taken_is_recorded(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    who, section = factories.person(session), factories.section(session)
    granted = office.post(
        f"/staff/{who.id}/roles", data={"role": "head", "section": str(section.id)}
    )
    assert granted.status_code == 303
    [line] = lines(session, "person.role_granted")
    assert (line.actor_id, line.role, line.subject_id) == (clerk.id, "administrator", who.id)
    assert line.details is not None
    assert (line.details["role"], line.details["section"]) == ("head", str(section.id))
    key = session.scalars(sa.text("SELECT id FROM role_grant WHERE role = 'head'")).one()
    office.post(f"/staff/{who.id}/roles/{uuid.UUID(str(key))}/end")
    assert len(lines(session, "person.role_ended")) == 1


def test_of_several_roles_the_first_that_the_rule_names_is_what_somebody_acted_as(
    office: FlaskClient, session: Session
) -> None:
    both = factories.person(session, roles=(Role.ADMINISTRATOR, Role.OFFICE))
    factories.enter(office, session, both)
    office.get("/staff")  # having(OFFICE, ADMINISTRATOR)
    office.get("/audit")  # having(AUDITOR, ADMINISTRATOR)
    listed, searched = lines(session, "people.listed", "audit.searched")
    assert (listed.role, searched.role) == ("office", "administrator")


def test_whoever_needs_no_role_acts_as_none(office: FlaskClient, session: Session) -> None:
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    office.get("/staff")
    office.get("/history.csv")
    listed, own = lines(session, "people.listed", "history.exported")
    assert (listed.role, own.role) == ("office", "")  # the one before leaves nothing behind


def test_what_a_request_that_fails_would_have_done_is_not_recorded(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    assert office.get(f"/history/people/{uuid.uuid4()}").status_code in (403, 404)
    assert lines(session, "history.viewed") == []


def test_no_password_and_no_secret_is_in_any_line(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    who = factories.person(session, number="00012")
    page = office.post(f"/staff/{who.id}/password").text
    shown = re.search(r"(?<![-\w])[a-z2-9]{4}(-[a-z2-9]{4}){3}(?![-\w])", page)
    assert shown is not None
    [(_, issued)] = sign_in.issue_passwords(session, [who.id], SYSTEM, clock.now())
    office.post("/sign-in", data={"number": "00012", "password": issued})
    office.post("/password", data={"present": issued, "new": OWN, "again": OWN})
    kept = repr([_told(line) for line in session.scalars(sa.select(AuditEvent))])
    assert "person.password_changed" in kept
    for secret in (OWN, issued, shown[0]):
        assert secret not in kept
    assert verification.first_broken(session) is None


def _told(line: AuditEvent) -> list[Any]:
    return [getattr(line, column.key) for column in AuditEvent.__table__.c]


def test_lines_are_kept_for_three_years_unless_told_otherwise() -> None:
    [years] = [field.default for field in fields(Settings) if field.name == "audit_years"]
    assert years == 3

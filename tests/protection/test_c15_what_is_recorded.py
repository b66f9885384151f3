"""C15: what people do is recorded with actor, role, target, old → new, address and result."""

from __future__ import annotations

import re
import uuid
from dataclasses import fields
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.audit import verification
from app.kernel.audit.models import AuditEvent
from app.kernel.settings import Settings
from app.people.permission.models import Role
from app.people.register.models import Person
from app.people.sign_in import service as sign_in
from tests import factories

pytestmark = pytest.mark.requirement("SEC-07")

OWN = "a long sentence of mine"
STAFF = "職員番号,氏名,所属コード,職名,メールアドレス\n"


@pytest.fixture
def clerk(office: FlaskClient, session: Session) -> Person:
    who = factories.person(session, "担当 一子", number="00001", roles=(Role.ADMINISTRATOR,))
    factories.enter(office, session, who)
    return who


def lines(session: Session, *actions: str) -> list[AuditEvent]:
    session.expire_all()
    query = sa.select(AuditEvent).where(AuditEvent.action.in_(actions))
    return list(session.scalars(query.order_by(AuditEvent.seq)))


def imported(office: FlaskClient, text: str) -> None:
    """Upload a file of staff and take it over."""
    head = b'--e\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\n'
    answer = office.post(
        "/staff/import",
        data=head + text.encode() + b"\r\n--e--\r\n",
        content_type="multipart/form-data; boundary=e",
    )
    assert answer.status_code == 303
    assert office.post(f"{answer.location}/commit").status_code == 303


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


def test_a_change_is_recorded_from_old_to_new_with_the_role_that_allowed_it(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    factories.section(session, "総務課", code="0101")
    imported(office, STAFF + "00012,架空 太郎,0101,主事,a@example.jp\n")
    [added] = lines(session, "person.added")
    assert added.details == {"number": "00012"}
    imported(office, STAFF + "00012,新姓 太郎,0101,主任,b@example.jp\n")
    [changed] = lines(session, "person.changed")
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

"""The wording of what data is used for: versions, who may write one, and two who write at once."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel.actor import Actor, Grant
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Conflict, Forbidden
from app.people.permission.models import Role, RoleGrant
from app.people.purposes import queries, service
from app.people.purposes.models import PurposeConfirmation
from app.people.purposes.service import Wording
from tests import factories

WORDING = Wording("研修に使います。", "担当者が見ます。", "3年保管します。")
TYPED = {
    "purpose": "研修に使います。",
    "viewers": "担当者が見ます。",
    "retention": "3年保管します。",
}


def writer(session: Session) -> Actor:
    who = factories.person(session, roles=(Role.OFFICE,))
    return Actor(person_id=who.id, grants=(Grant(Role.OFFICE),))


def test_the_first_version_comes_with_the_software(session: Session) -> None:
    assert queries.present(session) == queries.Statement(0)


def test_versions_are_kept_and_the_newest_is_shown(session: Session, now: datetime) -> None:
    by = writer(session)
    for after in (0, 1):
        service.write(session, WORDING, after, by=by, now=now)
    found = queries.statements(session)
    assert [each.version for each in found] == [2, 1, 0]
    assert (found[0].purpose, found[0].created_at) == (WORDING.purpose, now)
    lines = session.scalars(
        sa.select(AuditEvent.details)
        .where(AuditEvent.action == "purpose_statement.written")
        .order_by(AuditEvent.seq)
    ).all()
    assert lines == [{"version": 1}, {"version": 2}]


def test_of_two_who_write_after_the_same_version_the_second_is_told(
    session: Session, now: datetime
) -> None:
    by = writer(session)
    service.write(session, WORDING, 0, by=by, now=now)
    with pytest.raises(Conflict, match="purposes_changed"):
        service.write(session, WORDING, 0, by=by, now=now)


def test_who_looks_after_a_part_of_the_staff_writes_no_version(
    session: Session, now: datetime
) -> None:
    where = factories.section(session)
    by = Actor(
        person_id=factories.person(session).id, grants=(Grant(Role.OFFICE, frozenset({where.id})),)
    )
    with pytest.raises(Forbidden, match="whole_office_for_purposes"):
        service.write(session, WORDING, 0, by=by, now=now)


def test_a_confirmation_is_of_the_version_that_was_read(session: Session, now: datetime) -> None:
    by = writer(session)
    service.write(session, WORDING, 0, by=by, now=now)
    with pytest.raises(Conflict, match="purposes_changed"):
        service.confirm(session, 0, by=by, now=now)
    service.confirm(session, 1, by=by, now=now)
    service.confirm(session, 1, by=by, now=now)
    row = session.scalars(sa.select(PurposeConfirmation)).one()
    assert (row.person_id, row.version, row.confirmed_at) == (by.person_id, 1, now)


def test_the_page_writes_a_version_and_loses_nothing_of_one_that_came_second(
    office: FlaskClient, session: Session
) -> None:
    who = factories.person(session, "架空 花子", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    assert "職員研修の計画" in office.get("/purposes/edit").text
    empty = office.post("/purposes/edit", data={**TYPED, "viewers": " ", "after": "0"})
    assert empty.status_code == 422
    assert "誰が見るかを入力してください。" in empty.text
    assert office.post("/purposes/edit", data={**TYPED, "after": "0"}).location == "/purposes"
    assert office.post("/purposes/confirm", data={"version": "1"}).status_code == 303
    second = {**TYPED, "purpose": "二人目の文面", "after": "0"}
    late = office.post("/purposes/edit", data=second)
    assert late.status_code == 409
    assert "二人目の文面" in late.text
    assert 'name="after" type="hidden" value="1"' in late.text
    assert office.post("/purposes/edit", data={**second, "after": "1"}).status_code == 303
    assert queries.present(session).purpose == "二人目の文面"


def test_a_part_of_the_office_is_offered_no_writing(office: FlaskClient, session: Session) -> None:
    where = factories.section(session)
    clerk = factories.person(session, section=where)
    session.add(
        RoleGrant(
            person_id=clerk.id,
            role=Role.OFFICE,
            section_id=where.id,
            valid_from=factories.LONG_AGO,
        )
    )
    factories.enter(office, session, clerk)
    assert "文面を変える" not in office.get("/purposes").text
    assert office.post("/purposes/edit", data={**TYPED, "after": "0"}).status_code == 403

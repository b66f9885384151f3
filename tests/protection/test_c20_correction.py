"""C20: a correction keeps what was there before, and shows it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.audit.verification import first_broken
from app.people.permission.models import Role
from app.people.register import queries as register
from app.people.register.models import Person
from tests import factories
from tests.people.test_profiles import correction, somebody


@pytest.mark.requirement("SEC-09")
def test_a_correction_keeps_old_and_new_with_who_and_when(
    office: FlaskClient, session: Session
) -> None:
    clerk = factories.person(session, "研修 次郎", roles=(Role.OFFICE,))
    factories.enter(office, session, clerk)
    who = somebody(session)
    data = correction(name="髙橋　太郎", email="", gender="-", age="46", age_as_of="R8.5.1")
    assert office.post(f"/staff/{who.id}/correction", data=data).status_code == 303
    session.expire_all()
    row = session.get_one(Person, who.id)
    assert (row.name, row.name_key, row.email) == ("髙橋　太郎", "高橋太郎", None)
    assert (row.gender, row.age) == (None, 46)
    assert register.post_of(session, who.id, clock.now())
    line = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "person.corrected")
    ).one()
    assert (line.actor_id, line.subject_id) == (clerk.id, who.id)
    assert line.details == {
        "name": ["架空 太郎", "髙橋　太郎"],
        "email": ["taro@example.jp", None],
        "gender": ["男", None],
        "age": [45, 46],
        "age_as_of": ["2026-04-01", "2026-05-01"],
    }
    page = office.get(f"/staff/{who.id}").text.partition('id="changes"')[2]
    for shown in ("架空 太郎", "髙橋　太郎", "taro@example.jp", "研修 次郎", "令和8年4月1日"):
        assert shown in page
    # The gender that was is as hidden as the gender that is.
    assert ">男<" not in page
    assert ">男<" in office.post(f"/staff/{who.id}/gender").text.partition('id="changes"')[2]
    assert first_broken(session) is None


def test_a_correction_of_nothing_leaves_no_trace(office: FlaskClient, session: Session) -> None:
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    who = somebody(session)
    assert office.post(f"/staff/{who.id}/correction", data=correction()).status_code == 303
    assert session.scalars(sa.select(AuditEvent.action)).all() == []
    assert "変更はまだありません" in office.get(f"/staff/{who.id}").text

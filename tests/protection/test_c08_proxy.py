"""C08: what is done in another's place is shown as 代行 on screen and written down in the audit."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.people.permission.models import Delegation, Role, RoleGrant
from tests import factories


@pytest.mark.requirement("SEC-02")
def test_a_deputys_pages_say_so_and_their_acts_name_the_holder(
    office: FlaskClient, session: Session
) -> None:
    own = factories.section(session)
    head = factories.person(session, "所属 長子", section=own)
    deputy = factories.person(session, "代行 次郎", section=own)
    session.add(
        RoleGrant(
            person_id=head.id,
            role=Role.HEAD,
            section_id=own.id,
            valid_from=factories.LONG_AGO,
        )
    )
    today = clock.today(clock.now())
    session.add(
        Delegation(
            from_id=head.id,
            to_id=deputy.id,
            role=Role.HEAD,
            created_by=head.id,
            valid_from=today,
            valid_to=today + timedelta(days=1),
        )
    )
    session.flush()
    factories.enter(office, session, deputy)
    page = office.get(f"/staff/{head.id}")
    assert page.status_code == 200
    assert "代行中：所属 長子さんの所属長" in page.text
    line = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "person.viewed")).one()
    assert (line.actor_id, line.role, line.for_id) == (deputy.id, "head", head.id)


def test_what_one_may_do_oneself_is_nobodys_proxy(office: FlaskClient, session: Session) -> None:
    clerk = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, clerk)
    assert "代行中" not in office.get(f"/staff/{clerk.id}").text
    line = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "person.viewed")).one()
    assert line.for_id is None


def test_a_holder_names_a_deputy_among_those_they_see(
    office: FlaskClient, session: Session
) -> None:
    own = factories.section(session)
    head = factories.person(session, section=own)
    factories.person(session, "課の人", section=own, number="00041")
    factories.person(session, "よその人", number="00042")
    session.add(
        RoleGrant(
            person_id=head.id,
            role=Role.HEAD,
            section_id=own.id,
            valid_from=factories.LONG_AGO,
        )
    )
    session.flush()
    factories.enter(office, session, head)
    data = {
        "deputy-role": "head",
        "deputy-number": "00042",
        "deputy-valid_to": "2099/3/31",
    }
    refused = office.post("/deputies", data=data)
    assert refused.status_code == 422
    assert "この職員番号の職員が見つかりません" in refused.text
    assert "よその人" not in refused.text
    assert office.post("/deputies", data={**data, "deputy-valid_to": "きのう"}).status_code == 422
    assert office.post("/deputies", data={**data, "deputy-number": "00041"}).status_code == 303
    assert "課の人" in office.get("/deputies").text

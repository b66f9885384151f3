"""C35: nothing outside is joined unless two administrators say so, and one of them can end it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.learning.forwarding.models import XapiForward
from app.learning.outgoing.models import XapiOutgoing
from app.learning.sending import service as sending
from app.people.permission.models import Role
from app.portals.registrations.models import Portal
from tests import factories
from tests.learning import stating

pytestmark = pytest.mark.requirement("LTI-05")

SAID = {
    "name": "架空ポータル",
    "issuer": "https://portal.example.jp",
    "client_id": "client-1",
    "auth_login_url": "https://portal.example.jp/auth",
    "auth_token_url": "https://portal.example.jp/token",
    "key_set_url": "https://portal.example.jp/keys",
}
ASKED = {
    "iss": SAID["issuer"],
    "client_id": SAID["client_id"],
    "login_hint": "1",
    "target_link_uri": "http://localhost:8000/lti/launch",
}


def comes(office: FlaskClient) -> bool:
    """Whether the portal could begin a login now."""
    browser = office.application.test_client()
    return browser.get("/lti/login", query_string=ASKED).status_code == 200


def test_by_default_no_portal_is_joined_and_none_comes_in(
    office: FlaskClient, session: Session
) -> None:
    assert session.scalar(sa.select(sa.func.count(Portal.id))) == 0
    assert not comes(office)


def test_two_administrators_join_a_portal_each_leaves_a_line_and_one_stops_it_at_once(
    office: FlaskClient, session: Session
) -> None:
    one, other = (factories.person(session, roles=(Role.ADMINISTRATOR,)) for _ in range(2))
    second = office.application.test_client()
    factories.enter(office, session, one)
    factories.enter(second, session, other)
    path = office.post("/portals", data=SAID).location
    page = office.get(path).text
    assert "氏名" in page  # and that it is not taken
    assert not comes(office)
    assert office.post(f"{path}/approve").status_code == 422
    assert not comes(office)
    assert second.post(f"{path}/approve").status_code == 303
    assert comes(office)
    assert office.post(f"{path}/stop").status_code == 303
    assert not comes(office)
    lines = session.execute(
        sa.select(AuditEvent.action, AuditEvent.actor_id)
        .where(AuditEvent.action.startswith("portal."))
        .order_by(AuditEvent.seq)
    ).all()
    assert [tuple(line) for line in lines] == [
        ("portal.proposed", one.id),
        ("portal.approve", other.id),
        ("portal.stop", one.id),
    ]
    row = session.scalars(sa.select(Portal)).one()
    assert (row.proposed_by, row.approved_by) == (one.id, other.id)
    assert row.approved_at is not None
    assert row.approved_at <= clock.now()


FORWARD = {
    "name": "架空の分析基盤",
    "endpoint": "https://lrs.example.jp/xapi/",
    "version": "1.0.3",
    "key": "key-1",
    "secret": "secret-1",
}


def waiting(session: Session) -> tuple[int, bool]:
    """Return how many statements wait to go out, and whether any could go now."""
    count = session.scalar(sa.select(sa.func.count()).select_from(XapiOutgoing)) or 0
    return count, sending.is_waiting(session, clock.now())


def test_by_default_no_statement_goes_out(session: Session) -> None:
    stating.told(session, stating.said())
    assert session.scalar(sa.select(sa.func.count(XapiForward.id))) == 0
    assert waiting(session) == (0, False)


def test_two_administrators_let_statements_out_and_one_stops_them_at_once(
    office: FlaskClient, session: Session
) -> None:
    one, other = (factories.person(session, roles=(Role.ADMINISTRATOR,)) for _ in range(2))
    second = office.application.test_client()
    factories.enter(office, session, one)
    factories.enter(second, session, other)
    path = office.post("/record-store/forwards", data=FORWARD).location
    assert "提供する項目" in office.get(path).text
    stating.told(session, stating.said())
    assert waiting(session) == (0, False)
    assert office.post(f"{path}/approve").status_code == 422
    stating.told(session, stating.said())
    assert waiting(session) == (0, False)
    assert second.post(f"{path}/approve").status_code == 303
    stating.told(session, stating.said())
    assert waiting(session) == (1, True)
    assert office.post(f"{path}/stop").status_code == 303
    assert waiting(session) == (1, False)
    lines = session.execute(
        sa.select(AuditEvent.action, AuditEvent.actor_id)
        .where(AuditEvent.action.startswith("xapi_forward."))
        .order_by(AuditEvent.seq)
    ).all()
    assert [tuple(line) for line in lines] == [
        ("xapi_forward.proposed", one.id),
        ("xapi_forward.approve", other.id),
        ("xapi_forward.stop", one.id),
    ]

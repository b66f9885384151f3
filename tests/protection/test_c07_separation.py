"""C07: what one person may not do alone: give themselves a role, publish what they have made."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import factory
from app.content.materials.models import Version
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.people.permission.models import Delegation, Role, RoleGrant
from app.people.register.models import StaffNumber
from tests import factories


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ADMINISTRATOR])
def test_nobody_gives_a_role_to_themselves(
    office: FlaskClient, session: Session, role: Role
) -> None:
    who = factories.person(session, roles=(role,))
    factories.enter(office, session, who)
    answer = office.post(f"/staff/{who.id}/roles", data={"role": "author"})
    assert answer.status_code == 403
    assert "自分に役割を付けることはできません" in answer.text
    held = session.scalars(sa.select(RoleGrant.role).where(RoleGrant.person_id == who.id))
    assert held.all() == [role]
    assert "役割を付ける</span></button>" not in office.get(f"/staff/{who.id}/roles").text


def test_nobody_makes_themselves_anothers_deputy(office: FlaskClient, session: Session) -> None:
    clerk = factories.person(session, roles=(Role.OFFICE,), number="00077")
    other = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, clerk)
    data = {
        "deputy-role": "office",
        "deputy-number": "00077",
        "deputy-valid_to": "2099/3/31",
    }
    assert office.post(f"/staff/{other.id}/deputies", data=data).status_code == 403
    assert session.scalar(sa.select(sa.func.count()).select_from(Delegation)) == 0
    third = factories.person(session)
    number = session.scalars(
        sa.select(StaffNumber.number).where(StaffNumber.person_id == third.id)
    ).one()
    answer = office.post(f"/staff/{other.id}/deputies", data={**data, "deputy-number": number})
    assert answer.status_code == 303


@pytest.mark.parametrize("separate", [True, False])
def test_who_uploaded_a_version_publishes_it_only_where_nobody_else_must(
    settings: Settings, database: Database, session: Session, separate: bool
) -> None:
    settings.instance.mkdir(exist_ok=True)
    app = factory.create_app(replace(settings, separate_publisher=separate), database)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    author, other = (factories.person(session, roles=(Role.AUTHOR,)) for _ in range(2))
    material = factories.material(session, author, state="draft")
    version = session.scalars(sa.select(Version).where(Version.material_id == material.id)).one()
    client = app.test_client()
    factories.enter(client, session, author)
    answer = client.post(f"/materials/versions/{version.id}/publish")
    assert answer.status_code == (422 if separate else 303)
    assert ("ほかの人が公開してください" in answer.text) is separate
    if separate:
        factories.enter(client, session, other)
        assert client.post(f"/materials/versions/{version.id}/publish").status_code == 303
    session.expire_all()
    assert session.get_one(Version, version.id).state == "published"

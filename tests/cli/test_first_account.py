"""The first account lets somebody in, once."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cli import first_account
from app.cli.first_account import NewAccount
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.people.permission import queries as permission
from app.people.permission.models import Role
from app.people.register.models import Title
from app.people.sections.models import Section
from app.people.sign_in import access
from app.people.sign_in import service as sign_in
from tests import factories

ACCOUNT = NewAccount("00001", "架空 花子", "0100", "人事課", "主事")


def test_its_password_opens_the_office_and_must_be_changed(
    session: Session, settings: Settings, now: datetime
) -> None:
    password = first_account.create(session, ACCOUNT, now)
    checked = sign_in.check(session, "00001", password, now)
    opened = sign_in.sign_in(session, checked, now, settings)
    assert not isinstance(opened, Refused)
    actor = access.actor_of(session, opened.id, now)
    assert actor is not None
    assert actor.must_change_password
    assert (actor.name, actor.section) == ("架空 花子", "人事課")


def test_it_may_administer_and_grant_roles_everywhere(session: Session, now: datetime) -> None:
    first_account.create(session, ACCOUNT, now)
    line = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "person.created_by_command")
    ).one()
    assert line.subject_id is not None
    held = permission.grants_of(session, line.subject_id, now)
    reach = {grant.role: grant.sections for grant in held}
    assert reach[Role.ADMINISTRATOR] is None
    assert reach[Role.OFFICE] is None


def test_a_number_that_is_taken_is_refused(session: Session, now: datetime) -> None:
    factories.person(session, number="00001")
    with pytest.raises(Refused, match="number_taken"):
        first_account.create(session, ACCOUNT, now)


def test_the_number_may_be_typed_full_width(session: Session, now: datetime) -> None:
    factories.person(session, number="00001")
    wide = NewAccount("００００１", "架空 花子", "0100", "人事課", "主事")
    with pytest.raises(Refused, match="number_taken"):
        first_account.create(session, wide, now)


def test_the_section_and_the_title_that_are_there_are_used(session: Session, now: datetime) -> None:
    factories.section(session, "総務課", code="0100")
    factories.title(session, "主事")
    first_account.create(session, ACCOUNT, now)
    assert session.scalars(sa.select(Section.name).where(Section.code == "0100")).all() == [
        "総務課"
    ]
    assert session.scalars(sa.select(Title.name)).all() == ["主事"]

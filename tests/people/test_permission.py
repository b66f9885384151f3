"""Roles: how far they reach, who may give them, and that they end at once."""

import uuid
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import ANONYMOUS, SYSTEM, Actor, Grant
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Forbidden, NotFound, Refused
from app.people.permission import access, queries, service
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories


def acting(session: Session, who: Person, now: datetime) -> Actor:
    return Actor(person_id=who.id, grants=queries.grants_of(session, who.id, now))


def test_a_role_without_a_scope_reaches_everything() -> None:
    actor = Actor(person_id=uuid.uuid4(), grants=(Grant(Role.OFFICE),))
    assert access.sections_of(actor, Role.OFFICE) is None
    assert access.reaches(actor, Role.OFFICE, uuid.uuid4())
    assert access.sections_of(actor, Role.HEAD) == frozenset()
    assert not access.reaches(actor, Role.HEAD, uuid.uuid4())


def test_scopes_of_one_role_add_up() -> None:
    one, two, three = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    grants = (Grant(Role.HEAD, frozenset({one})), Grant(Role.HEAD, frozenset({two})))
    actor = Actor(person_id=uuid.uuid4(), grants=grants)
    assert access.sections_of(actor, Role.HEAD) == {one, two}
    assert not access.reaches(actor, Role.HEAD, three)


def test_nobody_reaches_nothing() -> None:
    assert access.sections_of(ANONYMOUS, Role.OFFICE) == frozenset()
    assert access.governed_by(ANONYMOUS) == frozenset()


@pytest.mark.requirement("SEC-02")
@pytest.mark.parametrize("with_children", [True, False])
def test_a_section_role_reaches_below_where_it_says_so(
    session: Session, now: datetime, with_children: bool
) -> None:
    top = factories.section(session, "総務部")
    below = factories.section(session, "総務課", parent=top)
    beside = factories.section(session, "福祉部")
    who = factories.person(session)
    service.grant(
        session,
        who.id,
        Role.HEAD,
        section_id=top.id,
        with_children=with_children,
        by=SYSTEM,
        now=now,
    )
    actor = acting(session, who, now)
    assert access.reaches(actor, Role.HEAD, top.id)
    assert access.reaches(actor, Role.HEAD, below.id) is with_children
    assert not access.reaches(actor, Role.HEAD, beside.id)


def test_a_role_that_was_ended_is_gone_at_once_and_audited(session: Session, now: datetime) -> None:
    office = acting(session, factories.person(session, roles=(Role.OFFICE,)), now)
    who = factories.person(session)
    row = service.grant(session, who.id, Role.AUTHOR, section_id=None, by=office, now=now)
    assert Role.AUTHOR in acting(session, who, now).roles
    service.end(session, who.id, row.id, by=office, now=now)
    session.flush()
    assert Role.AUTHOR not in acting(session, who, now).roles
    query = sa.select(AuditEvent).where(AuditEvent.subject_id == who.id).order_by(AuditEvent.seq)
    lines = session.scalars(query).all()
    assert [line.action for line in lines] == ["person.role_granted", "person.role_ended"]
    assert {line.details["role"] for line in lines} == {"author"}
    with pytest.raises(NotFound):
        service.end(session, who.id, row.id, by=office, now=now)


def test_roles_that_make_no_sense_are_refused(session: Session, now: datetime) -> None:
    who = factories.person(session, roles=(Role.AUTHOR,))
    for role, code in [
        (Role.LEARNER, "role_not_grantable"),
        ("king", "role_not_grantable"),
        (Role.HEAD, "role_needs_section"),
        (Role.COORDINATOR, "role_needs_section"),
        (Role.AUTHOR, "role_held"),
    ]:
        with pytest.raises(Refused, match=code):
            service.grant(session, who.id, role, section_id=None, by=SYSTEM, now=now)
    with pytest.raises(NotFound):
        service.grant(session, who.id, Role.HEAD, section_id=uuid.uuid4(), by=SYSTEM, now=now)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_the_office_cannot_raise_anybody_above_itself(
    session: Session, now: datetime, role: Role
) -> None:
    person = factories.person(session, roles=(Role.OFFICE,))
    office = acting(session, person, now)
    with pytest.raises(Forbidden, match="only_administrators"):
        service.grant(session, person.id, role, section_id=None, by=office, now=now)
    above = factories.person(session, roles=(role,))
    (held,) = queries.held_by(session, above.id, now)
    with pytest.raises(Forbidden, match="only_administrators"):
        service.end(session, above.id, held.id, by=office, now=now)


def test_who_looks_after_a_part_gives_roles_for_that_part_only(
    session: Session, now: datetime
) -> None:
    own, other = factories.section(session), factories.section(session)
    person = factories.person(session)
    service.grant(session, person.id, Role.OFFICE, section_id=own.id, by=SYSTEM, now=now)
    by = acting(session, person, now)
    who = factories.person(session, section=own)
    service.grant(session, who.id, Role.HEAD, section_id=own.id, by=by, now=now)
    for beyond in (other.id, None):
        with pytest.raises(Forbidden, match="beyond_your_sections"):
            service.grant(session, who.id, Role.AUTHOR, section_id=beyond, by=by, now=now)

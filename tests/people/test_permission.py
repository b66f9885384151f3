"""Roles: how far they reach, who may give them, and that they end at once."""

import uuid
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import ANONYMOUS, SYSTEM, Actor, Grant
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Forbidden, NotFound, Refused
from app.people.permission import access, queries, service
from app.people.permission.access import Subject, Trainings
from app.people.permission.models import Role
from app.people.permission.service import Limits, Period
from app.people.register.models import Appointment, Person
from app.people.sections.models import Section
from app.training.plans.models import Training
from tests import factories


def acting(session: Session, who: Person, now: datetime) -> Actor:
    return Actor(person_id=who.id, grants=queries.grants_of(session, who.id, now))


def subject(training: Training) -> Subject:
    return Subject(training.id, training.owner_id)


def transfer(session: Session, who: Person, to: Section, on: date) -> None:
    """Give somebody another main post from a day on, as the import does."""
    post = session.scalars(sa.select(Appointment).where(Appointment.person_id == who.id)).one()
    post.valid_to = on - timedelta(days=1)
    session.flush()
    session.add(
        Appointment(person_id=who.id, section_id=to.id, title_id=post.title_id, valid_from=on)
    )
    session.flush()


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


@pytest.mark.requirement("SEC-01")
def test_a_role_holds_from_its_first_day_to_its_last(session: Session, now: datetime) -> None:
    who, today = factories.person(session), clock.today(now)
    limits = Limits(today + timedelta(days=2), today + timedelta(days=4))
    service.grant(session, who.id, Role.AUTHOR, section_id=None, limits=limits, by=SYSTEM, now=now)
    held = [
        Role.AUTHOR in acting(session, who, now + timedelta(days=days)).roles
        for days in (1, 2, 4, 5)
    ]
    assert held == [False, True, True, False]
    with pytest.raises(Refused, match="role_held"):
        service.grant(session, who.id, Role.AUTHOR, section_id=None, by=SYSTEM, now=now)
    past = Limits(today - timedelta(days=9), today - timedelta(days=1))
    with pytest.raises(Refused, match="period_is_none"):
        service.grant(
            session, who.id, Role.OFFICE, section_id=None, limits=past, by=SYSTEM, now=now
        )


def test_a_role_for_one_training_opens_that_training_and_no_register(
    session: Session, now: datetime
) -> None:
    own, other = factories.training(session), factories.training(session)
    who = factories.person(session)
    for role in (Role.OFFICE, Role.ORGANISER):
        limits = Limits(training_id=own.id)
        service.grant(session, who.id, role, section_id=None, limits=limits, by=SYSTEM, now=now)
    actor = acting(session, who, now)
    assert access.governed_by(actor) == frozenset()
    assert access.trainings_of(actor, access.PLANNING) == Trainings(frozenset({own.id}))
    assert access.reach(actor, access.PLANNING, subject(own), whole=True).sections is None
    assert access.owners_of(actor) == frozenset()
    for beyond in (subject(other), None):
        with pytest.raises(NotFound):
            access.reach(actor, access.PLANNING, beyond)
    limits = Limits(training_id=own.id)
    with pytest.raises(Refused, match="role_takes_no_training"):
        service.grant(
            session, who.id, Role.AUTHOR, section_id=None, limits=limits, by=SYSTEM, now=now
        )


@pytest.mark.requirement("PLN-11")
def test_a_sections_organiser_acts_for_all_that_the_section_and_those_below_it_hold(
    session: Session, now: datetime
) -> None:
    own = factories.section(session)
    below, other = factories.section(session, parent=own), factories.section(session)
    held, under, elsewhere, nobodys = (factories.training(session) for _ in range(4))
    for training, owner in ((held, own), (under, below), (elsewhere, other)):
        training.owner_id = owner.id
    who = factories.person(session)
    service.grant(session, who.id, Role.ORGANISER, section_id=own.id, by=SYSTEM, now=now)
    actor = acting(session, who, now)
    assert access.owners_of(actor) == {own.id, below.id}
    assert access.trainings_of(actor, access.PLANNING) == Trainings(
        owners=frozenset({own.id, below.id})
    )
    for training in (held, under):
        assert access.reach(actor, access.PLANNING, subject(training), whole=True).sections is None
    for training in (elsewhere, nobodys):
        with pytest.raises(NotFound):
            access.reach(actor, access.PLANNING, subject(training))
    # What a section holds opens neither its staff, nor anything to a lecturer of the section.
    assert access.governed_by(actor) == frozenset()
    service.grant(session, who.id, Role.LECTURER, section_id=own.id, by=SYSTEM, now=now)
    with pytest.raises(NotFound):
        access.reach(acting(session, who, now), {Role.LECTURER}, subject(held))


def test_an_office_of_some_sections_changes_no_run_as_a_whole(
    session: Session, now: datetime
) -> None:
    own, training = factories.section(session), factories.training(session)
    who = factories.person(session, section=own)
    service.grant(session, who.id, Role.OFFICE, section_id=own.id, by=SYSTEM, now=now)
    actor = acting(session, who, now)
    assert access.reach(actor, access.PLANNING, subject(training)).sections == {own.id}
    with pytest.raises(Forbidden, match="whole_training_needed"):
        access.reach(actor, access.PLANNING, subject(training), whole=True)


# C06: the day after the transfer.
@pytest.mark.requirement("SEC-02")
def test_a_heads_role_ends_with_their_transfer(session: Session, now: datetime) -> None:
    own, other = factories.section(session), factories.section(session)
    head = factories.person(session, section=own)
    service.grant(session, head.id, Role.HEAD, section_id=own.id, by=SYSTEM, now=now)
    transfer(session, head, other, clock.today(now) + timedelta(days=1))
    assert Role.HEAD in acting(session, head, now).roles
    assert Role.HEAD not in acting(session, head, now + timedelta(days=1)).roles


def test_a_head_keeps_the_role_while_they_move_within_its_reach(
    session: Session, now: datetime
) -> None:
    top = factories.section(session)
    below = factories.section(session, parent=top)
    head = factories.person(session, section=top)
    service.grant(session, head.id, Role.HEAD, section_id=top.id, by=SYSTEM, now=now)
    transfer(session, head, below, clock.today(now) + timedelta(days=1))
    assert Role.HEAD in acting(session, head, now + timedelta(days=1)).roles


@pytest.mark.requirement("SEC-02")
def test_a_deputy_acts_in_the_holders_sections_until_the_last_day(
    session: Session, now: datetime
) -> None:
    own, today = factories.section(session), clock.today(now)
    head, deputy = (factories.person(session, section=own) for _ in range(2))
    service.grant(session, head.id, Role.HEAD, section_id=own.id, by=SYSTEM, now=now)
    by = acting(session, head, now)
    period = Period(None, today + timedelta(days=3))
    row = service.delegate(session, head.id, deputy.id, Role.HEAD, period=period, by=by, now=now)
    actor = acting(session, deputy, now)
    assert access.reaches(actor, Role.HEAD, own.id)
    assert {grant.for_id for grant in actor.grants if grant.role == Role.HEAD} == {head.id}
    assert Role.HEAD not in acting(session, deputy, now + timedelta(days=4)).roles
    service.end_delegation(session, deputy.id, row.id, by=actor, now=now)
    session.flush()
    assert Role.HEAD not in acting(session, deputy, now).roles


def test_a_deputy_of_who_has_left_acts_no_more(session: Session, now: datetime) -> None:
    head, deputy = factories.person(session), factories.person(session)
    service.grant(session, head.id, Role.OFFICE, section_id=None, by=SYSTEM, now=now)
    period = Period(None, clock.today(now) + timedelta(days=30))
    by = acting(session, head, now)
    service.delegate(session, head.id, deputy.id, Role.OFFICE, period=period, by=by, now=now)
    head.left_on = clock.today(now)
    session.flush()
    assert Role.OFFICE in acting(session, deputy, now).roles
    assert Role.OFFICE not in acting(session, deputy, now + timedelta(days=1)).roles


def test_a_deputy_is_named_for_a_role_that_is_held_and_for_a_time(
    session: Session, now: datetime
) -> None:
    head, deputy = (
        factories.person(session, roles=(Role.OFFICE, Role.AUTHOR)),
        factories.person(session),
    )
    by, today = acting(session, head, now), clock.today(now)
    open_ended, past = Period(), Period(None, today - timedelta(days=1))
    sound = Period(None, today)
    for to, role, period, code in [
        (head, Role.OFFICE, sound, "deputy_is_holder"),
        (deputy, Role.HEAD, sound, "role_not_held"),
        (deputy, Role.AUTHOR, sound, "role_not_held"),
        (deputy, Role.OFFICE, open_ended, "deputy_needs_end"),
        (deputy, Role.OFFICE, past, "period_is_none"),
    ]:
        with pytest.raises(Refused, match=code):
            service.delegate(session, head.id, to.id, role, period=period, by=by, now=now)

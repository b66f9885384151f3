"""Operators' accounts: no staff, one role, for a time, ended at once from the page."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import SYSTEM, Actor
from app.kernel.errors import NotFound, Refused
from app.kernel.settings import Settings
from app.people.operators import queries, service
from app.people.permission.models import Role
from app.people.sign_in import access
from app.people.sign_in import service as sign_in
from app.people.sign_in.models import SignIn
from tests import factories


def made(
    session: Session, now: datetime, days: int = 30, role: str = "administrator"
) -> service.NewOperator:
    return service.create(
        session, "運用 みほん", clock.today(now) + timedelta(days=days), role, now
    )


def entered(
    session: Session, operator: service.NewOperator, now: datetime, settings: Settings
) -> SignIn | Refused:
    checked = sign_in.check(session, operator.number, operator.password, now)
    return sign_in.sign_in(session, checked, now, settings)


def test_numbers_are_counted_and_typed_as_people_type(
    session: Session, now: datetime, settings: Settings
) -> None:
    first, second = made(session, now), made(session, now)
    assert (first.number, second.number) == ("op-0001", "op-0002")
    for typed in ("op-0001", "OP-0001", "ｏｐ-０００１ "):
        checked = sign_in.check(session, typed, first.password, now)
        assert (checked.person_id, checked.is_right) == (first.person_id, True)


@pytest.mark.parametrize("role", [Role.LEARNER, Role.HEAD, Role.COORDINATOR, "mayor"])
def test_an_operators_role_is_granted_and_needs_no_section(
    session: Session, now: datetime, role: str
) -> None:
    with pytest.raises(Refused, match="operator_role"):
        made(session, now, role=role)


@pytest.mark.parametrize("days", [-1, 367])
def test_an_operators_time_has_an_end(session: Session, now: datetime, days: int) -> None:
    with pytest.raises(Refused, match="operator_time"):
        made(session, now, days)


def test_an_operator_holds_the_one_role_and_is_no_learner(
    session: Session, now: datetime, settings: Settings
) -> None:
    operator = made(session, now, role="auditor")
    row = entered(session, operator, now, settings)
    assert isinstance(row, SignIn)
    actor = access.actor_of(session, row.id, now)
    assert actor
    assert (actor.roles, actor.operator, actor.section) == ({"auditor"}, "op-0001", "")
    assert actor.must_change_password


def test_single_sign_on_alone_keeps_no_operator_out(
    session: Session, now: datetime, settings: Settings
) -> None:
    operator = made(session, now, role="auditor")
    checked = sign_in.check(session, operator.number, operator.password, now)
    only = Settings(settings.instance, sso_only=True, break_glass_roles="")
    assert isinstance(sign_in.sign_in(session, checked, now, only), SignIn)


def test_an_account_that_is_ended_lets_nobody_in_any_more(
    session: Session, now: datetime, settings: Settings
) -> None:
    operator = made(session, now)
    row = entered(session, operator, now, settings)
    assert isinstance(row, SignIn)
    service.end(session, operator.person_id, by=SYSTEM, now=now)
    service.end(session, operator.person_id, by=SYSTEM, now=now)
    session.expire_all()
    assert row.ended_at == now
    assert isinstance(entered(session, operator, now, settings), Refused)
    with pytest.raises(Refused, match="account_closed"):
        sign_in.begin(session, operator.person_id, now, settings, method="oidc")


def test_nobody_ends_oneself_or_somebody_who_is_no_operator(
    session: Session, now: datetime
) -> None:
    operator = made(session, now)
    with pytest.raises(Refused, match="own_account"):
        service.end(session, operator.person_id, by=Actor(person_id=operator.person_id), now=now)
    with pytest.raises(NotFound):
        service.end(session, factories.person(session).id, by=SYSTEM, now=now)


def test_the_list_takes_one_statement_whatever_its_length(session: Session, now: datetime) -> None:
    for _ in range(3):
        made(session, now)
    session.flush()
    seen: list[str] = []
    engine = session.connection().engine

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        rows = queries.listed(session)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert [row.number for row in rows] == ["op-0003", "op-0002", "op-0001"]
    assert len(seen) == 1

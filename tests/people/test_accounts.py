"""Accounts: sign-ins opened by one verb, the limit of them, the lock, the freeze."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import SYSTEM, Actor, Grant
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Forbidden, Refused
from app.kernel.settings import Settings
from app.people.accounts import queries
from app.people.accounts import service as accounts
from app.people.passwords.models import FormerPassword
from app.people.permission.models import Role
from app.people.register.models import Person
from app.people.sign_in import access, service
from app.people.sign_in.models import Credential, SignIn
from tests import factories

APP = Path(access.__file__).parents[2]


def acting(who: Person, *roles: Role) -> Actor:
    return Actor(person_id=who.id, grants=tuple(Grant(role) for role in roles))


def actions(session: Session) -> list[str]:
    return list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)))


@pytest.mark.requirement("SEC-03")
@pytest.mark.parametrize("method", ["password", "oidc", "saml"])
def test_whoever_proved_it_one_verb_opens_the_sign_in(
    session: Session, now: datetime, settings: Settings, method: str
) -> None:
    who = factories.person(session)
    row = service.begin(session, who.id, now, settings, method=method, is_shared=True)
    assert (row.method, row.is_shared, row.created_at) == (method, True, now)
    actor = access.actor_of(session, row.id, now)
    assert actor
    assert (actor.person_id, actor.is_shared, actor.must_change_password) == (who.id, True, False)
    line = session.scalars(sa.select(AuditEvent)).one()
    assert (line.action, line.details) == ("person.signed_in", {"method": method, "shared": True})


def test_nothing_else_opens_one() -> None:
    made = [
        path.relative_to(APP).as_posix()
        for path in APP.rglob("*.py")
        if re.search(r"(?<!class )\bSignIn\(", path.read_text(encoding="utf-8"))
    ]
    assert made == ["people/sign_in/service.py"]


@pytest.mark.requirement("SEC-06")
def test_the_oldest_sign_ins_beyond_the_limit_end(
    session: Session, now: datetime, settings: Settings
) -> None:
    who, other = factories.person(session), factories.person(session)
    kept = replace(settings, parallel_sign_ins=2)
    opened = [
        service.begin(session, who.id, now + timedelta(minutes=at), kept, method="password")
        for at in range(4)
    ]
    service.begin(session, other.id, now, kept, method="password")
    session.expire_all()
    assert [row.ended_at is None for row in opened] == [False, False, True, True]
    assert actions(session).count("person.sign_ins_displaced") == 2
    assert len(queries.open_sign_ins(session, other.id, now, kept)) == 1


def test_a_sign_in_whose_time_is_over_takes_no_place(
    session: Session, now: datetime, settings: Settings
) -> None:
    who = factories.person(session)
    kept = replace(settings, parallel_sign_ins=1)
    service.begin(session, who.id, now - timedelta(hours=13), kept, method="password")
    service.begin(session, who.id, now, kept, method="password")
    assert "person.sign_ins_displaced" not in actions(session)


def test_a_frozen_account_and_one_who_has_left_are_refused_whatever_proved_them(
    session: Session, now: datetime, settings: Settings
) -> None:
    frozen, gone = factories.person(session), factories.person(session)
    accounts.freeze(session, frozen.id, by=SYSTEM, now=now)
    gone.left_on = (now - timedelta(days=2)).date()
    session.flush()
    for who in (frozen, gone):
        for method in ("password", "oidc", "saml"):
            with pytest.raises(Refused, match="account_closed"):
                service.begin(session, who.id, now, settings, method=method)
    assert session.scalars(sa.select(SignIn)).all() == []


def test_single_sign_on_takes_a_password_of_ours_away_from_all_but_who_must_get_in_without_it(
    session: Session, now: datetime, settings: Settings
) -> None:
    learner = factories.person(session)
    breaker = factories.person(session, roles=(Role.ADMINISTRATOR,))
    service.issue_passwords(session, [learner.id, breaker.id], SYSTEM, now)
    session.add(FormerPassword(person_id=learner.id, password_hash="-", ended_at=now))
    session.flush()
    for who in (learner, breaker):
        service.begin(session, who.id, now, settings, method="oidc")
    session.expire_all()
    assert session.get(Credential, learner.id) is None
    assert session.scalars(sa.select(FormerPassword)).all() == []
    assert session.get(Credential, breaker.id)


def test_a_freeze_ends_what_is_open_and_can_be_undone(
    session: Session, now: datetime, settings: Settings
) -> None:
    who, office = factories.person(session), factories.person(session, roles=(Role.OFFICE,))
    row = service.begin(session, who.id, now, settings, method="saml")
    accounts.freeze(session, who.id, by=acting(office, Role.OFFICE), now=now)
    accounts.freeze(session, who.id, by=acting(office, Role.OFFICE), now=now)
    session.expire_all()
    assert row.ended_at == now
    assert queries.is_frozen(session, who.id)
    accounts.thaw(session, who.id, by=acting(office, Role.OFFICE), now=now)
    accounts.thaw(session, who.id, by=acting(office, Role.OFFICE), now=now)
    assert not queries.is_frozen(session, who.id)
    assert actions(session) == ["person.signed_in", "person.frozen", "person.thawed"]
    assert service.begin(session, who.id, now, settings, method="saml")


def test_a_sign_in_that_was_somehow_left_open_opens_nothing_while_the_account_is_frozen(
    session: Session, now: datetime, settings: Settings
) -> None:
    who = factories.person(session)
    row = service.begin(session, who.id, now, settings, method="password")
    accounts.locked_row(session, who.id).frozen_at = now
    session.flush()
    assert access.actor_of(session, row.id, now) is None


def test_nobody_freezes_oneself_or_somebody_above(session: Session, now: datetime) -> None:
    office = factories.person(session, roles=(Role.OFFICE,))
    above = factories.person(session, roles=(Role.ADMINISTRATOR,))
    by = acting(office, Role.OFFICE)
    with pytest.raises(Refused, match="own_account"):
        accounts.freeze(session, office.id, by=by, now=now)
    for verb in (accounts.freeze, accounts.thaw):
        with pytest.raises(Forbidden, match="only_administrators"):
            verb(session, above.id, by=by, now=now)


def test_the_page_of_ones_account_shows_where_one_is_signed_in_and_ends_the_others(
    office: FlaskClient, session: Session, settings: Settings
) -> None:
    who = factories.person(session, "架空 花子", number="00012")
    other = service.begin(session, who.id, clock.now(), settings, method="saml", is_shared=True)
    here = factories.enter(office, session, who)
    page = office.get("/account").text
    assert "庁内の認証（SAML）" in page
    assert "共用の端末" in page
    assert "00012" in page
    assert office.post("/account/sign-ins/end").status_code == 303
    session.expire_all()
    assert (here.ended_at, other.ended_at is None) == (None, False)
    assert "ほかの端末をサインアウトする" not in office.get("/account").text

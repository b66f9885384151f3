"""Passwords that were: none of the last ones is taken again, and no more of them are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import hashing
from app.kernel.actor import SYSTEM, Actor
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.people.accounts.queries import Holder
from app.people.passwords import service
from app.people.passwords.models import FormerPassword
from app.people.register.models import Person
from app.people.sign_in import service as sign_in
from app.people.sign_in.models import Credential
from tests import factories

OWN = [f"わたしの合い言葉 その{place}" for place in range(6)]


@pytest.fixture
def who(session: Session, now: datetime) -> Person:
    """Somebody whose password is the first of OWN."""
    person = factories.person(session)
    session.add(
        Credential(
            person_id=person.id,
            password_hash=hashing.of_chosen(OWN[0]),
            must_change=False,
            changed_at=now,
        )
    )
    session.flush()
    return person


def change(
    session: Session, who: Person, present: str, new: str, now: datetime, settings: Settings
) -> str | None:
    """Change somebody's password; return the code of what was wrong."""
    by = Actor(person_id=who.id)
    wanted = service.check(session, by, present, new, now, settings)
    refused = service.change(session, by, wanted, now, settings)
    session.flush()
    return refused.code if refused else None


@pytest.mark.requirement("SEC-03")
def test_none_of_the_last_passwords_is_taken_again_and_older_ones_are(
    session: Session, who: Person, now: datetime, settings: Settings
) -> None:
    kept = replace(settings, password_history=3)
    moments = [now + timedelta(days=place) for place in range(10)]
    for place in (1, 2):
        assert change(session, who, OWN[place - 1], OWN[place], moments[place], kept) is None
    for used in (0, 1):
        assert change(session, who, OWN[2], OWN[used], moments[4], kept) == "password_used"
    assert change(session, who, OWN[2], OWN[2], moments[4], kept) == "password_same"
    assert change(session, who, OWN[2], OWN[3], moments[5], kept) is None
    assert change(session, who, OWN[3], OWN[0], moments[6], kept) is None


def test_no_more_hashes_are_kept_than_are_asked_for(
    session: Session, who: Person, now: datetime, settings: Settings
) -> None:
    kept = replace(settings, password_history=2)
    for place in range(1, 5):
        moment = now + timedelta(days=place)
        assert change(session, who, OWN[place - 1], OWN[place], moment, kept) is None
        former = session.scalars(sa.select(FormerPassword)).one()
        assert hashing.verifies(former.password_hash, OWN[place - 1])


def test_where_no_history_is_wanted_none_is_kept(
    session: Session, who: Person, now: datetime, settings: Settings
) -> None:
    none = replace(settings, password_history=0)
    assert change(session, who, OWN[0], OWN[1], now, none) is None
    assert change(session, who, OWN[1], OWN[0], now, none) is None
    assert session.scalars(sa.select(FormerPassword)).all() == []


def test_a_password_that_was_issued_meanwhile_brings_no_old_one_back(
    session: Session, who: Person, now: datetime, settings: Settings
) -> None:
    for _ in range(2):
        ((_, issued),) = sign_in.issue_passwords(session, [who.id], SYSTEM, now)
    assert change(session, who, issued, OWN[0], now, settings) == "password_used"
    assert change(session, who, issued, OWN[1], now, settings) is None
    # The issued ones nobody would choose again: only what somebody chose is remembered.
    assert len(session.scalars(sa.select(FormerPassword)).all()) == 1


def test_a_password_that_was_changed_while_it_was_checked_is_not_the_present_one(
    session: Session, who: Person, now: datetime, settings: Settings
) -> None:
    by = Actor(person_id=who.id)
    slow = service.check(session, by, OWN[0], OWN[1], now, settings)
    assert change(session, who, OWN[0], OWN[2], now, settings) is None
    refused = service.change(session, by, slow, now, settings)
    assert isinstance(refused, Refused)
    assert refused.code == "password_wrong"


@pytest.mark.parametrize(
    "password",
    [
        "x" * 3 + "correct horse battery staple",
        "架空 太郎はきょうも元気です",
        "00012 を忘れない工夫をする",
        "あ" * 100 + "いうえおかきくけこ",
    ],
)
def test_a_long_sentence_of_ones_own_may_hold_ones_name(password: str) -> None:
    holder = Holder("架空 太郎", "00012", "総務課", "taro@example.jp")
    assert service.fault_of(password, holder) is None

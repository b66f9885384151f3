"""Whom of the staff statements are about: the same by what they say and by how they are found."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock, db
from app.learning.agents import queries
from app.learning.records.models import Attempt
from app.learning.statements.models import XapiStatement
from app.people.register.models import Person
from tests import factories
from tests.learning import made
from tests.learning.stating import HOME, account, mail, said, told


@pytest.fixture
def who(session: Session) -> Person:
    """Somebody with a number, a mail address and an attempt."""
    return factories.person(session, number="00303", email="taro@example.jp")


def attempt(session: Session, person_id: uuid.UUID | None, guest: bool = False) -> str:
    """Make an attempt; return its key, as statements name it."""
    row = Attempt(
        person_id=person_id, guest_id=db.new_id() if guest else None, document={},
        version_id=made.version(session, made.sco("A")).id, created_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return str(row.id)


def about(session: Session, value: dict[str, Any]) -> set[uuid.UUID]:
    """Return whom a statement is about, by what it says, and see that it is found so."""
    found = queries.among(session, [value], HOME)
    told(session, value)
    every = sa.select(XapiStatement.seq)
    assert queries.within(session, every, HOME) == found
    return found


def test_people_are_known_by_mail_by_key_by_number_and_by_their_attempts(
    session: Session, who: Person
) -> None:
    factories.person(session, number="00304", email="other@example.jp")
    own = {who.id}
    registration = {"registration": attempt(session, who.id)}
    for value in (
        said(actor=mail("taro@example.jp")),
        said(actor=mail("taro@EXAMPLE.jp")),
        said(actor=account(str(who.id))),
        said(actor=account("00303")),
        said(actor=account("x"), context=registration),
        said(actor=account("x"), context={"instructor": account("00303")}),
        said(actor=account("x"), object={"objectType": "Agent", **account("00303")}),
        said(actor={"objectType": "Group", "member": [account("x"), account("00303")]}),
    ):
        with session.begin_nested() as point:
            assert about(session, value) == own, value
            point.rollback()


def test_nobody_is_guessed(session: Session, who: Person) -> None:
    for value in (
        said(actor=mail("jiro@example.jp")),
        said(actor=account("00303", "https://elsewhere.example")),
        said(actor=account("00303 ")),
        said(actor=account("\0")),
        said(actor={"openid": HOME}),
        said(actor=account("x"), context={"registration": str(uuid.uuid4())}),
        said(actor=account("x"), context={"registration": attempt(session, None, guest=True)}),
    ):
        assert about(session, value) == set(), value


def test_within_is_narrowed_by_the_query(session: Session, who: Person) -> None:
    told(session, said(actor=account("00303")))
    told(session, said(actor=account("x")))
    latest = sa.select(sa.func.max(XapiStatement.seq))
    assert queries.within(session, latest, HOME) == set()

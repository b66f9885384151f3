"""Two requests of the same moment: a code is taken once, and the limit of sign-ins holds."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

import pyotp
import sqlalchemy as sa

from app.kernel import sealing
from app.kernel.actor import Actor
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.people.second_factor import service as second_factor
from app.people.second_factor.models import SecondFactor
from app.people.sign_in import service
from app.people.sign_in.models import SignIn
from tests import factories
from tests.kernel.conftest import committed
from tests.learning.attempts.test_at_once import together

__all__ = ["committed"]
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def somebody(database: Database, settings: Settings, now: datetime) -> uuid.UUID:
    """Make somebody whose second factor is set up."""
    with database.unit_of_work() as session:
        who = factories.person(session)
        sealed = sealing.seal(settings, SECRET)
        session.add(SecondFactor(person_id=who.id, secret=sealed, set_up_at=now))
        return who.id


def test_a_code_that_is_sent_many_times_at_once_is_taken_once(
    committed: Database, settings: Settings, now: datetime
) -> None:
    who = somebody(committed, settings, now)
    with committed.unit_of_work() as session:
        opened = [
            service.begin(session, who, now, settings, method="password").id for _ in range(3)
        ]
    waiting = list(opened)

    def give() -> bool:
        by = Actor(person_id=who, sign_in_id=waiting.pop())
        with committed.unit_of_work() as session:
            code = pyotp.TOTP(SECRET).at(now)
            return second_factor.give(session, by, code, now, settings) is None

    assert sorted(together(3, give)) == [False, False, True]


def test_sign_ins_of_the_same_moment_keep_to_the_limit(
    committed: Database, settings: Settings, now: datetime
) -> None:
    who = somebody(committed, settings, now)
    kept = replace(settings, parallel_sign_ins=2)

    def begin() -> None:
        with committed.unit_of_work() as session:
            service.begin(session, who, now, kept, method="oidc")

    together(6, begin)
    with committed.reading() as session:
        open_ones = sa.select(sa.func.count()).where(SignIn.ended_at.is_(None))
        assert session.scalar(open_ones.select_from(SignIn)) == 2

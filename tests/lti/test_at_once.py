"""Many who come at the same moment: each thing is made once, each login counts once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from app import factory
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.learning.records.models import Attempt, LearnerRecord
from app.portals.learners.models import PortalLearner
from app.portals.links.models import PortalAssignment, PortalLink
from tests.kernel import fresh
from tests.lti import peer as peers
from tests.lti.made import signed
from tests.lti.peer import Peer

MANY = 6


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def committed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own, where units of work really commit."""
    with fresh.migrated(request, tmp_path) as database:
        yield database


@pytest.fixture
def crowd(committed: Database, settings: Settings) -> Iterator[Peer]:
    """A platform whose launches are committed, each in its own unit of work."""
    settings.instance.mkdir(exist_ok=True)
    app = factory.create_app(settings, committed)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with peers.keys() as kept:
        with committed.unit_of_work() as session:
            found = peers.peer(app, session, kept)
        with committed.reading() as reading:
            yield replace(found, session=reading)


def at_once(work: Callable[[int], TestResponse]) -> list[int]:
    """Do something many times at the same moment; return the statuses."""
    with ThreadPoolExecutor(MANY) as threads:
        return sorted(answer.status_code for answer in threads.map(work, range(MANY)))


def test_a_learner_who_comes_many_times_at_once_is_one_with_one_record(crowd: Peer) -> None:
    assert at_once(lambda _number: crowd.launch()) == [303] * MANY
    crowd.session.rollback()
    for table in (PortalLearner, PortalLink, PortalAssignment, LearnerRecord, Attempt):
        assert crowd.session.scalar(sa.select(sa.func.count()).select_from(table)) == 1
    assert crowd.session.scalars(sa.select(Attempt.lease)).one() == MANY


def test_many_learners_of_one_new_link_make_it_once(crowd: Peer) -> None:
    assert at_once(lambda number: crowd.launch(sub=f"person-{number}")) == [303] * MANY
    crowd.session.rollback()
    assert crowd.session.scalar(sa.select(sa.func.count()).select_from(PortalLink)) == 1
    assert crowd.session.scalar(sa.select(sa.func.count()).select_from(PortalLearner)) == MANY


def test_one_login_that_is_answered_many_times_at_once_lets_in_once(crowd: Peer) -> None:
    begun = crowd.login(crowd.browser())
    token = signed(crowd.claims(begun.nonce))

    def answer(_number: int) -> TestResponse:
        fields = {"state": begun.state, "id_token": token, "verifier": begun.verifier}
        return crowd.posted(crowd.browser(), **fields)

    assert at_once(answer) == [303] + [403] * (MANY - 1)

"""Until when all that was stored can be read: every answer about statements tells it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import record_store
from app.kernel import clock
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.learning.statements import queries
from tests.learning.record_store.conftest import (
    STATEMENTS,
    THROUGH,
    Speaker,
    speaker,
)
from tests.xapi.made import BUN, ID, OTHER_ID, statement
from xapi.query import Query
from xapi.values import moment

ASKED: dict[str, tuple[int, Callable[[Speaker], TestResponse]]] = {
    "a list": (200, lambda store: store.get()),
    "a head": (200, lambda store: store.ask("HEAD", STATEMENTS)),
    "one": (200, lambda store: store.get(statementId=ID)),
    "none": (404, lambda store: store.get(statementId=OTHER_ID)),
    "no question": (400, lambda store: store.get(limit="x")),
    "kept": (200, lambda store: store.send(statement())),
    "not kept": (400, lambda store: store.send({})),
    "differing": (409, lambda store: store.send(statement(id=ID, actor=BUN))),
    "put": (204, lambda store: store.send(statement(), "PUT", statementId=OTHER_ID)),
    "nobody": (401, lambda store: store.ask("GET", STATEMENTS, Authorization=None)),
    "nobody who writes": (401, lambda store: store.ask("POST", STATEMENTS, Authorization=None)),
    "another version": (
        400,
        lambda store: store.ask("GET", STATEMENTS, X_Experience_API_Version=""),
    ),
    "no version": (400, lambda store: store.ask("PUT", STATEMENTS, X_Experience_API_Version=None)),
}


@pytest.mark.parametrize("what", ASKED)
def test_every_answer_tells_a_moment_that_has_passed(store: Speaker, what: str) -> None:
    status, ask = ASKED[what]
    store.tell(statement(id=ID))
    answer = ask(store)
    assert answer.status_code == status
    assert moment(answer.headers[THROUGH]) <= clock.now()


def test_other_resources_do_not_tell_it(store: Speaker) -> None:
    assert THROUGH not in store.ask("GET", "/xapi/about").headers
    assert THROUGH not in store.ask("GET", "/xapi/agents", {"agent": BUN}).headers


def committed_store(committed: Database, settings: Settings) -> Speaker:
    """Return somebody who speaks to a store that commits."""
    settings.instance.mkdir()
    web: FlaskClient = record_store.create_app(settings, committed).test_client()
    with committed.unit_of_work() as session:
        return speaker(web, session)


def test_what_was_answered_is_stored_before_the_moment_of_the_next_question(
    committed: Database, settings: Settings
) -> None:
    store = committed_store(committed, settings)
    [key] = store.tell(statement())
    assert moment(store.get().headers[THROUGH]) >= moment(store.one(key)["stored"])


@pytest.mark.parametrize("committed", ["postgres"], indirect=True)
@pytest.mark.parametrize("has_written", [True, False])
def test_while_somebody_writes_the_moment_is_before_theirs(
    committed: Database, settings: Settings, has_written: bool
) -> None:
    store = committed_store(committed, settings)
    with committed.unit_of_work() as writing:
        queries.page(writing, Query(), past=None)
        stored_at = clock.now()
        if has_written:
            speaker(store.web, writing)
        for answer in (store.get(), store.send(statement())):
            assert moment(answer.headers[THROUGH]) < stored_at
    assert moment(store.get().headers[THROUGH]) > stored_at

"""Many who write at the same moment: real transactions on a real database."""

from __future__ import annotations

import json
import random
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import record_store
from app.kernel import clock
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.learning.documents.models import XapiDocument
from app.learning.statements import service
from app.learning.statements.models import XapiStatement, XapiTerm
from app.learning.statements.queries import number
from tests.learning.attempts.test_at_once import together
from tests.learning.record_store.conftest import Speaker, problem, speaker
from tests.learning.record_store.test_documents import RESOURCES, STATE, about, get, put
from tests.learning.record_store.test_references import about as about_statement
from tests.learning.record_store.test_references import voiding
from tests.xapi.made import AMI, BUN, CHI, COURSE, came, statement
from xapi import storing, terms
from xapi.statement import Version
from xapi.storing import Received

WRITERS, BATCH, SHARED, ROUNDS = 8, 50, 20, 3
#: Of a writer's own statements in a batch, those that are about no other statement.
PLAIN = 24
AGENTS = [AMI, BUN, CHI]


@pytest.fixture
def store(committed: Database, settings: Settings) -> Speaker:
    """A system that speaks to a store that commits."""
    settings.instance.mkdir()
    web = record_store.create_app(settings, committed).test_client()
    with committed.unit_of_work() as session:
        return speaker(web, session)


Given = TypeVar("Given")


def at_once(
    store: Speaker, given: Sequence[Given], ask: Callable[[Speaker, Given], TestResponse]
) -> list[TestResponse]:
    """Have threads ask for something at the same moment, each with one of what is given."""
    waiting = list(given)

    def act() -> TestResponse:
        return ask(replace(store, web=store.web.application.test_client()), waiting.pop())

    return together(len(given), act)


def said(key: str, writer: int, place: int, shared: list[str]) -> dict[str, Any]:
    """Return a statement of a writer, about what others write of, too."""
    if place >= PLAIN:
        return about_statement(shared[place - PLAIN], id=key, actor=AGENTS[place % 3])
    definition = {"name": {f"x-w{writer}": f"講座 {place % 7}"}}
    return statement(
        id=key,
        actor=AGENTS[place % 3],
        object={"id": f"https://example.org/courses/{place % 7}", "definition": definition},
        context={"contextActivities": {"grouping": [COURSE]}},
    )


class Writer:
    """Somebody who sends batches, some statements of which others send as well."""

    def __init__(self, store: Speaker, number: int, shared: list[str]) -> None:
        self.store = replace(store, web=store.web.application.test_client())
        self.number, self.shared = number, shared
        self.own = [str(uuid.uuid4()) for _ in range(ROUNDS * (BATCH - SHARED))]
        order = random.Random(number)  # noqa: S311 - no secret
        self.batches = []
        for start in range(0, len(self.own), BATCH - SHARED):
            batch = list(enumerate(self.own[start : start + BATCH - SHARED]))
            batch += list(enumerate(shared))
            order.shuffle(batch)
            self.batches.append(batch)

    def write(self) -> list[TestResponse]:
        """Send all batches, one after another."""
        return [
            self.store.send([said(key, self.number, place, self.shared) for place, key in batch])
            for batch in self.batches
        ]


@pytest.mark.requirement("TRK-02")
def test_of_what_many_write_at_once_nothing_is_lost_and_nothing_comes_twice(
    store: Speaker, committed: Database
) -> None:
    shared = [str(uuid.uuid4()) for _ in range(SHARED)]
    writers = [Writer(store, each, shared) for each in range(WRITERS)]
    waiting = list(writers)
    for answers in together(WRITERS, lambda: waiting.pop().write()):
        assert [each.status_code for each in answers] == [200] * ROUNDS
        assert [len(each.get_json()) for each in answers] == [BATCH] * ROUNDS
    keys = {key for each in writers for key in each.own} | set(shared)
    with committed.reading() as session:
        assert Counter(map(str, session.scalars(sa.select(XapiStatement.id)))) == Counter(keys)
        kept = session.execute(sa.select(XapiTerm.seq, XapiTerm.term)).all()
        assert Counter(map(tuple, kept)) == Counter(wanted(session))
    for course in range(7):
        asked = {"activityId": f"https://example.org/courses/{course}"}
        words = store.ask("GET", "/xapi/activities", asked).get_json()["definition"]["name"]
        assert words.keys() == {f"x-w{each}" for each in range(WRITERS)}


def wanted(session: Session) -> set[tuple[int, int]]:
    """Return by what each is to be found: its own terms, and those of what it is about."""
    columns = XapiStatement.id, XapiStatement.seq, XapiStatement.target_id, XapiStatement.text
    rows = {row.id: row for row in session.execute(sa.select(*columns))}
    own = {key: terms.of(json.loads(row.text)) for key, row in rows.items()}
    found = set()
    for key, row in rows.items():
        handed = {term for term in own.get(row.target_id, ()) if term[0] != "authority"}
        found |= {(row.seq, number(term)) for term in own[key] | handed}
    return found


def meet(store: Speaker, committed: Database, first: Any, second: Any) -> None:
    """Have a statement come while another is written that is not committed yet."""
    with committed.unit_of_work() as writing:
        received = Received(Version.OLD, AMI)
        prepared = storing.prepare(came(first), str(uuid.uuid4()), received)
        service.add(writing, [prepared], clock.now())
        late = threading.Thread(target=store.send, args=[second])
        late.start()
        late.join(0.3)  # it waits, or has not seen what is not committed
    late.join(10)


@pytest.mark.parametrize("committed", ["postgres"], indirect=True)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_statement_and_what_voids_it_know_of_each_other(
    store: Speaker, committed: Database, is_first: bool
) -> None:
    key = str(uuid.uuid4())
    said = [statement(id=key), voiding(key)]
    meet(store, committed, *(said if is_first else reversed(said)))
    assert store.get(voidedStatementId=key).status_code == 200


@pytest.mark.parametrize("committed", ["postgres"], indirect=True)
@pytest.mark.parametrize("is_known", [True, False])
def test_what_two_say_of_an_activity_at_once_is_put_together(
    store: Speaker, committed: Database, is_known: bool
) -> None:
    said = [
        statement(object={**COURSE, "definition": {"name": {language: "講座"}}})
        for language in ("ja", "en", "de")
    ]
    if is_known:
        store.tell(said[2])
    meet(store, committed, *said[:2])
    told = store.ask("GET", "/xapi/activities", {"activityId": COURSE["id"]}).get_json()
    assert set(told["definition"]["name"]) == {"ja", "en"} | ({"de"} if is_known else set())


@pytest.mark.parametrize("key", [str(uuid.UUID(int=each)) for each in range(5)])
def test_of_two_statements_under_one_id_one_is_kept(store: Speaker, key: str) -> None:
    answers = at_once(store, AGENTS, lambda it, who: it.send(statement(id=key, actor=who)))
    assert sorted(each.status_code for each in answers) == [200, 409, 409]
    assert store.one(key)["actor"] in AGENTS


@pytest.mark.parametrize("path", list(RESOURCES))
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_document_that_two_make_at_once_is_made_once(
    store: Speaker, committed: Database, path: str, method: str
) -> None:
    bodies = [b'{"a": 1}', b'{"b": 1}', b'{"c": 1}']
    answers = at_once(store, bodies, lambda it, body: put(it, path, "a", body, method=method))
    with committed.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(XapiDocument)) == 1
    for each in answers:
        if each.status_code != 204:
            told = problem(each, 412 if each.status_code == 412 else 409)
            assert told["type"] in {"urn:kenshu:document_differs", "urn:kenshu:document_at_once"}
    taken = sum(each.status_code == 204 for each in answers)
    assert len(get(store, path, "a").get_json()) == taken >= 1
    assert method == "POST" or taken == 1


def test_of_what_many_merge_at_once_nothing_is_lost(store: Speaker) -> None:
    put(store, STATE, "a", b"{}")
    bodies = [b'{"%d": 1}' % each for each in range(WRITERS)]
    answers = at_once(store, bodies, lambda it, body: put(it, STATE, "a", body, method="POST"))
    assert [each.status_code for each in answers] == [204] * WRITERS
    assert get(store, STATE, "a").get_json() == {str(each): 1 for each in range(WRITERS)}


def test_of_two_who_have_seen_the_same_document_one_replaces_it(store: Speaker) -> None:
    put(store, STATE, "a", b"{}")
    seen = get(store, STATE, "a").headers["ETag"]
    answers = at_once(
        store, [b"x", b"y"], lambda it, body: put(it, STATE, "a", body, If_Match=seen)
    )
    assert sorted(each.status_code for each in answers) == [204, 412]
    gone = at_once(store, range(3), lambda it, _: it.ask("DELETE", STATE, about(STATE, "a")))
    assert [each.status_code for each in gone] == [204] * 3
    assert get(store, STATE, "a").status_code == 404

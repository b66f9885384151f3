"""Statements that are kept by one statement of the database: the same as by a unit of work."""

from __future__ import annotations

import json
import random
import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import record_store
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.kernel.system import service as system
from app.learning.clients import service as clients
from app.learning.clients.models import XapiClient
from app.learning.statements import service
from app.learning.statements.models import XapiActivity, XapiStatement, XapiTerm
from tests.learning.record_store.conftest import Speaker, problem, speaker
from tests.learning.record_store.test_at_once import at_once, meet
from tests.learning.record_store.test_references import about
from tests.xapi.made import AMI, BUN, CHI, COURSE, ID, OTHER_ID, full, statement
from xapi.statement import Version
from xapi.values import moment

pytestmark = pytest.mark.parametrize("committed", ["postgres"], indirect=True)
BY = Actor(person_id=uuid.UUID(int=1))
NAMED = {**COURSE, "definition": {"name": {"ja": "講座"}}}


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each request was kept by one statement of the database."""
    found: list[bool] = []
    add_alone = service.add_alone

    def noted(*arguments: Any) -> bool:
        found.append(add_alone(*arguments))
        return found[-1]

    monkeypatch.setattr(service, "add_alone", noted)
    return found


@pytest.fixture
def store(committed: Database, settings: Settings) -> Speaker:
    """A system that has just spoken to a store that commits."""
    settings.instance.mkdir()
    web = record_store.create_app(settings, committed).test_client()
    with committed.unit_of_work() as session:
        made = speaker(web, session)
    made.tell(statement(object=NAMED))
    return made


def rows(committed: Database, model: Any) -> int:
    """Return how many rows there are."""
    with committed.reading() as session:
        return int(session.scalar(sa.select(sa.func.count()).select_from(model)) or 0)


def test_one_is_kept_the_same_in_both_ways(
    store: Speaker, committed: Database, alone: list[bool]
) -> None:
    [by_work] = store.tell(full(Version.OLD) | {"id": ID})
    [by_itself] = store.tell(full(Version.OLD) | {"id": OTHER_ID})
    assert alone == [False, True]  # the first says more of its course than was known
    before = clock.now()
    one, other = store.one(by_work), store.one(by_itself)
    assert moment(one.pop("stored")) < moment(other["stored"]) < before
    with committed.reading() as session:
        first, second = (
            session.scalars(sa.select(XapiStatement).filter_by(id=uuid.UUID(key))).one()
            for key in (ID, OTHER_ID)
        )
        assert second.stored_at == moment(other.pop("stored"))
        kept = [
            {
                name: getattr(row, name)
                for name in ("fingerprint", "target_id", "is_voiding", "is_voided")
            }
            | {"terms": set(session.scalars(sa.select(XapiTerm.term).filter_by(seq=row.seq)))}
            for row in (first, second)
        ]
    assert kept[0] == kept[1]
    assert {**one, "id": OTHER_ID} == other


def test_the_letters_and_the_order_of_a_batch_stay(store: Speaker, alone: list[bool]) -> None:
    said = '"result":{"score":{"raw":1.50e0},"response":"\\u0001 \\\\u0001 架空 %s :name"}'
    rest = '"verb":{ "id":"x:v"},"object":{"id":"x:1"}'
    body = f'[{{"actor":{json.dumps(AMI)},{rest},{said}}},'
    body += f'{{"id":"{ID}","actor":{json.dumps(BUN)},{rest}}}]'
    keys = store.send(body.encode()).get_json()
    assert alone == [True]
    assert keys[1] == ID
    text = store.get(statementId=keys[0]).text
    assert said in text
    assert rest in text
    assert store.one(ID)["actor"] == BUN


def test_the_same_again_is_acknowledged_and_another_of_its_id_is_not(
    store: Speaker, committed: Database, alone: list[bool]
) -> None:
    for _ in range(2):
        assert store.tell(statement(id=ID)) == [ID]
    problem(store.send([statement(id=OTHER_ID), statement(id=ID, actor=BUN)]), 409)
    assert alone == [True, False, False]
    assert rows(committed, XapiStatement) == 2


def test_two_of_one_id_at_the_same_moment_are_one(
    store: Speaker, committed: Database, monkeypatch: pytest.MonkeyPatch, alone: list[bool]
) -> None:
    class Late:
        """Has another store it in the moment before."""

        def alone(self, engine: sa.Engine, **values: Any) -> Any:
            with engine.begin() as connection:
                connection.execute(
                    sa.insert(XapiStatement).values(
                        id=uuid.UUID(ID),
                        stored_at=clock.now(),
                        text="{}",
                        fingerprint=b"",
                        is_voiding=False,
                        is_voided=False,
                    )
                )
            raise sa.exc.IntegrityError("", None, ValueError())

    monkeypatch.setattr(service, "_INSERT_ALONE", Late())
    problem(store.send(statement(id=ID)), 409)
    assert alone == [False]


def test_what_others_are_about_already_is_found_by_them(
    store: Speaker, committed: Database, alone: list[bool]
) -> None:
    [other] = store.tell(about(ID, actor=BUN))
    store.tell(statement(id=ID, verb={"id": "x:seen"}))
    assert alone == [False, False]
    assert set(store.found(verb="x:seen")) == {ID, other}


@pytest.mark.parametrize("is_first", [True, False])
def test_one_that_comes_while_another_is_written_about_it_is_found_by_that(
    store: Speaker, committed: Database, alone: list[bool], *, is_first: bool
) -> None:
    said = [about(ID, id=OTHER_ID, actor=BUN), statement(id=ID, verb={"id": "x:seen"})]
    meet(store, committed, *(said if is_first else reversed(said)))
    assert alone == [False]  # the one sees what was written, the other is about a statement
    assert set(store.found(verb="x:seen")) == {ID, OTHER_ID}


def test_activities_that_nobody_knew_are_told(
    store: Speaker, committed: Database, alone: list[bool]
) -> None:
    new = [{"id": f"x:{name}", "definition": {"name": {"ja": "架空の講座"}}} for name in "bca"]
    store.tell(*(statement(object=each) for each in (*new, {"id": "x:unnamed"})))
    store.tell(*(statement(object=each) for each in new))
    assert alone == [True, True]
    for each in new:
        assert store.ask("GET", "/xapi/activities", {"activityId": each["id"]}).get_json() == {
            "objectType": "Activity",
            **each,
        }
    assert rows(committed, XapiActivity) == 4


def test_new_words_of_an_activity_are_noted_and_the_same_ones_are_not_again(
    store: Speaker, committed: Database, alone: list[bool]
) -> None:
    more = {**COURSE, "definition": {"name": {"en": "Course"}}}
    for said in (NAMED, more, more, more, NAMED):
        store.tell(statement(object=said))
    # What is a part of what is known is told from what is new by the second of them.
    assert alone == [True, False, False, True, True]
    assert rows(committed, XapiActivity) == 1
    told = store.ask("GET", "/xapi/activities", {"activityId": COURSE["id"]}).get_json()
    assert told["definition"]["name"] == {"ja": "講座", "en": "Course"}


def test_a_client_that_is_stopped_is_stopped_at_once(
    store: Speaker, committed: Database, alone: list[bool]
) -> None:
    store.tell(statement())
    with committed.unit_of_work() as session:
        [row] = session.scalars(sa.select(XapiClient))
        clients.stop(session, row, by=BY, now=clock.now())
    problem(store.send(statement()), 401)
    assert alone == [True, False]
    assert rows(committed, XapiStatement) == 2


def test_a_system_that_may_only_be_read_is_not_written_to(
    store: Speaker, committed: Database, alone: list[bool]
) -> None:
    with committed.unit_of_work() as session:
        system.begin(session, "drill", by=BY, now=clock.now())
    problem(store.send(statement()), 503)
    with committed.unit_of_work() as session:
        system.end(session, by=BY, now=clock.now())
    store.tell(statement())
    assert alone == [False, True]
    assert rows(committed, XapiStatement) == 2


def test_who_has_not_spoken_for_a_while_is_asked_for(
    store: Speaker, committed: Database, alone: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.now() + timedelta(seconds=10)
    monkeypatch.setattr(clock, "now", lambda: later)
    store.tell(statement(actor=CHI))
    assert alone == []


def test_nobody_else_is_let_in_by_who_has_spoken(
    store: Speaker, committed: Database, alone: list[bool], settings: Settings
) -> None:
    wrong = Speaker(store.web, store.key, "wrong")
    problem(wrong.send(statement()), 401)
    contents = record_store.create_content_app(settings, committed).test_client()
    problem(Speaker(contents, store.key, store.secret).send(statement()), 401)
    assert alone == []


def test_many_who_bring_the_same_at_once_are_all_acknowledged_and_it_is_there_once(
    store: Speaker, committed: Database, alone: list[bool]
) -> None:
    for _ in range(5):
        batch = [
            statement(
                id=str(uuid.uuid4()),
                object={"id": f"x:{uuid.uuid4()}", "definition": {"name": {"ja": "架空の講座"}}},
            )
            for _ in range(20)
        ]
        mixed = [random.Random(each).sample(batch, len(batch)) for each in range(8)]  # noqa: S311 - an order, the same each time
        answers = at_once(store, mixed, lambda speaker, given: speaker.send(given))
        assert [answer.status_code for answer in answers] == [200] * 8
    assert True in alone
    assert rows(committed, XapiStatement) == 1 + 5 * 20
    assert rows(committed, XapiActivity) == 1 + 5 * 20

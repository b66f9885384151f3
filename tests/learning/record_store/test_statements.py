"""Statements are kept: all or none, once each, and letter by letter as they came."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.learning.record_store.conftest import (
    STATEMENTS,
    Speak,
    Speaker,
    broken,
    problem,
)
from tests.xapi.made import (
    AMI,
    BUN,
    CHI,
    COURSE,
    ID,
    OTHER_ID,
    VERB,
    cut,
    full,
    letters,
    statement,
)
from xapi.statement import Version

#: Letters that a reader of JSON would write otherwise.
ODD = {
    b"verb": rb'{"id":"https://example.org/verbs/ended", "display": {"ja":"\u7d42\u3048\/\u305f"}}',
    b"actor": b'{"mbox":"mailto:ami@example.org"  }',
    b"result": b'{"score":{"raw":1.50e1,"max":100.00}, "extensions":{"x:y":[1E2,-0.0,"\\u0000"]}}',
    b"object": b'{ "id":\t"https://example.org/courses/1"\n}',
}


def test_a_statement_that_comes_alone_is_answered_by_its_id(store: Speaker) -> None:
    response = store.send(statement())
    assert response.status_code == 200
    [key] = response.get_json()
    assert uuid.UUID(key).version == 7
    assert store.one(key)["object"] == COURSE


@pytest.mark.requirement("TRK-02")
def test_many_are_answered_by_their_ids_in_the_order_in_which_they_came(store: Speaker) -> None:
    keys = [str(uuid.UUID(int=number)) for number in (7, 3, 9, 1)]
    assert store.tell(*(statement(id=key) for key in keys)) == keys
    assert sorted(store.found()) == sorted(keys)
    assert store.tell() == []


def test_of_many_none_is_kept_where_one_is_wrong(store: Speaker) -> None:
    wrong = statement(actor={"mbox": "ami"})
    assert broken(store.send([statement(), wrong])) == ("mailto", "[1].actor.mbox")
    assert broken(store.send(wrong)) == ("mailto", "actor.mbox")
    assert store.found() == []


@pytest.mark.parametrize("version", list(Version))
def test_a_statement_with_every_part_comes_back_as_it_came(speak: Speak, version: Version) -> None:
    store, said = speak(version=version), cut(full(version), "attachments")
    assert store.tell(said) == [ID]
    back = store.one(ID)
    of_store = {"stored", "authority", "timestamp", "context", "version"}
    for name in set(said) - of_store:
        assert back[name] == said[name]
    for name in set(said["context"]) - {"contextActivities"}:
        assert back["context"][name] == said["context"][name]
    assert back["context"]["contextActivities"]["parent"] == [{"id": "https://example.org/parent"}]
    assert back["version"] == said["version"]


def test_the_letters_that_came_are_given_back(store: Speaker) -> None:
    body = b" ,\n ".join(b'"%s" : %s' % (name, part) for name, part in ODD.items())
    [key] = store.send(b"{ %s }" % body).get_json()
    for answer in (store.get(statementId=key), store.get(), store.get(format="exact")):
        for name, part in ODD.items():
            assert b'"%s":%s' % (name, part) in answer.data


def test_the_store_says_when_it_stored_who_vouches_and_which_version(store: Speaker) -> None:
    lies = {"stored": "2001-01-01T00:00:00Z", "authority": CHI}
    [key, later] = store.tell(statement(**lies), statement(timestamp="2026-11-23T00:00:00+09:00"))
    kept = store.one(key)
    account = {"homePage": "http://localhost:8000", "name": store.key}
    assert kept["authority"] == {"objectType": "Agent", "name": "架空連携", "account": account}
    assert kept["stored"] == kept["timestamp"] != lies["stored"]
    assert kept["version"] == "1.0.0"
    assert store.one(later)["timestamp"] == "2026-11-23T00:00:00+09:00"


def test_a_statement_of_the_new_version_is_kept_in_its_time_and_version(speak: Speak) -> None:
    store = speak(version="2.0.0")
    [key] = store.tell(statement(timestamp="2026-11-23T13:00:00+09:00"))
    assert store.one(key)["version"] == "2.0.0"
    assert store.one(key)["timestamp"] == "2026-11-23T04:00:00.000000Z"


def test_an_id_is_the_same_in_capitals(store: Speaker) -> None:
    assert store.tell(statement(id=ID.upper())) == [ID]
    assert store.one(ID)["id"] == ID.upper()
    assert store.one(ID.upper())["id"] == ID.upper()
    assert broken(store.send([statement(id=ID), statement(id=ID.upper())])) == ("same_id", "")


@pytest.mark.parametrize("own", [{}, {"id": ID}, {"id": ID.upper()}])
def test_a_statement_may_be_put_under_its_id(store: Speaker, own: dict[str, str]) -> None:
    answer = store.send(statement(**own), "PUT", statementId=ID)
    assert (answer.status_code, answer.data) == (204, b"")
    assert store.one(ID)["actor"] == AMI


def test_what_is_put_must_be_one_statement_under_its_own_id(store: Speaker) -> None:
    said = statement(id=OTHER_ID)
    assert broken(store.send(said, "PUT", statementId=ID)) == ("other_id", "id")
    assert broken(store.send(said, "PUT")) == ("missing", "statementId")
    assert broken(store.send(said, "PUT", statementId="1")) == ("uuid", "statementId")
    assert broken(store.send([said], "PUT", statementId=OTHER_ID)) == ("object", "")
    assert broken(store.send(said, "POST", statementId=OTHER_ID)) == ("unknown", "statementId")
    assert broken(store.send(7, "PUT", statementId=ID))[0] == "object"
    assert store.found() == []


def test_the_same_statement_is_taken_again_and_kept_once(store: Speaker) -> None:
    said = statement(id=ID, object={**COURSE, "definition": {"name": {"ja": "講座"}}})
    store.tell(said)
    kept = store.one(ID)
    assert store.tell(said) == [ID]
    assert store.send(statement(id=ID), "PUT", statementId=ID).status_code == 204
    assert store.tell(statement(), statement(id=ID), statement())[1] == ID
    assert store.one(ID) == kept
    assert len(store.found()) == 3


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_another_statement_under_the_same_id_is_refused_with_its_id(
    store: Speaker, method: str
) -> None:
    store.tell(statement(id=ID))
    params = {"statementId": ID} if method == "PUT" else {}
    told = problem(store.send(statement(id=ID, actor=BUN), method, **params), 409)
    assert told["type"] == "urn:kenshu:statement_differs"
    assert told["title"] == f"ID {ID} の、内容の異なるステートメントがすでにあります"
    assert told["detail"] == "何も保存されていません。新しいIDで送信してください。"
    assert store.one(ID)["actor"] == AMI


def test_beside_one_that_differs_nothing_is_kept(store: Speaker) -> None:
    store.tell(statement(id=ID))
    answer = store.send([statement(id=OTHER_ID), statement(id=ID, verb={"id": "x:y"})])
    assert answer.status_code == 409
    assert store.found() == [ID]


def test_a_statement_is_shown_in_full_in_one_language_or_by_ids_alone(store: Speaker) -> None:
    words = {"ja": "講座", "en": "Course"}
    said = statement(
        id=ID,
        actor={**AMI, "name": "架空 あみ"},
        verb={**VERB, "display": {"ja": "終えた", "en": "finished"}},
        object={**COURSE, "objectType": "Activity", "definition": {"name": words}},
    )
    store.tell(said)
    for params in ({"format": "exact"}, {}):
        assert store.one(ID, **params)["object"]["definition"]["name"] == words
    for language, shown in (("en-GB, ja;q=0.5", "en"), ("ja", "ja"), ("de", "ja"), ("", "ja")):
        params = {"statementId": ID, "format": "canonical"}
        back = store.ask("GET", STATEMENTS, params, Accept_Language=language).get_json()
        assert back["object"]["definition"]["name"] == {shown: words[shown]}
        assert list(back["verb"]["display"]) == [shown]
        assert back["actor"] == said["actor"]
    back = store.one(ID, format="ids")
    assert (back["actor"], back["verb"], back["object"]) == (AMI, VERB, COURSE)
    assert broken(store.get(format="whole")) == ("one_of", "format")


def test_the_canonical_definition_is_what_all_statements_have_said(store: Speaker) -> None:
    def named(**words: str) -> dict[str, Any]:
        return statement(object={**COURSE, "definition": {"name": words}})

    [first, *_] = store.tell(statement(), named(ja="講座"), named(en="Course"))
    back = store.ask("GET", STATEMENTS, {"format": "canonical"}, Accept_Language="en").get_json()
    assert {each["object"]["definition"]["name"]["en"] for each in back["statements"]} == {"Course"}
    assert "definition" not in store.one(first)["object"]
    told = store.ask("GET", "/xapi/activities", {"activityId": COURSE["id"]}).get_json()
    assert told == {
        "objectType": "Activity",
        **COURSE,
        "definition": {"name": {"ja": "講座", "en": "Course"}},
    }
    unknown = store.ask("GET", "/xapi/activities", {"activityId": "https://example.org/none"})
    assert unknown.get_json() == {"objectType": "Activity", "id": "https://example.org/none"}


def test_an_agent_is_told_with_the_names_that_statements_call_it(store: Speaker) -> None:
    team = {"objectType": "Group", "member": [{**BUN, "name": "架空 文"}]}
    store.tell(
        statement(actor={**BUN, "name": "架空 文子"}),
        statement(actor=team),
        statement(object={"objectType": "Agent", **AMI}),
    )
    told = store.ask("GET", "/xapi/agents", {"agent": BUN}).get_json()
    assert told == {
        "objectType": "Person",
        "name": ["架空 文", "架空 文子"],
        "account": [BUN["account"]],
    }
    asked = {"agent": {**AMI, "name": "あみ"}}
    assert store.ask("GET", "/xapi/agents", asked).get_json()["name"] == ["あみ"]
    assert broken(store.ask("GET", "/xapi/agents")) == ("missing", "agent")


def test_a_statement_that_there_is_not_is_told_so(store: Speaker) -> None:
    for name in ("statementId", "voidedStatementId"):
        told = problem(store.get(**{name: ID}), 404)
        assert told["type"] == "urn:kenshu:statement_unknown"
    assert broken(store.get(statementId="1")) == ("uuid", "statementId")


@pytest.mark.parametrize(
    "beside", [{"voidedStatementId": OTHER_ID}, {"verb": "x:y"}, {"limit": "1"}, {"since": "2026"}]
)
def test_beside_an_id_nothing_else_is_asked_for(store: Speaker, beside: dict[str, str]) -> None:
    assert broken(store.get(statementId=ID, **beside))[0] == "beside_id"


def test_statements_come_as_json_and_nothing_else(store: Speaker) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", None):
        answer = store.ask("POST", STATEMENTS, body=letters(statement()), Content_Type=kind)
        assert broken(answer) == ("content_type", "")
    kind = "application/json; charset=utf-8"
    answer = store.ask("POST", STATEMENTS, body=letters(statement()), Content_Type=kind)
    assert answer.status_code == 200


def test_a_list_and_a_statement_say_when_they_were_last_changed(store: Speaker) -> None:
    assert store.get().last_modified is None
    [key] = store.tell(statement())
    for answer in (store.get(), store.get(statementId=key)):
        assert answer.last_modified is not None
    assert json.loads(store.get().data).keys() == {"statements", "more"}

"""Statements are found by who, what, which verb and registration, and when they were stored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.learning.statements.models import XapiStatement
from tests.learning.record_store.conftest import Speak, Speaker, broken
from tests.xapi.made import AMI, BUN, CHI, COURSE, ID, OTHER_ID, TEAM, VERB, statement, within

TRAINING = {"id": "https://example.org/trainings/12"}
SHA1 = {"mbox_sha1sum": "3b" * 20}
OTHER_VERB = {"id": "https://example.org/verbs/began"}
CLASS = {"objectType": "Group", "account": {"homePage": "https://example.org/", "name": "一組"}}


def agent(who: dict[str, Any]) -> dict[str, Any]:
    """Return somebody as what a statement is about."""
    return {"objectType": "Agent", **who}


@pytest.mark.requirement("TRK-02")
def test_statements_are_found_by_the_person_the_training_and_the_activity(store: Speaker) -> None:
    of_training = {"registration": ID, "contextActivities": {"grouping": [TRAINING]}}
    of_ami, of_bun, elsewhere = store.tell(
        statement(context=of_training), statement(actor=BUN, context=of_training), statement()
    )
    assert store.found(agent=AMI) == [elsewhere, of_ami]
    assert store.found(registration=ID) == [of_bun, of_ami]
    assert store.found(activity=TRAINING["id"], related_activities="true") == [of_bun, of_ami]
    assert store.found(activity=COURSE["id"]) == [elsewhere, of_bun, of_ami]
    assert store.found(agent=AMI, registration=ID, activity=COURSE["id"]) == [of_ami]
    assert store.found(agent=CHI, registration=ID) == []


@pytest.mark.requirement("TRK-02")
@pytest.mark.parametrize("who", [AMI, BUN, CHI, SHA1])
def test_an_agent_is_found_by_each_of_its_identifiers(store: Speaker, who: dict[str, Any]) -> None:
    others = [each for each in (AMI, BUN, CHI, SHA1) if each != who]
    store.tell(*(statement(actor=other) for other in others))
    did, was = store.tell(
        statement(actor={**who, "name": "架空"}), statement(actor=others[0], object=agent(who))
    )
    assert store.found(agent=who) == [was, did]
    assert store.found(agent={"name": "別名", **agent(who)}) == [was, did]


def test_the_same_agent_is_found_however_its_letters_are_written(store: Speaker) -> None:
    keys = store.tell(
        statement(actor={"mbox": "mailto:ami@EXAMPLE.org"}),
        statement(actor={"mbox_sha1sum": "3B" * 20}),
    )
    assert store.found(agent=AMI) + store.found(agent=SHA1) == keys


@pytest.mark.requirement("TRK-02")
def test_a_groups_members_are_found_and_the_group_by_its_own_identifier(store: Speaker) -> None:
    unnamed, named, about, empty = store.tell(
        statement(actor=TEAM),
        statement(actor={**CLASS, "member": [AMI]}),
        statement(actor=CHI, object={**TEAM, "member": [BUN]}),
        statement(actor=CLASS),
    )
    assert store.found(agent=AMI) == [named, unnamed]
    assert store.found(agent=BUN) == [about, unnamed]
    assert store.found(agent=CLASS) == [empty, named]
    assert broken(store.get(agent=TEAM)) == ("identifier", "agent")


@pytest.mark.parametrize(
    "parts",
    [
        {"context": {"instructor": CHI}},
        {"context": {"instructor": {**TEAM, "member": [CHI]}}},
        {"context": {"team": {**TEAM, "member": [AMI, CHI]}}},
        {"object": within(actor=CHI)["object"]},
        {"object": within(object=agent(CHI))["object"]},
        {"object": within(context={"instructor": CHI})["object"]},
        {"context": {"contextAgents": [{"objectType": "contextAgent", "agent": CHI}]}},
        {
            "context": {
                "contextGroups": [
                    {"objectType": "contextGroup", "group": {**TEAM, "member": [CHI]}}
                ]
            }
        },
    ],
)
def test_related_agents_are_found_by_who_asks_for_them(speak: Speak, parts: Any) -> None:
    store = speak(version="2.0.0")
    [key, _] = store.tell(statement(**parts), statement())
    assert store.found(agent=CHI) == store.found(agent=CHI, related_agents="false") == []
    assert store.found(agent=CHI, related_agents="true") == [key]


def test_the_authority_is_a_related_agent(speak: Speak) -> None:
    one, other = speak("all"), speak("all")
    [key] = one.tell(statement())
    other.tell(statement())
    own = one.one(key)["authority"]
    assert other.found(agent=own) == []
    assert other.found(agent=own, related_agents="true") == [key]


@pytest.mark.parametrize(
    "parts",
    [
        *(
            {"context": {"contextActivities": {name: [{"id": "x:y"}, TRAINING]}}}
            for name in ("parent", "grouping", "category", "other")
        ),
        {"context": {"contextActivities": {"parent": TRAINING}}},
        {"object": within(object=TRAINING)["object"]},
        {"object": within(context={"contextActivities": {"other": TRAINING}})["object"]},
    ],
)
def test_related_activities_are_found_by_who_asks_for_them(store: Speaker, parts: Any) -> None:
    [key, _] = store.tell(statement(**parts), statement())
    assert store.found(activity=TRAINING["id"]) == []
    assert store.found(activity=TRAINING["id"], related_activities="false") == []
    assert store.found(activity=TRAINING["id"], related_activities="true") == [key]


def test_a_verb_and_a_registration_are_found_as_they_are_written(store: Speaker) -> None:
    began, ended = store.tell(
        statement(verb=OTHER_VERB, context={"registration": ID.upper()}), statement()
    )
    assert store.found(verb=OTHER_VERB["id"]) == [began]
    assert store.found(verb=VERB["id"]) == [ended]
    assert store.found(verb=VERB["id"].upper().replace("HTTPS", "https")) == []
    assert store.found(registration=ID) == store.found(registration=ID.upper()) == [began]
    assert store.found(registration=OTHER_ID) == []


def test_what_is_within_a_statement_is_not_its_own_verb_agent_or_activity(store: Speaker) -> None:
    store.tell(within(verb=OTHER_VERB, actor=BUN, context={"registration": ID}))
    for asked in ({"verb": OTHER_VERB["id"]}, {"agent": BUN}, {"registration": ID}):
        assert store.found(**asked) == []
    assert store.found(activity=COURSE["id"]) == []


@pytest.mark.requirement("TRK-02")
def test_statements_are_found_by_when_they_were_stored(store: Speaker, session: Session) -> None:
    keys = store.tell(*(statement() for _ in range(3)))
    rows = session.scalars(sa.select(XapiStatement).order_by(XapiStatement.seq)).all()
    for hour, row in enumerate(rows):
        row.stored_at += timedelta(hours=hour)
    session.flush()
    first, second, third = (row.stored_at.isoformat() for row in rows)
    assert store.found(since=first, ascending="true") == keys[1:]
    assert store.found(until=second, ascending="true") == keys[:2]
    assert store.found(since=first, until=second) == [keys[1]]
    assert store.found(since=third) == []
    assert store.found(until=rows[1].stored_at.astimezone().isoformat(), verb=VERB["id"]) == [
        keys[1],
        keys[0],
    ]


@pytest.mark.parametrize(
    ("asked", "rule", "place"),
    [
        ({"agent": "ami"}, "json", "agent"),
        ({"agent": "{}"}, "identifier", "agent"),
        ({"agent": {**AMI, **CHI}}, "identifier", "agent"),
        ({"agent": "[]"}, "object", "agent"),
        ({"verb": "finished"}, "iri", "verb"),
        ({"activity": ""}, "iri", "activity"),
        ({"registration": "1"}, "uuid", "registration"),
        ({"since": "yesterday"}, "timestamp", "since"),
        ({"until": "2026-11-23T00:00:00-00:00"}, "timestamp_zone", "until"),
        ({"limit": "-1"}, "integer", "limit"),
        ({"limit": "many"}, "integer", "limit"),
        ({"ascending": "1"}, "boolean", "ascending"),
        ({"related_agents": "yes"}, "boolean", "related_agents"),
        ({"related_activities": ""}, "boolean", "related_activities"),
        ({"attachments": "TRUE"}, "boolean", "attachments"),
        ({"past": "x"}, "integer", "past"),
        ({"past": "9" * 19}, "integer", "past"),
        ({"Agent": AMI}, "unknown", "Agent"),
    ],
)
def test_a_question_that_is_none_is_refused(
    store: Speaker, asked: dict[str, Any], rule: str, place: str
) -> None:
    assert broken(store.get(**asked)) == (rule, place)

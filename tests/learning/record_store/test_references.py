"""Statements about statements: found as what they are about, and voiding it."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

import pytest

from tests.learning.record_store.conftest import Speak, Speaker, broken, problem
from tests.xapi.made import (
    AMI,
    BUN,
    CHI,
    COURSE,
    ID,
    OTHER_ID,
    VERB,
    VOIDING,
    statement,
)

CONFIRMED = {"id": "https://example.org/verbs/confirmed"}
KEYS = [str(uuid.UUID(int=number)) for number in range(1, 5)]


def about(key: str, **parts: Any) -> dict[str, Any]:
    """Return a statement about another."""
    reference = {"objectType": "StatementRef", "id": key}
    return statement(**{"actor": BUN, "verb": CONFIRMED, "object": reference} | parts)


def voiding(key: str, **parts: Any) -> dict[str, Any]:
    """Return the statement that voids another."""
    return about(key, verb=VOIDING, **parts)


#: One about the next, and the last about a course.
CHAIN = [
    *(about(below, id=key) for key, below in itertools.pairwise(KEYS)),
    statement(id=KEYS[-1], context={"registration": ID}),
]


@pytest.mark.requirement("TRK-02")
@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_a_chain_is_found_by_what_it_ends_in_whichever_comes_first(
    store: Speaker, order: tuple[int, ...]
) -> None:
    for place in order:
        store.tell(CHAIN[place])
    for asked in (
        {"agent": AMI},
        {"verb": VERB["id"]},
        {"activity": COURSE["id"]},
        {"registration": ID},
        {"agent": AMI, "verb": VERB["id"], "activity": COURSE["id"], "related_agents": "true"},
    ):
        assert sorted(store.found(**asked)) == KEYS
    assert sorted(store.found(agent=BUN)) == KEYS[:-1]
    assert sorted(store.found(verb=CONFIRMED["id"])) == KEYS[:-1]


def test_a_chain_that_comes_at_once_is_found_by_what_it_ends_in(store: Speaker) -> None:
    store.tell(*CHAIN)
    assert sorted(store.found(agent=AMI)) == KEYS


def test_many_are_about_one_and_each_is_found_as_it(store: Speaker) -> None:
    [first] = store.tell(about(ID))
    store.tell(statement(id=ID))
    others = [store.tell(about(ID, actor=CHI))[0] for _ in range(3)]
    assert store.found(agent=AMI) == [*others[::-1], ID, first]
    assert store.found(agent=CHI) == others[::-1]


def test_statements_about_one_another_in_a_circle_are_found(store: Speaker) -> None:
    store.tell(about(OTHER_ID, id=ID, actor=AMI), about(ID, id=OTHER_ID))
    store.tell(about(KEYS[0], id=KEYS[0], actor=CHI))
    assert sorted(store.found(agent=AMI)) == sorted(store.found(agent=BUN)) == [ID, OTHER_ID]
    assert store.found(agent=CHI) == [KEYS[0]]


def test_a_reference_in_a_context_makes_nothing_be_found(store: Speaker) -> None:
    reference = {"objectType": "StatementRef", "id": ID}
    own, _ = store.tell(statement(id=ID), statement(actor=BUN, context={"statement": reference}))
    assert store.found(agent=AMI) == [own]


@pytest.mark.parametrize("is_first", [True, False])
def test_what_is_voided_is_found_by_its_own_question_alone(store: Speaker, is_first: bool) -> None:
    said = [statement(id=ID), voiding(ID, id=OTHER_ID)]
    for each in said if is_first else reversed(said):
        store.tell(each)
    assert store.found() == [OTHER_ID]
    assert problem(store.get(statementId=ID), 404)["type"] == "urn:kenshu:statement_unknown"
    kept = store.get(voidedStatementId=ID)
    assert kept.status_code == 200
    assert kept.get_json()["actor"] == AMI
    assert store.one(OTHER_ID)["object"]["id"] == ID
    assert store.get(voidedStatementId=OTHER_ID).status_code == 404
    assert store.tell(statement(id=ID)) == [ID]
    assert store.found() == [OTHER_ID]


def test_what_is_voided_in_the_same_request_is_voided(store: Speaker) -> None:
    store.tell(voiding(ID), statement(id=ID))
    assert store.get(voidedStatementId=ID).status_code == 200


def test_what_is_about_something_voided_is_still_found_as_it(store: Speaker) -> None:
    store.tell(statement(id=ID), about(ID, id=KEYS[0]), voiding(ID, id=KEYS[1]))
    assert sorted(store.found(agent=AMI)) == KEYS[:2]


@pytest.mark.parametrize("is_first", [True, False])
def test_what_voids_is_not_voided(store: Speaker, is_first: bool) -> None:
    said = [voiding(ID, id=KEYS[0]), voiding(KEYS[0], id=KEYS[1])]
    for each in said if is_first else reversed(said):
        store.tell(each)
    store.tell(statement(id=ID))
    assert sorted(store.found()) == KEYS[:2]
    assert store.get(voidedStatementId=KEYS[0]).status_code == 404
    assert store.get(voidedStatementId=ID).status_code == 200


def test_nothing_is_voided_but_what_a_reference_shows(store: Speaker) -> None:
    assert broken(store.send(statement(verb=VOIDING))) == ("voids", "object")
    store.tell(statement(id=ID))
    store.tell(statement(object={"objectType": "SubStatement", **voiding(ID)}))
    assert store.one(ID)["actor"] == AMI


def test_somebody_who_may_only_write_can_refer_and_void(speak: Speak) -> None:
    writer, reader = speak("statements/write"), speak("statements/read")
    writer.tell(statement(id=ID), voiding(ID, id=OTHER_ID))
    assert reader.found() == [OTHER_ID]

"""Who speaks to the record store: known by key and secret, and held to its scopes."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Refused
from app.learning.clients import service
from app.learning.clients.access import SCOPES
from app.learning.clients.models import XapiClient
from tests.learning.record_store.conftest import (
    OFFICE,
    STATEMENTS,
    Speak,
    Speaker,
    broken,
    problem,
)
from tests.learning.record_store.test_documents import RESOURCES, STATE, about, put
from tests.xapi.made import AMI, COURSE, ID, OTHER_ID, statement

PROFILES = [path for path in RESOURCES if path != STATE]


def _documents(method: str, *paths: str) -> Callable[[Speaker], list[TestResponse]]:
    def ask(store: Speaker) -> list[TestResponse]:
        return [
            put(store, path, "a") if method == "PUT" else store.ask(method, path, about(path))
            for path in paths
        ]

    return ask


#: What one may ask, and which scopes let it through.
ASKED: dict[str, tuple[Callable[[Speaker], list[TestResponse]], set[str]]] = {
    "add statements": (
        lambda store: [store.send(statement()), store.send(statement(), "PUT", statementId=ID)],
        {"statements/write", "all"},
    ),
    "read own statements": (
        lambda store: [store.get()],
        {"statements/read/mine", "statements/read", "all/read", "all"},
    ),
    "read agents and activities": (
        lambda store: [
            store.ask("GET", "/xapi/agents", {"agent": AMI}),
            store.ask("GET", "/xapi/activities", {"activityId": COURSE["id"]}),
        ],
        {"profile", "statements/read", "all/read", "all"},
    ),
    "write states": (_documents("PUT", STATE), {"state", "all"}),
    "read states": (_documents("GET", STATE), {"state", "all/read", "all"}),
    "delete states": (_documents("DELETE", STATE), {"state", "all"}),
    "write profiles": (_documents("PUT", *PROFILES), {"profile", "all"}),
    "read profiles": (_documents("GET", *PROFILES), {"profile", "all/read", "all"}),
    "ask what is spoken": (lambda store: [store.ask("GET", "/xapi/about")], set(SCOPES)),
}


@pytest.mark.parametrize("what", ASKED)
@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_lets_through_what_it_names_and_nothing_else(
    speak: Speak, scope: str, what: str
) -> None:
    ask, scopes = ASKED[what]
    for answer in ask(speak(scope)):
        if scope in scopes:
            assert answer.status_code in (200, 204), answer.text
        else:
            told = problem(answer, 403)
            assert told["type"] == "urn:kenshu:scope_needed"
            assert "必要な権限：" in told["title"]


def test_scopes_add_up(speak: Speak) -> None:
    store = speak("statements/write", "state")
    assert store.send(statement()).status_code == 200
    assert put(store, STATE, "a").status_code == 204
    assert problem(store.get(), 403)["title"].count("statements/read/mine") == 1


def test_who_may_read_only_its_own_sees_nothing_of_others(speak: Speak) -> None:
    mine = speak("statements/write", "statements/read/mine")
    other, reader = speak("all"), speak("all/read")
    mine.tell(statement(id=ID))
    other.tell(statement(id=OTHER_ID))
    about_mine = other.tell(statement(object={"objectType": "StatementRef", "id": ID}))
    assert mine.found() == mine.found(agent=AMI) == mine.found(verb=statement()["verb"]["id"])
    assert mine.found() == [ID]
    assert mine.one(ID)["authority"]["account"]["name"] == mine.key
    assert problem(mine.get(statementId=OTHER_ID), 404)["type"] == "urn:kenshu:statement_unknown"
    assert reader.found() == other.found() == [*about_mine, OTHER_ID, ID]
    voiding = {"id": "http://adlnet.gov/expapi/verbs/voided"}
    other.tell(statement(verb=voiding, object={"objectType": "StatementRef", "id": OTHER_ID}))
    assert mine.get(voidedStatementId=OTHER_ID).status_code == 404


def test_a_page_of_ones_own_leads_to_ones_own(speak: Speak) -> None:
    mine, other = speak("statements/write", "statements/read/mine"), speak("all")
    own = []
    for _ in range(3):
        own += mine.tell(statement())
        other.tell(statement())
    first = mine.get(limit="2").get_json()
    rest = mine.ask("GET", first["more"]).get_json()
    assert [each["id"] for each in first["statements"] + rest["statements"]] == own[::-1]


@pytest.mark.parametrize(
    "said",
    [
        None,
        "",
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic 架空",
        "Basic " + base64.b64encode(b"without-a-colon").decode(),
        "Basic " + base64.b64encode(b"\xff:\xff").decode(),
        "Bearer abc",
        "Digest a:b",
    ],
)
def test_who_brings_no_credentials_is_not_asked_by_a_browsers_window(
    store: Speaker, said: str | None
) -> None:
    header = said.encode().decode("latin-1") if said else said
    for method in ("GET", "POST", "PUT"):
        answer = store.ask(method, STATEMENTS, Authorization=header)
        assert problem(answer, 401)["type"] == "urn:kenshu:credentials_needed"
        assert "WWW-Authenticate" not in answer.headers


def test_who_brings_wrong_credentials_is_refused(speak: Speak) -> None:
    one, other = speak(), speak()
    for wrong in (
        replace(one, secret=other.secret),
        replace(one, secret=one.secret + " "),
        replace(one, secret=""),
        replace(one, key=one.key.swapcase()),
        replace(one, key=""),
        replace(one, key=f"{one.key}\0"),
        replace(one, key="鍵" * 1000),
    ):
        answer = wrong.get()
        assert problem(answer, 401)["type"] == "urn:kenshu:credentials_wrong"
        assert "WWW-Authenticate" not in answer.headers
    assert one.get().status_code == other.get().status_code == 200


def test_a_client_that_is_stopped_may_do_nothing_from_then_on(
    store: Speaker, speak: Speak, session: Session
) -> None:
    [key] = store.tell(statement())
    row = session.scalars(sa.select(XapiClient).where(XapiClient.key == store.key)).one()
    for _ in range(2):
        service.stop(session, row, by=OFFICE, now=clock.now())
    session.flush()
    for answer in (store.get(), store.send(statement())):
        assert problem(answer, 401)["type"] == "urn:kenshu:credentials_wrong"
        assert "WWW-Authenticate" not in answer.headers
    assert speak("all/read").found() == [key]
    lines = session.scalars(sa.select(AuditEvent.action).where(AuditEvent.subject_id == row.id))
    assert lines.all() == ["xapi_client.made", "xapi_client.stopped"]


def test_a_secret_is_told_once_and_not_kept(session: Session) -> None:
    made = service.make(session, " 架空連携 ", ["state"], by=OFFICE, now=clock.now())
    assert made.client.name == "架空連携"
    columns = sa.inspect(XapiClient).columns.keys()
    kept = [str(getattr(made.client, name)) for name in columns]
    assert not any(made.secret in each for each in kept)
    line = session.scalars(sa.select(AuditEvent).where(AuditEvent.subject_id == made.client.id))
    told = str(line.one().details)
    assert "架空連携" in told
    assert made.secret not in told


@pytest.mark.parametrize(
    ("name", "scopes", "code"),
    [
        (" ", ["all"], "client_name_needed"),
        ("架空連携", [], "client_scopes_needed"),
        ("架空連携", ["all", "everything"], "client_scopes_needed"),
    ],
)
def test_a_client_has_a_name_and_scopes_that_there_are(
    session: Session, name: str, scopes: list[str], code: str
) -> None:
    with pytest.raises(Refused) as caught:
        service.make(session, name, scopes, by=OFFICE, now=clock.now())
    assert caught.value.code == code


def test_credentials_are_asked_for_before_a_body_is_read(store: Speaker) -> None:
    nobody = replace(store, key=str(uuid.uuid4()))
    assert nobody.send(b"{").status_code == 401
    assert broken(store.send(b"{"))[0] == "json"

"""Statements in words: the reader's language, what is known, and what has no name."""

from __future__ import annotations

import json
import uuid
from typing import Any

import flask
import pytest
from flask_babel import force_locale

from app.kernel import clock
from app.learning.statement_pages.text import Shown, Words, who
from app.learning.statements.queries import Kept
from tests.learning.stating import COURSE, VERBS, account, mail, said

KEY = "01930000-0000-7000-8000-000000000001"


@pytest.fixture(autouse=True)
def _japanese(office_app: flask.Flask) -> Any:
    with office_app.test_request_context(), force_locale("ja"):
        yield


def shown(value: dict[str, Any], language: str = "ja", **known: Any) -> Shown:
    """Return a statement in words."""
    whole = {
        **value,
        "id": KEY,
        "timestamp": "2026-11-23T04:00:00Z",
        "authority": {"name": "架空LMS", **account("key")},
    }
    return Words(language, known).shown(Kept(1, clock.now(), json.dumps(whole)))


@pytest.mark.parametrize(
    ("verb", "language", "wanted"),
    [
        ({"id": f"{VERBS}completed"}, "ja", "完了した"),
        ({"id": f"{VERBS}completed", "display": {"ja-JP": "修了しました"}}, "ja", "修了しました"),
        ({"id": f"{VERBS}completed", "display": {"en-US": "finished"}}, "ja", "完了した"),
        ({"id": f"{VERBS}completed", "display": {"ja": "修了", "en": "done"}}, "en", "done"),
        ({"id": "https://example.jp/verbs/pondered"}, "ja", "pondered"),
        ({"id": "https://example.jp/verbs/pondered/"}, "ja", "pondered"),
        ({"id": "https://example.jp/verbs#pondered", "display": {}}, "ja", "pondered"),
        ({"id": "https://example.jp/verbs/pondered", "display": {"de": "sann"}}, "ja", "pondered"),
        ({"id": "https://example.jp/verbs/pondered", "display": {"ja": ""}}, "ja", "pondered"),
        ({"id": "urn:pondered"}, "ja", "urn:pondered"),
    ],
)  # fmt: skip
def test_a_verb_is_said_in_the_readers_language_else_by_the_end_of_its_iri(
    verb: dict[str, Any], language: str, wanted: str
) -> None:
    assert shown({**said(), "verb": verb}, language).verb == wanted


@pytest.mark.parametrize(
    ("actor", "name", "identifier"),
    [
        (mail("taro@example.jp", "架空 太郎"), "架空 太郎", "taro@example.jp"),
        (mail("taro@example.jp"), "taro@example.jp", ""),
        (account("00303"), "00303", ""),
        ({"mbox_sha1sum": "a" * 40}, "a" * 40, ""),
        ({"openid": "https://example.jp/taro"}, "https://example.jp/taro", ""),
        ({"objectType": "Group", "name": "窓口係", **account("g")}, "窓口係", "g"),
        (
            {"objectType": "Group", "member": [mail("a@example.jp", "一子"), account("2")]},
            "グループ（一子、2）",
            "",
        ),
        ({"objectType": "Group", "name": "班", "member": [account("2")]}, "班", ""),
    ],
)
def test_somebody_is_told_by_name_and_by_what_they_are_known(
    actor: dict[str, Any], name: str, identifier: str
) -> None:
    found = shown(said(actor=actor))
    assert (found.who, found.identifier) == (name, identifier)
    assert who(actor) == name


@pytest.mark.parametrize(
    ("thing", "wanted"),
    [
        ({"id": COURSE}, (COURSE, "")),
        ({"id": COURSE, "definition": {"name": {"ja": "防火"}}}, ("防火", COURSE)),
        ({"id": COURSE, "definition": {"name": {"de": "Brand"}}}, ("Brand", COURSE)),
        ({"id": COURSE, "definition": {"type": "https://example.jp/t"}}, (COURSE, "")),
        ({"objectType": "Agent", **mail("b@example.jp", "次子")}, ("次子", "")),
        ({"objectType": "StatementRef", "id": KEY}, ("ほかのステートメント", "")),
        (
            {"objectType": "SubStatement", **said("failed", object={"id": "urn:x"})},
            ("taro@example.jp：不合格になった：urn:x", ""),
        ),
    ],
)
def test_a_thing_is_told_by_its_name_else_by_its_iri(
    thing: dict[str, Any], wanted: tuple[str, str]
) -> None:
    found = shown(said(object=thing))
    assert (found.thing, found.thing_iri) == wanted
    is_about = thing.get("objectType") == "StatementRef"
    assert found.target == (uuid.UUID(KEY) if is_about else None)


def test_what_is_known_of_an_activity_counts_more_than_one_statement() -> None:
    known = {COURSE: {"name": {"ja": "防火の基本", "en": "Fire"}}}
    own = said(object={"id": COURSE, "definition": {"name": {"en": "Old"}}})
    assert shown(own, **known).thing == "防火の基本"
    assert shown(own, "en", **known).thing == "Fire"

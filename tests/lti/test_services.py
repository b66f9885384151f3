"""Services of a platform: a token for the least that is needed, and answers told apart."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs

import jwt
import pytest

from lti import signing
from lti.http import Line
from lti.services import Connector, ServiceRefused
from tests.lti.made import NOW
from tests.lti.services import Services, tool_key

SCOPES = ["https://purl.example.com/b", "https://purl.example.com/a"]


def refused(call: Callable[[], object]) -> ServiceRefused:
    """Return how a call was refused."""
    with pytest.raises(ServiceRefused) as told:
        call()
    return told.value


def test_a_token_is_asked_for_by_a_word_that_we_sign(platform_services: Services) -> None:
    platform_services.answers_with("GET /thing", {"here": 1})
    answer = platform_services.connector().make_service_request(
        SCOPES, f"{platform_services.origin}/thing", accept="application/thing+json"
    )
    assert answer["body"] == {"here": 1}
    asked, question = platform_services.asked
    form = {name: values[0] for name, values in parse_qs(asked.body).items()}
    assert form["grant_type"] == "client_credentials"
    assert form["scope"] == "https://purl.example.com/a https://purl.example.com/b"
    word = form["client_assertion"]
    assert jwt.get_unverified_header(word)["kid"] == "tool-1"
    claims = jwt.decode(
        word,
        tool_key().private.public_key(),
        algorithms=["RS256"],
        audience=f"{platform_services.origin}/token",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert (claims["iss"], claims["sub"]) == ("client-7", "client-7")
    assert (claims["iat"], claims["exp"]) == (NOW.timestamp(), NOW.timestamp() + 60)
    assert question.headers["Authorization"] == "Bearer token-1"
    assert question.headers["Accept"] == "application/thing+json"


def test_a_token_is_kept_for_the_same_scopes_until_shortly_before_its_end(
    platform_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector, clock = platform_services.connector(), [1000.0]
    monkeypatch.setattr("lti.services.time.monotonic", lambda: clock[0])
    first = connector.get_access_token(SCOPES)
    assert connector.get_access_token(list(reversed(SCOPES))) == first
    other = platform_services.connector()
    assert other.get_access_token(SCOPES) == first, "for all threads"
    assert connector.get_access_token(SCOPES[:1]) != first
    clock[0] += 3539
    assert connector.get_access_token(SCOPES) == first
    clock[0] += 1
    assert connector.get_access_token(SCOPES) != first


def test_a_token_that_does_not_say_how_long_it_holds_is_kept_for_a_while(
    platform_services: Services,
) -> None:
    platform_services.expires_in = None
    connector = platform_services.connector()
    assert connector.get_access_token(SCOPES) == connector.get_access_token(SCOPES)


@pytest.mark.parametrize("given", [["a", "list"], {"token_type": "bearer"}, {"access_token": 7}])
def test_what_is_no_token_is_none(platform_services: Services, given: object) -> None:
    platform_services.answers_with("POST /token", given)
    connector = platform_services.connector()
    assert refused(lambda: connector.get_access_token(SCOPES)).may_pass


def test_a_token_that_is_not_taken_any_more_is_fetched_anew_once(
    platform_services: Services,
) -> None:
    address = f"{platform_services.origin}/thing"
    connector = platform_services.connector()
    connector.get_access_token(SCOPES)
    platform_services.answers["GET /thing"] = [(401, {}, "expired"), (200, {}, {"here": 1})]
    assert connector.make_service_request(SCOPES, address)["body"] == {"here": 1}
    platform_services.answers_with("GET /thing", "never", status=401)
    told = refused(lambda: connector.make_service_request(SCOPES, address))
    assert (told.code, told.status, told.said) == ("service_refused", 401, "never")
    assert len(platform_services.scopes()) == 3


@pytest.mark.parametrize(
    ("status", "code", "may_pass"),
    [
        (302, "service_refused", False),
        (400, "service_refused", False),
        (404, "service_refused", False),
        (409, "service_stale", False),
        (429, "service_failed", True),
        (500, "service_failed", True),
        (503, "service_failed", True),
    ],
)
def test_an_answer_says_whether_the_same_may_be_taken_later(
    platform_services: Services, status: int, code: str, may_pass: bool
) -> None:
    platform_services.answers_with("POST /thing", "x" * 900, status=status)
    address = f"{platform_services.origin}/thing"
    connector = platform_services.connector()
    told = refused(
        lambda: connector.make_service_request(SCOPES, address, is_post=True, data="研修")
    )
    assert (told.code, told.status, told.may_pass) == (code, status, may_pass)
    assert told.said == "x" * 500
    assert platform_services.asked[-1].body == "研修"
    assert platform_services.asked[-1].headers["Content-Type"] == "application/json"


def test_a_platform_that_gives_no_token_may_do_so_later(platform_services: Services) -> None:
    platform_services.answers_with("POST /token", {"error": "invalid_client"}, status=401)
    address = f"{platform_services.origin}/thing"
    connector = platform_services.connector()
    told = refused(lambda: connector.make_service_request(SCOPES, address))
    assert (told.code, told.status, told.may_pass) == ("token_refused", 401, True)
    platform_services.answers_with("POST /token", "busy", status=503)
    told = refused(lambda: connector.make_service_request(SCOPES, address))
    assert (told.code, told.status) == ("service_failed", 503)


def test_a_platform_that_cannot_be_reached_or_may_not_be_is_told(
    platform_services: Services,
) -> None:
    connector = platform_services.connector()
    connector.get_access_token(SCOPES)
    elsewhere = "https://elsewhere.example.com/"
    told = refused(lambda: connector.make_service_request(SCOPES, elsewhere))
    assert (told.code, told.said) == ("service_unreachable", "host_not_registered")
    shut = "http://127.0.0.1:9/"
    told = refused(lambda: connector.make_service_request(SCOPES, shut))
    assert (told.code, told.status) == ("service_unreachable", 0)


def test_an_answer_without_a_document_is_an_answer(platform_services: Services) -> None:
    platform_services.answers_with("GET /empty", "")
    platform_services.answers_with("GET /words", "thank you")
    connector = platform_services.connector()
    for path in ("empty", "words"):
        address = f"{platform_services.origin}/{path}"
        given = connector.make_service_request(SCOPES, address, case_insensitive_headers=True)
        assert given["body"] is None
        assert "content-length" in given["headers"]


def test_the_next_pages_address_comes_back_as_it_was_written(platform_services: Services) -> None:
    link = f'<{platform_services.origin}/thing?Page=AbC2>; rel="next", <http://x/>; rel="other"'
    platform_services.answers_with("GET /thing", [], Link=link)
    given = platform_services.connector().make_service_request(
        SCOPES, f"{platform_services.origin}/thing"
    )
    assert given["next_page_url"] == f"{platform_services.origin}/thing?Page=AbC2"


def test_our_keys_are_published_without_their_secrets() -> None:
    one, other = tool_key(), signing.load("tool-2", signing.generate())
    listed = signing.key_set([one, other])["keys"]
    assert [each["kid"] for each in listed] == ["tool-1", "tool-2"]
    assert {frozenset(each) for each in listed} == {
        frozenset({"kty", "n", "e", "kid", "alg", "use"})
    }
    word = other.sign({"iss": "client-7"})
    public = jwt.PyJWK(listed[1])
    assert jwt.decode(word, public.key, algorithms=["RS256"]) == {"iss": "client-7"}
    assert signing.load("tool-1", signing.generate()) != one


def test_a_connector_is_one_of_the_librarys(platform_services: Services) -> None:
    registration = platform_services.registration
    connector = Connector(
        registration, tool_key(), Line(registration.hosts), platform_services.tokens, lambda: NOW
    )
    told = refused(lambda: connector.get_access_token(SCOPES))
    assert (told.code, told.said) == ("service_unreachable", "not_sealed")

"""What the content's origin answers to a launch: page, scripts, navigate, commit, leave."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import factory
from app.kernel import clock
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.learning.player.views import STATIC
from app.learning.traces import queries
from tests.learning import made
from tests.learning.player.conftest import Window, message

LOCATION = "cmi.core.lesson_location"


def setup_of(window: Window) -> dict[str, Any]:
    """Return what the page hands to its script."""
    html = window.get().get_data(as_text=True)
    found = re.search(r'id="setup">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    document: dict[str, Any] = json.loads(found[1])
    return document


def test_the_page_hands_its_script_all_that_it_starts_from(window: Window) -> None:
    setup = setup_of(window)
    assert setup["edition"] == "1.2"
    assert [entry["id"] for entry in setup["outline"]] == ["A", "B"]
    assert setup["back"] == "http://localhost:8000/assignments/1"
    assert setup["lease"] == 1
    assert setup["preview"] is False


def test_the_page_is_never_kept_and_loads_only_what_stands_beside_it(window: Window) -> None:
    response = window.get()
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert policy.endswith("; frame-ancestors 'self'")
    assert "unsafe-inline" not in policy
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    for address in re.findall(r'(?:src|href)="([^"]+)"', response.get_data(as_text=True)):
        if address != "about:blank":
            assert window.get(address).status_code == 200, address


def test_the_player_and_its_content_may_be_framed_by_the_sites_that_the_settings_name(
    settings: Settings, database: Database, window: Window
) -> None:
    portals = "https://portal.example https://other.example"
    app = factory.create_content_app(replace(settings, frame_origins=portals), database)
    framed = replace(window, client=app.test_client())
    for name in ("", "content/index.html", "content/none.html"):
        policy = framed.get(name).headers["Content-Security-Policy"]
        assert f"frame-ancestors 'self' {portals}" in policy, name


def test_a_preview_leads_to_its_log_and_a_learners_page_does_not(
    window: Window, session: Session
) -> None:
    attempt = made.attempt(session, window.attempt_id)
    attempt.is_traced = True
    session.flush()
    link = f'href="http://localhost:8000/traces/{window.attempt_id}"'
    assert link not in window.get().text
    attempt.record_id = None
    session.flush()
    assert link in window.get().text


def test_every_script_of_the_player_is_answered_as_what_it_is(window: Window) -> None:
    for path in filter(Path.is_file, STATIC.iterdir()):
        response = window.get(f"player/{path.name}")
        assert response.status_code == 200
        assert response.data == path.read_bytes()
        if path.suffix == ".js":
            assert response.mimetype == "text/javascript"


def test_what_is_compressed_beforehand_goes_out_so_to_whoever_takes_it(window: Window) -> None:
    script = STATIC / "vendor" / "video.min.js"
    plain = window.get("player/vendor/video.min.js")
    packed = window.get("player/vendor/video.min.js", Accept_Encoding="gzip")
    assert plain.data == script.read_bytes() == gzip.decompress(packed.data)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert packed.mimetype == "text/javascript"
    assert window.get("player/../views.py", Accept_Encoding="gzip").status_code == 404


@pytest.mark.parametrize(
    "name", ["none.js", "../views.py", "%2e%2e/js/office.js", "..%2fjs%2foffice.js"]
)
def test_nothing_beside_the_players_scripts_is_answered(window: Window, name: str) -> None:
    assert window.get(f"player/{name}").status_code == 404


def test_an_item_is_delivered_with_its_address_and_its_state(window: Window) -> None:
    delivered = window.go()
    assert delivered["item"] == "A"
    assert delivered["address"] == "content/index.html"
    assert delivered["sequence"] == 0
    assert delivered["state"]["values"]["cmi.core.student_name"] == "架空 <花子>"
    assert window.get(delivered["address"]).status_code == 200
    assert delivered["controls"]["choices"] == ["A", "B"]
    assert window.go("{target=B}choice")["item"] == "B"
    beyond = window.go("continue")
    assert (beyond["item"], beyond["left"], beyond["ended"]) == (None, True, False)
    assert "address" not in beyond


@pytest.mark.requirement("TRK-03")
def test_a_step_whose_answer_was_lost_is_asked_for_again_and_taken_once(window: Window) -> None:
    window.go()
    answers = [window.at_step(2, "continue") for _ in range(2)]
    assert answers[0].get_json() == answers[1].get_json()
    assert answers[0].get_json()["item"] == "B"
    refused = window.at_step(4, "previous")
    assert (refused.status_code, refused.get_json()["type"]) == (409, "urn:kenshu:out_of_sequence")
    assert window.at_step(3, "previous").get_json()["item"] == "A"


@pytest.mark.requirement("TRK-03")
def test_what_is_committed_is_there_again_after_a_reload(window: Window) -> None:
    window.go()
    sent = message(1, [LOCATION, "5頁"], ["cmi.suspend_data", "髙"])
    answer = window.commit(sent)
    assert (answer.status_code, answer.get_json()["sequence"]) == (200, 1)
    assert window.commit(sent).get_json() == answer.get_json()
    resumed = window.go()
    assert resumed["state"]["values"][LOCATION] == "5頁"
    assert resumed["state"]["values"]["cmi.suspend_data"] == "髙"
    assert resumed["sequence"] == 1


def test_a_commit_may_come_as_text_while_the_page_goes_away(window: Window) -> None:
    window.go()
    body = json.dumps({"messages": [message(1, [LOCATION, "6"])]})
    answer = window.send("commit", data=body, content_type="text/plain;charset=UTF-8")
    assert answer.get_json()["sequence"] == 1


def test_the_attempt_is_ended_when_it_is_done(window: Window) -> None:
    window.go()
    window.commit(message(1, end=True))
    assert window.post("leave", {}).get_json() == {"ended": False}
    window.go("continue")
    window.commit(message(2, item="B", end=True))
    assert window.post("leave", {}).get_json() == {"ended": True}
    refused = window.at_step(3, "open")
    assert (refused.status_code, refused.get_json()["type"]) == (422, "urn:kenshu:attempt_ended")


MALFORMED = {
    "no JSON": b"{",
    "nothing": b"",
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "not UTF-8": b'{"messages": "\xff"}',
    "no messages": b"{}",
    "messages as text": b'{"messages": "x"}',
    "a message as text": b'{"messages": ["x"]}',
    "lease as text": b'{"messages": [], "lease": "1"}',
    "lease as truth": b'{"messages": [], "lease": true}',
    "a lease that is not ours yet": b'{"messages": [], "lease": 2}',
    "endless nesting": b"[" * 200_000,
    "endless number": b'{"messages": [], "lease": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_commit_that_cannot_be_read_is_refused(window: Window, body: bytes) -> None:
    window.go()
    answer = window.send("commit", data=body)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["type"] == "urn:kenshu:commit_malformed"
    assert problem["title"] == "教材から届いた記録を読み取れません"
    assert problem["instance"] == answer.headers["X-Request-Id"]


ODD = {
    "sequence": [None, "1", 0, -1, 1.0, True],
    "item": [None, 1, ["A"]],
    "finished": [None, 0, "true"],
    "changes": [None, {}, "ab", [["a"]], [["a", "b", "c"]], [["a", 1]], [[1, "a"]], ["ab"], [None]],
}


@pytest.mark.parametrize("name", ODD)
def test_one_odd_message_refuses_them_all_and_nothing_is_applied(
    window: Window, session: Session, name: str
) -> None:
    window.go()
    for value in ODD[name]:
        answer = window.commit(message(1, [LOCATION, "9"]), {**message(2), name: value})
        assert answer.status_code == 422, value
        assert answer.get_json()["type"] == "urn:kenshu:commit_malformed"
    attempt = made.attempt(session, window.attempt_id)
    assert attempt.sequence == 0
    assert LOCATION not in attempt.document["items"]["A"]["values"]


def test_a_navigation_that_cannot_be_read_is_refused(window: Window) -> None:
    for body in (b"", b"[]", b"{}", b'{"step": 1}', b'{"request": "open"}'):
        answer = window.send("navigate", data=body)
        assert answer.status_code == 422, body
        assert answer.get_json()["type"] == "urn:kenshu:commit_malformed"
    for step in (None, "1", 0, -1, 1.0, True):
        answer = window.post("navigate", {"step": step, "request": "open"})
        assert answer.get_json()["type"] == "urn:kenshu:commit_malformed", step
    for request in (None, 1, ["open"]):
        answer = window.post("navigate", {"step": 1, "request": request})
        assert answer.get_json()["type"] == "urn:kenshu:commit_malformed", request


def test_a_request_that_nobody_knows_is_refused(window: Window) -> None:
    answer = window.at_step(1, "\ud800")
    assert (answer.status_code, answer.get_json()["type"]) == (422, "urn:kenshu:navigation_unknown")
    assert answer.get_json()["title"] == "教材が求めた移動先を読み取れません"


@pytest.mark.parametrize("target", ["\x00", "\ud800", "髙", "x" * 100_000])
def test_a_target_with_an_impossible_name_leads_nowhere_though_it_is_traced(
    window: Window, session: Session, target: str
) -> None:
    made.attempt(session, window.attempt_id).is_traced = True
    session.flush()
    window.go()
    answer = window.at_step(2, f"{{target={target}}}choice")
    assert (answer.status_code, answer.get_json()["item"]) == (200, None)


# What the content has called.

CALL = ["LMSSetValue", LOCATION, "3頁", "true", "0"]


@pytest.fixture
def traced(window: Window, session: Session) -> Window:
    """The window on an attempt that is traced, with its item delivered."""
    made.attempt(session, window.attempt_id).is_traced = True
    session.flush()
    window.go()
    return window


def logged(session: Session, window: Window) -> list[str]:
    """Return the values that the calls in the log have set."""
    lines = queries.lines(session, window.attempt_id)
    return [line.value for line in lines if line.source == "content"]


def test_what_content_has_called_comes_with_its_message(traced: Window, session: Session) -> None:
    answer = traced.commit({**message(1), "calls": [CALL, CALL]})
    assert answer.status_code == 200
    assert logged(session, traced) == ["3頁", "3頁"]
    assert traced.commit({**message(2), "calls": None}).status_code == 200


@pytest.mark.parametrize(
    "calls", [{}, "x", [[]], [CALL[:4]], [[*CALL, ""]], [[*CALL[:4], 0]], [None], 1]
)
def test_calls_that_are_none_refuse_the_message(
    traced: Window, session: Session, calls: object
) -> None:
    answer = traced.commit({**message(1, [LOCATION, "9"]), "calls": calls})
    assert answer.get_json()["type"] == "urn:kenshu:commit_malformed"
    assert made.attempt(session, traced.attempt_id).sequence == 0


def test_a_call_with_what_no_database_keeps_is_kept_without_it(
    traced: Window, session: Session
) -> None:
    odd = ["LMSSetValue", "\x00", "a\ud800b", "true", "0"]
    assert traced.commit({**message(1), "calls": [odd]}).status_code == 200
    assert logged(session, traced) == ["a\ufffdb"]


def test_a_log_takes_no_more_of_a_message_than_somebody_would_read(
    traced: Window, session: Session
) -> None:
    long = ["LMSSetValue", LOCATION, "研" * 50_000, "true", "0"]
    assert traced.commit({**message(1), "calls": [long, *[CALL] * 5_000]}).status_code == 200
    first, *rest = logged(session, traced)
    assert (len(first), len(rest)) == (1_000, 1_999)


def test_more_than_any_course_can_say_is_refused(window: Window) -> None:
    window.go()
    answer = window.commit(message(1, ["cmi.suspend_data", "x" * 9_000_000]))
    assert (answer.status_code, answer.get_json()["type"]) == (422, "urn:kenshu:commit_too_large")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("a\x00b", "a\ufffdb"), ("a\ud800b", "a\ufffdb"), ("\ud842\udfb7野", "𠮷野")],
    ids=["NUL", "half of a pair", "a whole pair"],
)
def test_what_no_database_keeps_is_replaced(window: Window, sent: str, kept: str) -> None:
    window.go()
    answer = window.commit(message(1, ["cmi.suspend_data", sent]))
    assert (answer.status_code, answer.get_json()["rejected"]) == (200, [])
    assert window.go()["state"]["values"]["cmi.suspend_data"] == kept


@pytest.mark.parametrize("name", ["cmi.\x00", "cmi.\ud800", "\x00", "cmi.core.\u0000lesson_status"])
def test_an_elements_name_that_no_database_keeps_is_rejected_like_any_unknown_one(
    window: Window, name: str
) -> None:
    window.go()
    answer = window.commit(message(1, [name, "x"], [LOCATION, "1"]))
    assert answer.status_code == 200
    assert len(answer.get_json()["rejected"]) == 1
    assert window.commit(message(1)).get_json() == answer.get_json()


def test_a_message_for_an_item_with_an_impossible_name_is_not_found(window: Window) -> None:
    window.go()
    assert window.commit(message(1, item="\x00\ud800")).status_code == 404


def test_a_gap_is_told_as_a_conflict(window: Window) -> None:
    window.go()
    answer = window.commit(message(2))
    assert (answer.status_code, answer.get_json()["type"]) == (409, "urn:kenshu:out_of_sequence")


@pytest.mark.requirement("SEC-12")
@pytest.mark.parametrize("verb", ["", "player/player.js", "content/index.html"])
def test_without_a_valid_token_nothing_is_read(window: Window, verb: str) -> None:
    for base_url in ("http://localhost:8000", "http://a-0.localhost:8000"):
        answer = window.client.get(made.path(window.address) + verb, base_url=base_url)
        assert answer.status_code == 404
    forged = window.client.get(f"/forged/{verb}", base_url=made.origin(window.address))
    assert forged.status_code == 404


@pytest.mark.requirement("SEC-12")
@pytest.mark.parametrize("verb", ["navigate", "commit", "leave"])
def test_without_a_valid_token_nothing_is_written(
    window: Window, session: Session, verb: str
) -> None:
    body = {"step": 1, "request": "open", "messages": []}
    path = made.path(window.address) + verb
    assert window.client.post(path, json=body, base_url="http://localhost:8000").status_code == 404
    assert made.attempt(session, window.attempt_id).opened_lease == 0


def test_an_expired_launch_is_told_in_japanese_what_to_do_next(
    window: Window, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = clock.now() + timedelta(hours=settings.launch_hours, minutes=1)
    monkeypatch.setattr("app.kernel.clock.now", lambda: over)
    page = window.get()
    assert page.status_code == 410
    assert "受講画面の有効期限が切れました" in page.get_data(as_text=True)
    assert window.post("commit", {"messages": []}).status_code == 410


@pytest.mark.requirement("SEC-12")
def test_no_answer_of_the_contents_origin_sets_a_cookie(window: Window) -> None:
    answers = [
        window.get(),
        window.get("player/player.js"),
        window.get("content/index.html"),
        window.get("content/none.html"),
        window.at_step(1, "open"),
        window.commit(message(1, [LOCATION, "1"])),
        window.commit(message(9)),
        window.send("commit", data=b"{"),
        window.post("leave", {}),
        window.client.get("/", base_url=made.origin(window.address)),
        window.client.get("/forged/", base_url=made.origin(window.address)),
        window.client.post("/language", data={"language": "en"}),
    ]
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Content-Security-Policy" in answer.headers
    assert {answer.status_code for answer in answers} == {200, 404, 409, 422}


@pytest.mark.requirement("SEC-12")
def test_the_offices_pages_are_out_of_reach_on_the_contents_origin(
    window: Window, content: FlaskClient
) -> None:
    for path in ("/sign-in", "/staff", "/static/css/ground.css", "/history"):
        answer = content.get(
            path, base_url=made.origin(window.address), follow_redirects=True, buffered=True
        )
        assert answer.status_code == 404


def test_the_player_speaks_the_language_that_the_launch_was_made_in(window: Window) -> None:
    html = window.get(Accept_Language="en").get_data(as_text=True)
    assert '<html lang="ja">' in html
    assert "中断して戻る" in html

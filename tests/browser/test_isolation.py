"""Content reaches its own attempt and nothing else, whatever its scripts try."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from playwright.sync_api import Request, expect

from tests.browser import hostile, places, walk
from tests.browser.places import AUTHOR, OFFICE
from tests.browser.serving import Installation
from tests.browser.test_pages import faults_of
from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demonstration")]
ONE, OTHER = "00303", "00304"
PLAIN = "やさしい日本語研修"
TITLE = "悪意のある教材"
SECRET = "office's secret"
FULL_DAY = 24 * 3600
STEP = {"request": "open", "step": 2}


class Launched:
    """The address of a player, taken apart, and asked by hand: no browser stands in the way."""

    def __init__(self, address: str) -> None:
        split = urlsplit(address)
        self.host = split.netloc
        self.token = split.path.strip("/")
        self.step = 1  # the player has opened the first item

    def ask(
        self, path: str, *, token: str = "", host: str = "", body: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Return status and document of a request under a token (ours) on a host (ours)."""
        port = int(self.host.rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request(
            "GET" if body is None else "POST",
            f"/{token or self.token}/{path}",
            None if body is None else json.dumps(body),
            {"Host": host or self.host, "Accept": "application/json"},
        )
        answer = connection.getresponse()
        content, kind = answer.read(), answer.getheader("Content-Type") or ""
        connection.close()
        return answer.status, json.loads(content) if "json" in kind else {}

    def commit(self, sequence: int, name: str, value: str, **more: object) -> int:
        """Commit one change of the course's first item; return the status."""
        message = {
            "sequence": sequence,
            "item": "intro",
            "changes": [[name, value]],
            "finished": False,
        }
        return self.ask("commit", body={"messages": [message], **more})[0]

    def navigate(self, request: str) -> dict[str, Any]:
        """Take the next step of this launch; return what it led to."""
        self.step += 1
        status, delivered = self.ask("navigate", body={"request": request, "step": self.step})
        assert status == 200, delivered
        return delivered

    def state(self) -> dict[str, Any]:
        """Return the state of the first item's session."""
        delivered = self.navigate("{target=intro}choice")
        found: dict[str, Any] = delivered["state"]
        return found


def launch(window: Window) -> Launched:
    walk.launch(window, PLAIN)
    return Launched(window.page.url)


def preview_hostile(author: Window, folder: Path) -> None:
    """Upload the hostile package and open it in the player."""
    author.page.goto("/materials/upload")
    author.page.locator("input[type=file]").set_input_files(hostile.package(folder, TITLE))
    author.page.get_by_role("button", name="送る").click()
    author.page.wait_for_url(re.compile(f"/materials/{places.KEY}"), timeout=places.IMPORT_MS)
    author.page.get_by_role("button", name="試しに見る").click()


@pytest.mark.requirement("CON-06", "SEC-12")
def test_a_hostile_package_reaches_nothing_of_the_office(
    visit: Callable[[str], Window], tmp_path: Path
) -> None:
    window = visit(OFFICE)
    desk = window.page
    desk.evaluate(
        """(secret) => {
            localStorage.setItem("office", secret);
            sessionStorage.setItem("office", secret);
            indexedDB.open("office");
        }""",
        SECRET,
    )
    cookies = window.context.cookies(window.origin)
    assert any(each["name"] == "kenshu" and each["httpOnly"] for each in cookies)

    window.page = window.context.new_page()
    requests: list[Request] = []
    # Playwright marks the handler it is given, which a built-in method does not take.
    window.context.on("request", lambda request: requests.append(request))  # noqa: PLW0108
    preview_hostile(window, tmp_path)
    content = walk.content(window)
    content.wait_for_function("typeof attack === 'function'")
    got = content.evaluate("(office) => attack(office)", window.origin)

    assert got["cookie"] == got["topCookie"] == ""
    assert got["local"] == "planted"
    assert got["session"] == ""
    assert "office" not in got["databases"]
    assert got["referrer"].count(window.origin) == 0
    assert got["top"] == "the player's"
    assert got["opener"] == "null"
    for attempt in ("popup", "frame", "fetch", "json", "opaque", "script"):
        assert got[attempt] == "blocked", attempt
    sent = [request for request in requests if urlsplit(request.url).netloc.startswith("a-")]
    assert sent
    for request in sent:
        assert "cookie" not in request.all_headers(), request.url

    expect(desk.get_by_role("heading", name="ホーム")).to_be_visible()
    desk.goto("/trainings")
    expect(desk.get_by_role("heading", name="研修", exact=True)).to_be_visible()
    expect(desk.get_by_text("EVIL")).to_have_count(0)
    now = window.context.cookies(window.origin)
    assert [(each["name"], each["domain"]) for each in now] == [
        (each["name"], each["domain"]) for each in cookies
    ]


@pytest.mark.requirement("SEC-12")
def test_the_office_takes_no_form_without_its_token_even_with_its_cookie(
    visit: Callable[[str], Window],
) -> None:
    window = visit(OFFICE)
    for path in ("/sign-out", "/trainings/new", "/staff/passwords", "/language"):
        assert window.page.request.post(path, form={"code": "EVIL"}).status == 400, path
    assert window.page.goto("/trainings")
    expect(window.page.get_by_text("EVIL")).to_have_count(0)


@pytest.mark.requirement("CON-06")
def test_what_content_leaves_in_the_browser_is_not_there_for_the_next_learner(
    visit: Callable[[str], Window], demonstration: Installation
) -> None:
    window = visit(ONE)
    first = walk.launch(window, PLAIN)
    own = first.evaluate("localStorage.setItem('left', 'by the first'); location.origin")
    first.evaluate("sessionStorage.setItem('left', 'by the first')")
    walk.leave(window)
    window.sign_out()
    window.sign_in(OTHER, demonstration.accounts[OTHER])
    window.page.wait_for_url("**/")
    second = walk.launch(window, PLAIN)
    assert second.evaluate("location.origin") != own
    assert second.evaluate("localStorage.getItem('left')") is None
    assert second.evaluate("sessionStorage.getItem('left')") is None
    walk.leave(window)


@pytest.mark.requirement("CON-06", "SEC-12")
def test_a_token_opens_one_attempt_on_its_own_host_and_writes_to_no_other(
    visit: Callable[[str], Window],
) -> None:
    one, other = visit(ONE), visit(OTHER)
    mine, theirs = launch(one), launch(other)
    theirs.state()
    assert mine.ask("")[0] == 200
    assert mine.ask("", host=theirs.host)[0] == 404
    assert mine.ask("navigate", host=theirs.host, body=STEP)[0] == 404
    mine.state()
    named = theirs.host.partition(".")[0].removeprefix("a-")
    sequence = mine.navigate("open")["sequence"] + 1
    assert mine.commit(sequence, "cmi.location", "stolen", attempt=named, attempt_id=named) == 200
    assert "stolen" in json.dumps(mine.state())
    assert "stolen" not in json.dumps(theirs.state())


@pytest.mark.requirement("CON-05")
def test_a_forged_or_an_expired_token_opens_nothing(
    visit: Callable[[str], Window], demonstration: Installation
) -> None:
    window = visit(ONE)
    mine = launch(window)
    key = (demonstration.instance / "secret.key").read_text(encoding="utf-8")
    claims = URLSafeTimedSerializer(key, salt="launch").loads(mine.token)

    def signed(with_key: str, signer: type[TimestampSigner]) -> str:
        return str(URLSafeTimedSerializer(with_key, salt="launch", signer=signer).dumps(claims))

    assert mine.ask("", token=signed(key, TimestampSigner))[0] == 200
    assert mine.ask("", token=signed("a guess", TimestampSigner))[0] == 404
    expired = signed(key, OfYesterday)
    assert mine.ask("", token=expired)[0] == 410
    assert mine.ask("content/intro.html", token=expired)[0] == 410
    assert mine.ask("content/intro.html", token="no-token")[0] == 404
    answer = window.page.goto(f"http://{mine.host}/{expired}/")
    assert answer
    assert answer.status == 410
    expect(window.page.get_by_role("heading", name="有効期限が切れました")).to_be_visible()
    assert faults_of(window, "ja") == []


class OfYesterday(TimestampSigner):
    """Signs as the server did a day ago."""

    def get_timestamp(self) -> int:
        return int(time.time()) - FULL_DAY


def test_an_older_launch_may_write_no_more(visit: Callable[[str], Window]) -> None:
    window = visit(ONE)
    older = launch(window)
    walk.leave(window)
    newer = launch(window)
    assert older.host == newer.host
    assert older.token != newer.token
    assert older.commit(99, "cmi.location", "late") == 409
    assert older.ask("navigate", body=STEP)[0] == 409
    assert older.ask("leave", body={})[0] == 409
    assert "late" not in json.dumps(newer.state())


@pytest.mark.requirement("CON-05")
def test_whoever_was_not_assigned_a_material_is_refused_at_every_address_of_it(
    visit: Callable[[str], Window],
) -> None:
    office, outsider = visit(OFFICE), visit(ONE)
    author = visit(AUTHOR)
    material = places.link(office, "/materials", "/materials", "やさしい日本語")
    author.page.goto(material)
    action = author.page.locator("form[action^='/preview/']").first.get_attribute("action")
    assert action
    token = csrf(outsider)
    assert outsider.page.request.get(material).status == 403
    assert outsider.page.request.post(action, form={"csrf_token": token}).status == 403
    # Somebody else's assignment looks like none at all: not even that it is there is told.
    theirs = visit(OTHER)
    theirs.page.goto("/")
    path = theirs.page.locator("form[action$='/launch']").first.get_attribute("action")
    assert path
    assert outsider.page.request.get(path.removesuffix("/launch")).status == 404
    assert outsider.page.request.post(path, form={"csrf_token": token}).status == 404


def csrf(window: Window) -> str:
    """Return the token of the forms on the present page."""
    window.page.goto("/")
    token = window.page.locator("input[name=csrf_token]").first.get_attribute("value")
    assert token
    return token

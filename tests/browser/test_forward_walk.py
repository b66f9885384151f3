"""Statements go on to another record store: registered, approved by another, refused, sent."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.places import STATEMENT
from tests.browser.serving import Installation
from tests.learning.forwarding import receiver
from tests.learning.forwarding.receiver import Receiver

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("demonstration"),
    pytest.mark.requirement("TRK-02"),
]
NAME = "架空の分析基盤（散策）"
#: With a verb of its own: other tests have their words kept by the same server.
SAID = {**STATEMENT, "verb": {"id": "https://content.example.org/verbs/walked"}}
#: The worker looks every fifteen seconds, at the latest.
SOON_MS = 40_000
#: Where pictures of each step are put, for whoever wants to look at them.
PICTURES = os.environ.get("KENSHU_PICTURES", "")


@pytest.fixture
def store() -> Iterator[Receiver]:
    with receiver.serving() as found:
        yield found


def picture(page: Page, name: str) -> None:
    """Keep pictures of the present page, narrow and wide, where somebody wants them."""
    for width in (360, 1280) if PICTURES else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


def speaker(page: Page, origin: str) -> Callable[[dict[str, Any]], str]:
    """Add a system, and return a function that has it send a statement and returns its id."""
    page.goto("/record-store/clients/new")
    page.get_by_label("接続先システムの名前").fill("散策のシステム")
    page.get_by_label("記録を送る").check()
    page.get_by_role("button", name="追加する").click()
    key, secret = (page.locator(f"#{name}").input_value() for name in ("key", "secret"))
    pair = base64.b64encode(f"{key}:{secret}".encode()).decode()

    def tell(said: dict[str, Any]) -> str:
        headers = {"Authorization": f"Basic {pair}", "X-Experience-API-Version": "1.0.3"}
        answer = page.request.post(f"{origin}/xapi/statements", data=said, headers=headers)
        assert answer.ok, answer.text()
        return str(answer.json()[0])

    return tell


def register(page: Page, store: Receiver) -> None:
    """Register the store, once a mistake is mended."""
    page.goto("/record-store/clients")
    page.get_by_role("link", name="記録の転送先", exact=True).click()
    picture(page, "list")
    page.get_by_role("main").get_by_role("link", name="転送先を登録する").first.click()
    picture(page, "new")
    page.get_by_label("転送先の名前").fill(NAME)
    page.get_by_label("転送先のアドレス（エンドポイント）").fill("lrs.example.jp")
    page.get_by_label("利用者キー").fill("key-1")
    page.get_by_label("シークレット").fill("secret-1")
    page.get_by_label("送る記録の「したこと」", exact=False).fill(SAID["verb"]["id"])
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_text("そのまま写してください").first).to_be_visible()
    picture(page, "new-mistaken")
    page.get_by_label("転送先のアドレス（エンドポイント）").fill(f"{store.endpoint}statements")
    page.get_by_label("シークレット").fill("secret-1")
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_text("ほかのシステム管理者の承認を待っています")).to_be_visible()


def confirmed(page: Page, button: str, confirm: str, name: str) -> None:
    """Press a button, and what confirms it in the dialog."""
    page.get_by_role("main").get_by_role("button", name=button, exact=True).first.click()
    picture(page, name)
    page.get_by_role("dialog").get_by_role("button", name=confirm, exact=True).click()


def reloaded_until(page: Page, words: str) -> None:
    """Open the page anew until it says something: the worker has its own time."""
    for _ in range(SOON_MS // 1000):
        if page.get_by_text(words).first.is_visible():
            return
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.get_by_text(words).first).to_be_visible()


def test_statements_go_on_to_another_store_once_two_have_agreed(
    visit: Callable[[str], Window], demonstration: Installation, store: Receiver
) -> None:
    one, other = visit("00102").page, visit("00101").page
    tell = speaker(one, demonstration.origin)
    register(one, store)
    one.get_by_role("button", name="接続を試す").click()
    expect(one.get_by_text("転送先につながりました")).to_be_visible()
    picture(one, "waits")
    other.goto(one.url)
    confirmed(other, "承認する", "承認する", "approve")
    expect(other.get_by_text("転送中").first).to_be_visible()

    key = tell(SAID)
    reloaded_until(one, "1件")
    assert list(store.kept) == [key]
    assert store.kept[key]["object"] == SAID["object"]

    store.status, store.said = 503, "We are closed."
    second = tell(SAID)
    reloaded_until(one, "転送先で障害が起きています")
    picture(one, "away")
    store.status, store.refuses, store.said = 200, {second: 400}, '{"error": "unknown course"}'
    one.get_by_role("button", name="いますぐ送り直す").click()
    reloaded_until(one, "unknown course")
    picture(one, "refused")
    store.refuses = {}
    one.get_by_role("button", name="の記録をもう一度送る").click()
    expect(one.get_by_text("1件を、もう一度送ります")).to_be_visible()
    reloaded_until(one, "2件")
    assert list(store.kept) == [key, second]

    confirmed(one, "転送を止める", "止める", "stop")
    expect(one.get_by_text("転送停止").first).to_be_visible()
    picture(one, "stopped")
    confirmed(one, "転送を終える", "終える", "end")
    expect(one.get_by_text("転送終了").first).to_be_visible()
    picture(one, "ended")

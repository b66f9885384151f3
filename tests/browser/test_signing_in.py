"""The steps of a sign-in, one after another, in Chromium: what each page says and leads to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import expect

from app.kernel import clock
from tests.browser import serving
from tests.browser.places import OFFICE
from tests.browser.serving import Installation
from tests.browser.test_pages import faults_of
from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demonstration")]
OWN = "受託者の長い合い言葉です"


def operator_of(served: Installation) -> tuple[str, str]:
    """Make an operator's account by the command; return its number and its first password."""
    variables = {**serving.environment(served.instance), "KENSHU_PORT": str(served.port)}
    until = (clock.today(clock.now()) + timedelta(days=30)).isoformat()
    told = serving.run(variables, "create-operator", "受託 みほん", "--until", until)
    number, password = told.split()
    return number, password


def on(window: Window, path: str) -> None:
    """Wait for a page, and find nothing wrong with it."""
    window.page.wait_for_url(f"**{path}")
    assert faults_of(window, "ja") == []


def set_up(window: Window) -> str:
    """Set the second factor up as the page says, by the key for typing; return the code used."""
    page = window.page
    page.goto("/second-factor/set-up")
    page.get_by_role("button", name="設定を始める").click()
    picture = page.get_by_role("img", name="認証アプリで読み取るQRコード")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 100
    on(window, "/second-factor/set-up")
    app = pyotp.TOTP(page.locator("dd").first.inner_text().replace(" ", ""))
    code = app.now()
    page.get_by_label("確認コード").fill(code)
    page.get_by_role("button", name="設定を終える").click()
    return code


@pytest.mark.requirement("SEC-03", "SEC-04")
def test_a_password_a_wording_and_a_second_factor_lead_to_the_page_that_was_wanted(
    demonstration: Installation, visit: Callable[[str], Window]
) -> None:
    number, password = operator_of(demonstration)
    window = visit("")
    page = window.page
    page.goto("/system")
    page.get_by_label("職員番号").fill(number)
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="サインイン").click()
    on(window, "/password")
    page.get_by_label("いまのパスワード").fill(password)
    for name in ("new", "again"):
        page.locator(f"input[name={name}]").fill(OWN)
    page.get_by_role("button", name="変更する").click()
    on(window, "/purposes")
    page.get_by_role("button", name="確認しました").click()
    on(window, "/system")

    used = set_up(window)
    expect(page.get_by_role("heading", name="予備のコード")).to_be_visible()
    codes = page.locator("main ol code").all_inner_texts()
    assert len(codes) == 10
    assert faults_of(window, "ja") == []
    window.sign_out()

    window.sign_in(number, OWN)
    on(window, "/second-factor")
    page.get_by_label("確認コード").fill(used)
    page.get_by_role("button", name="確認する").click()
    expect(page.get_by_role("alert")).to_contain_text("確認コードが違います")
    page.get_by_label("確認コード").fill(codes[0])
    page.get_by_role("button", name="確認する").click()
    page.wait_for_url("**/")

    office = visit(OFFICE)
    office.page.goto("/operators")
    office.page.get_by_role("link", name=number).click()
    expect(office.page.get_by_text("予備のコードを使用").first).to_be_visible()
    assert faults_of(office, "ja") == []


@pytest.mark.requirement("SEC-06", "UIX-09")
def test_a_shared_terminal_says_whose_page_it_is_and_is_ready_for_the_next(
    demonstration: Installation, visit: Callable[[str], Window]
) -> None:
    window = visit("")
    window.page.goto("/sign-in")
    window.page.get_by_label("職員番号").fill("00304")
    window.page.get_by_label("パスワード").fill(demonstration.accounts["00304"])
    window.page.get_by_label("共用の端末を使っている").check()
    window.page.get_by_role("button", name="サインイン").click()
    window.page.wait_for_url("**/")
    expect(window.page.get_by_text("いまは研修 花子さんの画面です")).to_be_visible()
    window.page.evaluate("localStorage.setItem('left', 'by the first')")
    window.sign_out()
    expect(window.page.get_by_label("共用の端末を使っている")).to_be_checked()
    expect(window.page.get_by_label("職員番号")).to_have_attribute("autocomplete", "off")
    assert window.page.evaluate("localStorage.getItem('left')") is None

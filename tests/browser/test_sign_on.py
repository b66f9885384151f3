"""Single sign-on in Chromium: by the provider's page to the page first asked for, and out again.

The provider is at 127.0.0.1 and the office at localhost: two sites, as in the world.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import serving
from tests.browser.places import LEARNER, OFFICE
from tests.browser.test_pages import LANGUAGES, faults_of
from tests.browser.window import Window
from tests.people.identity_providers.oidc import openid_provider
from tests.people.identity_providers.saml import saml_provider

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("sign_on"),
    pytest.mark.requirement("SEC-03"),
]
BUTTON = "職場のアカウントでサインイン"


@contextmanager
def served(instance: Path, told: dict[str, str]) -> Iterator[str]:
    """Serve the demonstration with these settings; yield its origin."""
    named = {f"KENSHU_{name.upper()}": text for name, text in told.items()}
    variables = {**serving.environment(instance), **named}
    with serving.served(variables, "serve", "--demo") as origin:
        yield origin


@pytest.fixture(scope="module", params=["oidc", "saml"])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """An office that has a provider."""
    instance = tmp_path_factory.mktemp("instance")
    if request.param == "oidc":
        with openid_provider() as openid, served(instance, openid.settings()) as origin:
            openid.callbacks.add(f"{origin}/oidc/callback")
            yield origin
    else:
        with saml_provider() as saml, served(instance, saml.write_metadata(instance)) as origin:
            with urllib.request.urlopen(f"{origin}/saml/metadata", timeout=10) as answer:
                saml.learn(answer.read())
            yield origin


@pytest.fixture
def window(chromium: Browser, office: str, windows: list[Window]) -> Window:
    """Somebody's browser on that office."""
    windows.append(Window(chromium, office))
    return windows[-1]


def prove(page: Page, account: str, *, do: str = "許可する") -> None:
    """Prove who one is on the provider's page."""
    expect(page.get_by_role("heading", name="架空区 認証基盤")).to_be_visible()
    page.get_by_label("アカウント").fill(account)
    page.get_by_role("button", name=do).click()


def test_the_page_first_asked_for_comes_after_the_providers(window: Window) -> None:
    page = window.page
    page.goto("/staff")
    page.get_by_role("link", name=BUTTON).click()
    prove(page, OFFICE)
    page.wait_for_url(f"{window.origin}/staff")
    expect(page.get_by_role("button", name="サインアウト").first).to_be_visible()
    assert [cookie["sameSite"] for cookie in window.context.cookies(window.origin)] == ["Lax"]
    page.go_back()  # past what has sent itself on, to the provider's own page
    assert page.url.startswith("http://127.0.0.1:")
    page.goto("/staff")
    assert page.url == f"{window.origin}/staff"


def test_signing_out_goes_by_the_provider_and_comes_back(window: Window) -> None:
    page = window.page
    page.goto("/sign-in")
    page.get_by_role("link", name=BUTTON).click()
    prove(page, LEARNER)
    page.wait_for_url(f"{window.origin}/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="サインアウト").first.click()
    expect(page.get_by_text("成功： サインアウトしました。")).to_be_visible()
    assert [url for url in asked if url.startswith("http://127.0.0.1:")]
    assert window.breaches == []
    page.goto("/")
    assert "/sign-in" in page.url


def test_the_way_needs_no_scripts(chromium: Browser, office: str) -> None:
    context = chromium.new_context(base_url=office, java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    page.goto("/sign-in?next=/history")
    page.get_by_role("link", name=BUTTON).click()
    prove(page, LEARNER)
    onward = page.get_by_role("button", name="続ける")
    there = page.get_by_role("button", name="サインアウト")
    onward.or_(there).first.wait_for()
    while onward.is_visible():
        with page.expect_navigation():
            onward.click()
    assert page.url == f"{office}/history"
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_pages_can_be_read_by_everybody(window: Window, language: str) -> None:
    page = window.page
    window.speak("ja")
    page.goto("/sign-in")
    window.speak(language)
    link = page.get_by_role("link", name=BUTTON).get_attribute("href") or ""
    page.reload()
    faults = faults_of(window, language)
    page.goto(link)
    prove(page, "99999")
    page.wait_for_url("**/finish")
    expect(page.locator("main")).to_contain_text("99999")
    assert faults + faults_of(window, language) == []


def test_the_answer_comes_from_another_site_without_our_cookie(window: Window) -> None:
    page = window.page
    sent: dict[str, str | None] = {}
    page.on(
        "request",
        lambda request: sent.update({request.url: request.all_headers().get("cookie")}),
    )
    page.goto("/sign-in")
    page.get_by_role("link", name=BUTTON).click()
    prove(page, LEARNER)
    page.wait_for_url(f"{window.origin}/")
    consumed = [cookie for url, cookie in sent.items() if url.endswith("/saml/acs")]
    finished = [cookie for url, cookie in sent.items() if url.endswith("/finish")]
    assert all(cookie is None or "kenshu=" not in cookie for cookie in consumed)
    assert len(finished) == 1
    assert "kenshu=" in (finished[0] or "")

"""One person's browser, and what can be asked of the page that it shows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

from app.kernel import language

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
#: Chromium as root needs the first; the others keep it from calling out.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def program() -> str | None:
    """Return the system's Chromium: the one without windows, a third lighter, where it is there."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    return next(filter(None, map(shutil.which, names)), None)


def start(playwright: Playwright, executable: str) -> Browser:
    """Start Chromium without a window."""
    return playwright.chromium.launch(executable_path=executable, args=FLAGS)


class Window:
    """One person's browser: a context of its own, whose faults fail the test."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self.origin = origin
        self.context: BrowserContext = browser.new_context(
            base_url=origin,
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            viewport={"width": 1280, "height": 900},
            accept_downloads=True,
        )
        self.context.set_default_timeout(15_000)
        self.faults: list[str] = []
        #: What the pages' policies have forbidden.
        self.breaches: list[str] = []
        self.context.on("weberror", lambda fault: self.faults.append(str(fault.error)))
        self.context.on("console", self._listen)
        self.page: Page = self.context.new_page()

    def _listen(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.breaches.append(message.text)

    def sign_in(self, number: str, password: str) -> None:
        """Sign in on the page, as a person does."""
        self.page.goto("/sign-in")
        self.page.get_by_label("職員番号").fill(number)
        self.page.get_by_label("パスワード").fill(password)
        self.page.get_by_role("button", name="サインイン").click()

    def sign_out(self) -> None:
        """Sign out on the page."""
        self.page.goto("/")
        self.page.get_by_role("button", name="サインアウト").click()
        self.page.wait_for_url("**/sign-in*")

    def speak(self, code: str) -> None:
        """Choose a language for the office, as its selector does."""
        self.context.add_cookies([{"name": language.COOKIE, "value": code, "url": self.origin}])

    def axe(self) -> list[str]:
        """Return what axe finds on the present page: rule, and where."""
        if not AXE.is_file():
            pytest.skip("axe-core is not installed: bin/test installs it")
        # The office's policy forbids foreign scripts; the test's own comes in by the debugger, and
        # from then on with each page: sent anew for each, it took a third of the time.
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
            self.context.add_init_script(path=AXE)
        found = self.page.evaluate(
            "async (options) => (await axe.run(options)).violations", AXE_OPTIONS
        )
        return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]

    def overflow(self) -> int:
        """Return by how many pixels the present page is wider than its window."""
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )

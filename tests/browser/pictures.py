"""`python -m tests.browser.pictures`: the guide's pictures, taken anew from the demonstration.

And its chapter that shows every page, written from the table of pages.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, expect, sync_playwright

from tests.browser import places, serving, walk
from tests.browser import window as windows
from tests.browser.places import AUTHOR, HEAD, LEARNER, OFFICE, PLACES, Place
from tests.browser.serving import Installation
from tests.browser.window import Window

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
FOLDER, SCREENS = GUIDE / "images", GUIDE / "screens.md"
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 360, "height": 740}
#: A longer page is cut here: a picture shows what a page is, not every row of it.
TALLEST = 1200
#: What has much to read is cut sooner: no picture is larger than 150 kB.
SHORTER = {
    "mail": 700,
    "audit": 900,
    "completion": 1000,
    "courses": 1000,
    "materials": 900,
    "results-of-run": 1000,
    "section-seats": 800,
    "self-check": 1000,
    "survey-sheet": 1000,
    "trace": 1000,
}
PLAIN, FIRE = "やさしい日本語研修", "防火研修"


def main() -> int:
    """Serve the demonstration, go to every page, and keep a picture of each."""
    program = windows.program()
    if program is None:
        sys.stderr.write("Chromium is not installed: bin/test installs it\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving.demonstrated(Path(folder)) as served,
        sync_playwright() as playwright,
    ):
        browser = windows.start(playwright, program)
        take_all(browser, served, Path(folder))
        browser.close()
    return 0


def take_all(browser: Browser, served: Installation, folder: Path) -> None:
    """Take every picture."""
    opened = {
        number: signed_in(browser, served, number) for number in (OFFICE, AUTHOR, HEAD, LEARNER)
    }
    opened[places.ANYBODY] = Window(browser, served.origin)
    keys = places.prepare(opened[OFFICE], opened[AUTHOR], opened[LEARNER], folder)
    titles: dict[str, str] = {}
    for place in PLACES:
        if place.endpoint.startswith("guide."):
            continue  # it is no picture of itself
        window = opened[place.readers[-1]]
        take_place(window, place, keys)
        # The first line: where a thing's state stands beside its name, it stands on the next.
        titles[place.name] = window.page.locator("h1").inner_text().splitlines()[0]
    SCREENS.write_text(screens(titles), encoding="utf-8")
    take(opened[OFFICE], "home-office", "/")
    steps_of_the_office(opened[OFFICE], keys)
    steps_of_the_learner(opened[LEARNER])
    steps_of_the_viewer(opened[LEARNER])


def screens(titles: Mapping[str, str]) -> str:
    """Return the chapter that shows every page; `titles` are the pages' headings by picture."""
    head = (
        "# 画面の一覧\n\n"
        "すべての画面の見本です。役割によって、開ける画面が違います。"
        "見本に出てくる職員と研修は、すべて架空のものです。\n"
    )
    shown = [
        f"\n## {title}\n\n![{title}の画面](images/{name}.png)\n" for name, title in titles.items()
    ]
    return head + "".join(shown)


def signed_in(browser: Browser, served: Installation, number: str) -> Window:
    """Return the browser of somebody who has signed in."""
    window = Window(browser, served.origin)
    window.sign_in(number, served.accounts[number])
    window.page.wait_for_url("**/")
    return window


def take_place(window: Window, place: Place, keys: dict[str, str]) -> None:
    """Take the picture of a page."""
    take(window, place.name, place.address.format_map(keys))


def take(window: Window, name: str, address: str) -> None:
    """Go to an address, and take its picture."""
    window.page.set_viewport_size(WIDE)
    window.page.goto(address)
    shoot(window, name)


def shoot(window: Window, name: str) -> None:
    """Keep what the window shows, down to the page's end or as far as a picture goes."""
    width = int(window.page.evaluate("innerWidth"))
    height = int(window.page.evaluate("document.documentElement.scrollHeight"))
    window.page.screenshot(
        path=FOLDER / f"{name}.png",
        full_page=True,
        animations="disabled",
        clip={"x": 0, "y": 0, "width": width, "height": min(height, SHORTER.get(name, TALLEST))},
    )


def steps_of_the_office(window: Window, keys: dict[str, str]) -> None:
    """Take the pages that are answers to a form: the check of a list, and first passwords."""
    page = window.page
    page.goto(f"{keys['draft']}/enrol")
    page.locator("textarea").fill("00202\n00203\n00302\n00999")
    page.get_by_role("button", name="確認へ進む").click()
    shoot(window, "enrol-check")
    page.goto("/trainings/new")
    page.get_by_role("button", name="登録する").click()
    shoot(window, "form-errors")


def steps_of_the_learner(window: Window) -> None:
    """Take the player, with its outline, without the line, and on a telephone."""
    page = window.page
    walk.launch(window, PLAIN)
    shoot(window, "player")
    page.get_by_role("button", name="目次").click()
    page.wait_for_timeout(300)
    shoot(window, "player-outline")
    page.keyboard.press("Escape")
    page.locator(":focus").blur()
    page.set_viewport_size(NARROW)
    page.wait_for_timeout(300)
    shoot(window, "player-360")
    page.set_viewport_size(WIDE)
    content, line = walk.frame_of(window), page.locator("#line")
    window.context.set_offline(True)
    content.get_by_role("button", name="次へ").click()
    expect(line).to_have_attribute("data-line", "offline", timeout=60_000)
    shoot(window, "player-offline")
    window.context.set_offline(False)
    expect(line).to_have_attribute("data-line", "saved", timeout=60_000)
    walk.leave(window)
    page.set_viewport_size(NARROW)
    page.goto("/")
    shoot(window, "home-360")


def steps_of_the_viewer(window: Window) -> None:
    """Take the page of a video while it plays."""
    page = window.page
    page.set_viewport_size(WIDE)
    page.goto("/")
    page.get_by_role("button", name=re.compile(f"{FIRE}を(受講する|続ける)")).click()
    expect(page.locator("main[data-ready]")).to_be_attached()
    page.locator("#start").click()
    page.wait_for_function("() => document.querySelector('video').currentTime > 4")
    shoot(window, "video-player")


if __name__ == "__main__":
    sys.exit(main())

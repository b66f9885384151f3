"""ADL's cases in the real player: what is delivered, what its buttons offer, what the API answers.

The pages of the cases drive themselves by an applet that no browser runs any more: in their place
stands an empty page, and the test makes its calls from there, as content does.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, Request, Route

from tests.conformance import scorm2004
from tests.conformance.installation import Office, playing
from tests.conformance.scorm2004 import Difference

SUITE = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "scorm2004-cts"
#: How many of the cases of sequencing are played: those with the most deliveries.
SEQUENCING = 5
PATIENCE = 15.0
#: What a learner can do by the player's own buttons, besides leaving it at the end.
BY_BUTTON = {None, "Continue", "Previous", "Choice"}
BLANK = "<!doctype html><title>content</title>"

MAKE_CALLS = scorm2004.CONTENT.read_text("utf-8").partition("export ")[2]
CALLS = f"(calls) => ({MAKE_CALLS})(window.parent.API_1484_11, calls)"
UNLOAD = """(calls) => addEventListener("unload", () => {
  for (const [name, ...given] of calls) window.parent.API_1484_11[name](...given);
})"""
EXIT = """async (step) => {
  const body = JSON.stringify({ step, request: "exitAll" });
  return (await fetch("navigate", { method: "POST", body })).json();
}"""
STATE = """() => {
  const part = (id) => document.getElementById(id);
  const offers = (id) => !part(id).hidden && !part(id).disabled;
  const { item, stay, turn } = part("main").dataset;
  const choices = [...document.querySelectorAll("#outline-items button")];
  return {
    item: item || null, stayed: stay, turn: Number(turn ?? 0),
    next: offers("next"), previous: offers("previous"),
    choices: choices.map((each) => (each.querySelector("span") ?? each).textContent),
  };
}"""


class Screen:
    """A learner at the player's page, asked as the driver in Node is."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._titles: dict[str, str] = {}
        self._content: Frame = page.main_frame
        self._steps = 0
        page.on("request", self._count)
        page.route("**/content/**", self._blank)

    def _count(self, request: Request) -> None:
        self._steps += request.url.endswith("/navigate")

    @staticmethod
    def _blank(route: Route) -> None:
        route.fulfill(body=BLANK, content_type="text/html")

    def ask(self, op: str, **given: Any) -> dict[str, Any]:
        """Do what a command says, by the page's own means."""
        found: dict[str, Any] = getattr(self, f"_{op}")(**given)
        return found

    def _calls(self, calls: list[list[str]]) -> dict[str, Any]:
        return {"answers": self._content.evaluate(CALLS, calls)}

    def _find_content(self) -> Frame:
        """Return the frame of the content that has just been delivered, once it is there."""
        handle = self._page.locator("#content").element_handle()
        assert handle is not None
        found = handle.content_frame()
        assert found is not None
        found.wait_for_url("**/content/**")
        return found

    def _launch(self, address: str, chosen: str | None) -> dict[str, Any]:
        self._steps = 0
        self._page.goto(address)
        setup = json.loads(self._page.locator("#setup").inner_text())
        self._titles = dict(scorm2004.titles(setup["outline"]))
        state = self._turned(0)
        names = {key: title for title, key in self._titles.items()}
        assert chosen in (None, names[state["item"]])
        return {**state, "outline": setup["outline"], "root": setup["root"]}

    def _turned(self, before: int) -> dict[str, Any]:
        """Wait until the page shows something else, and tell what."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = self._page.evaluate(STATE)
            if found["turn"] > before and found["item"]:
                self._content = self._find_content()
                return self._told(found)
            if found["turn"] > before:
                return self._told(found)
            self._page.wait_for_timeout(20)
        raise Difference("the page shows nothing new")

    def _told(self, found: dict[str, Any]) -> dict[str, Any]:
        choices = [self._titles[title] for title in found["choices"]]
        return {
            **found,
            "hidden": [],
            "controls": {
                "continue": found["next"],
                "previous": found["previous"],
                "choices": choices,
                "hidden": [],
            },
        }

    def _end(self, calls: list[list[str]]) -> dict[str, Any]:
        before = self._page.evaluate(STATE)["turn"]
        self._calls(calls)
        return self._turned(before)

    def _unload(self, calls: list[list[str]]) -> dict[str, Any]:
        self._content.evaluate(UNLOAD, calls)
        return {}

    def _go(self, request: str) -> dict[str, Any]:
        before = self._page.evaluate(STATE)["turn"]
        if request == "exitAll":
            return self._exit()
        if request in ("continue", "previous"):
            self._page.click("#next" if request == "continue" else "#previous")
        else:
            target = request.removeprefix("{target=").removesuffix("}choice")
            title = next(name for name, key in self._titles.items() if key == target)
            self._page.click("#open-outline")
            self._page.locator("#outline-items button").filter(has_text=title).first.click()
        return self._turned(before)

    def _exit(self) -> dict[str, Any]:
        """End the session, as an LMS's own exit does; the player's button suspends what is open."""
        answer = self._page.evaluate(EXIT, self._steps + 1)
        return {"item": None, "stayed": "ended" if answer["ended"] else "left"}


def _is_of_sequencing(case: dict[str, Any]) -> bool:
    """Whether a case goes from a plain start to its end by the player's own buttons."""
    *between, last = [activity["then"] for activity in case["activities"]]
    keys = {then["key"] if then else None for then in between}
    roots = [then for then in between if then and "root" in then["instruction"]]
    is_plain = case["instructions"]["start"] == "." and len(case["packages"]) == 1
    return is_plain and keys <= BY_BUTTON and not roots and last["key"] == "Exit"


def _cases() -> dict[str, dict[str, Any]]:
    found = [json.loads(path.read_text("utf-8")) for path in sorted(SUITE.glob("cases/*.json"))]
    calls = [
        case for case in found if case["instructions"]["purpose"] in ("purposeAPI", "purposeDMI")
    ]
    shared = [case for case in found if len(case["packages"]) > 1]
    sequencing = sorted(filter(_is_of_sequencing, found), key=lambda case: -len(case["activities"]))
    return {case["id"]: case for case in (*calls, *shared, *sequencing[:SEQUENCING])}


CASES = _cases()

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("installations"),
    pytest.mark.skipif(not CASES, reason="ADL's test suite is not beside the checkout"),
    pytest.mark.requirement("TRK-01"),
]


@pytest.fixture(scope="module")
def played() -> Iterator[Any]:
    """An installation with the packages of the cases."""
    names = sorted({name for case in CASES.values() for name in case["packages"]})
    with playing([SUITE / "zips" / name for name in names]) as found:
        yield found


@pytest.mark.parametrize("name", CASES)
def test_the_player_does_as_the_case_expects(name: str, played: Any, chromium: Browser) -> None:
    context = chromium.new_context(locale="ja-JP")
    faults: list[str] = []
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    try:
        case = scorm2004.Case(CASES[name], played, Office(played), Screen(context.new_page()))
        case.play()
        assert faults == []
    finally:
        context.close()

"""Without a mouse: everything is reached by the keyboard, and what is reached shows it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import walk
from tests.browser.places import OFFICE
from tests.browser.test_player import OTHER, PLAIN, TEST, is_saved, shown
from tests.browser.window import Window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("demonstration"),
    pytest.mark.requirement("UIX-05"),
]
#: The innermost element with the focus, through frames; what it is called, and whether it shows.
FOCUSED = """() => {
    let scope = document;
    while (scope.activeElement?.contentDocument) scope = scope.activeElement.contentDocument;
    const focused = scope.activeElement;
    const style = getComputedStyle(focused);
    return {
        isContent: scope !== document,
        name: focused.name || "",
        text: focused === scope.body ? "" : focused.getAttribute("aria-label") || focused.innerText,
        hasRing: focused === scope.body
            || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
    };
}"""


def reach(window: Window, wanted: str | re.Pattern[str], *, in_content: bool = False) -> None:
    """Press Tab until what is wanted has the focus; each stop on the way shows it.

    `in_content`: the player has controls of the same name, which are passed.
    """
    for _ in range(80):
        focused = window.page.evaluate(FOCUSED)
        if isinstance(wanted, str) and focused["name"] == wanted:
            return
        is_there = focused["isContent"] or not in_content
        if isinstance(wanted, re.Pattern) and is_there and wanted.search(focused["text"].strip()):
            return
        window.page.keyboard.press("Tab")
        stop = window.page.evaluate(FOCUSED)
        assert stop["hasRing"], f"no focus is seen on {stop}"
    raise AssertionError(f"the keyboard does not reach {wanted}")


def test_a_learner_without_a_mouse_gets_through_the_quiz(visit: Callable[[str], Window]) -> None:
    window = visit(OTHER)
    page = window.page
    reach(window, re.compile(f"{PLAIN}を(受講する|続ける)"))
    page.keyboard.press("Enter")
    walk.content(window)
    reach(window, re.compile("目次$"))
    page.keyboard.press("Enter")
    reach(window, re.compile(TEST))
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_have_attribute("title", TEST)
    content = walk.content(window)
    reach(window, re.compile("^次へ$"), in_content=True)
    page.keyboard.press("Enter")
    assert shown(content) == "questions"
    for question in content.locator("form fieldset:visible").all():
        reach(window, question.locator("input").first.evaluate("(input) => input.name"))
        page.keyboard.press("Space")
    reach(window, re.compile("採点する"))
    page.keyboard.press("Enter")
    expect(content.locator("[data-score]")).to_have_text(re.compile(r"^\d+$"))
    is_saved(window)
    reach(window, re.compile("中断して戻る"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{window.origin}/**")


def test_pages_that_are_gone_through_by_keyboard_show_the_focus(
    visit: Callable[[str], Window],
) -> None:
    window = visit(OFFICE)
    for path in ("/", "/trainings", "/staff", "/materials", "/trainings/new", "/imports/staff"):
        window.page.goto(path)
        for _ in range(15):
            window.page.keyboard.press("Tab")
            focused = window.page.evaluate(FOCUSED)
            assert focused["hasRing"], f"{path}: no focus is seen on {focused}"

"""A learner in a hurry: opens an assignment, goes through all that can be opened, and leaves."""

from __future__ import annotations

import uuid
from pathlib import Path

from playwright.sync_api import Dialog, Error, Frame, Page

from tests.browser.window import Window
from tests.conformance.installation import Office
from tests.conformance.watching import Seen, Watch

PRESS = Path(__file__).with_name("press.js").read_text(encoding="utf-8")
MOST_ITEMS = MOST_CLICKS = 40
#: Who comes to one item so often goes round in a circle: remediation that takes no wrong answer.
MOST_VISITS = 3
_DELIVERED = """() => {
    const main = document.getElementById("main");
    return main?.getAttribute("aria-busy") === "false" && document.getElementById("loading").hidden;
}"""
#: Place of the next entry of the outline that can be chosen, after the present one; -1 for none.
_FOLLOWING = """() => {
    const leaves = [...document.querySelectorAll("#outline-items .leaf")];
    const current = leaves.findIndex((leaf) => leaf.ariaCurrent === "true");
    return leaves.findIndex((leaf, at) => at > current && leaf.tagName === "BUTTON");
}"""


class Stuck(Exception):
    """The player shows no content, though there should be some."""


class Hurry:
    """One learner at one browser."""

    def __init__(
        self, window: Window, office: Office, watch: Watch, most_items: int = MOST_ITEMS
    ) -> None:
        self.window = window
        self.office = office
        self.watch = watch
        self.most_items = most_items
        window.context.on("dialog", self._agree)

    def play(self, assignment: uuid.UUID, seen: Seen, *, through: bool) -> None:
        """Open an assignment, go `through` it or only look, leave; fill `seen` with what passes.

        Raises Stuck where no content is shown, or the player does not let go.
        """
        self.watch.seen, page = seen, self.window.page
        try:
            page.goto(self.office.launch(assignment), wait_until="commit")
            self._arrive(page)
            if not seen.delivered:
                raise Stuck(f"nothing is shown: {page.locator('#notice-title').inner_text()}")
            if through:
                self._go_through(page, seen)
            self._leave(page)
        except (Error, AssertionError) as error:  # the office's answer is asserted
            raise Stuck(str(error).partition("\n")[0]) from error
        finally:
            for window in self.window.context.pages:
                if window != page:
                    window.close()

    def _arrive(self, page: Page) -> None:
        page.wait_for_function(_DELIVERED)
        self.watch.settle(page)

    def _go_through(self, page: Page, seen: Seen) -> None:
        for _ in range(self.most_items):
            before = len(seen.delivered)
            if seen.delivered.count(seen.delivered[-1]) >= MOST_VISITS:
                return
            self._press_content(page, seen)
            if len(seen.delivered) == before and not self._go_on(page):
                return
            self._arrive(page)

    def _press_content(self, page: Page, seen: Seen) -> None:
        """Press what the content offers, until there is no more or it has gone on by itself."""
        before = len(seen.delivered)
        for _ in range(MOST_CLICKS):
            steps = ("onward", "answer", "submit")
            windows = self.window.context.pages
            frames = [
                frame
                for each in windows
                for frame in each.frames
                if frame.parent_frame or each != page
            ]
            if not any(_press(frame, step) for step in steps for frame in frames):
                return
            self._arrive(page)
            if len(seen.delivered) != before or page.locator("#notice").is_visible():
                return

    def _go_on(self, page: Page) -> bool:
        """Take the player's own way on; return whether there is one."""
        for name in ("#notice-next", "#next"):
            button = page.locator(name)
            if button.is_visible() and button.is_enabled():
                button.click()
                return True
        if page.locator("#open-outline").is_hidden():
            return False
        page.locator("#open-outline").click()
        at = int(page.evaluate(_FOLLOWING))
        if at < 0:
            page.keyboard.press("Escape")
            return False
        page.locator("#outline-items .leaf").nth(at).click()
        return True

    def _agree(self, dialog: Dialog) -> None:
        if dialog.type == "alert":
            self.watch.seen.theirs.append(f"alert: {' '.join(dialog.message.split())}")
        dialog.accept()

    def _leave(self, page: Page) -> None:
        is_told = page.locator("#notice-leave").is_visible()
        page.locator("#notice-leave" if is_told else "#leave").click()
        page.wait_for_url(f"{self.window.origin}/**", wait_until="domcontentloaded")


def _press(frame: Frame, what: str) -> bool:
    try:
        return bool(frame.evaluate(PRESS, what))
    except Error:  # the frame has gone meanwhile
        return False

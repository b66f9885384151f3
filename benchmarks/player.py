"""GetValue and SetValue a second in Chromium, in the player as a learner has it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.figures import tell
from content_packages.samples import build
from tests.browser import window
from tests.conformance.installation import Office, playing

CALLS = 100_000
#: A value changes with each call; as in real content most of what is kept stays as it is.
RATE = """([name, elements, calls]) => {
  const api = window.API ?? window.API_1484_11;
  const began = performance.now();
  for (let at = 0; at < calls; at += 1) api[name](elements[at % elements.length], String(at % 100));

  const error = (api.GetLastError ?? api.LMSGetLastError)();
  if (error !== "0") throw new Error(`error ${error}`);
  return (1000 * calls) / (performance.now() - began);
}"""
#: Content has begun its session when it may set a value.
API = "(window.API ?? window.API_1484_11)"
OF = {
    "security_basics": ("LMSGetValue", "LMSSetValue", ["cmi.core.lesson_location", "cmi.comments"]),
    "plain_japanese": ("GetValue", "SetValue", ["cmi.location", "cmi.score.raw"]),
}


def measure() -> None:
    """Tell both rates for either version, with 20,000 characters of suspend_data set."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        packages = {name: build.build(name, Path(folder)) for name in OF}
        executable = window.program()
        if executable is None:
            raise SystemExit("no Chromium on this machine: bin/test installs it")
        browser = window.start(playwright, executable)
        with playing(list(packages.values())) as played:
            office = Office(played)
            for name, (get, set_, elements) in OF.items():
                page = browser.new_page()
                page.goto(office.launch(played.assignments[packages[name].name]))
                started = f"{API}?.{set_}('cmi.suspend_data', '記'.repeat(20000)) === 'true'"
                # The page's policy allows no code of ours in a waiting loop of its own.
                while not page.evaluate(started):
                    page.wait_for_timeout(200)
                    if page.locator("#next").is_visible() and page.evaluate(f"!{API}"):
                        page.click("#next")  # an item that keeps no record finds no API
                for call in (set_, get):
                    rate = page.evaluate(RATE, [call, elements, CALLS])
                    tell(f"player.{call}", rate, "calls/s", browser="Chromium")
                page.close()
        browser.close()

"""Running installations, and the browsers that look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import serving
from tests.browser.serving import Installation
from tests.browser.window import Window

__all__ = ["Installation", "Window"]


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An empty installation with one administrator."""
    with serving.administered(tmp_path_factory.mktemp("instance")) as served:
        yield served


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demonstration, as `kenshu serve --demo` loads it."""
    with serving.demonstrated(tmp_path_factory.mktemp("demonstration")) as served:
        yield served


@pytest.fixture
def windows() -> Iterator[list[Window]]:
    """Windows that a test has opened, closed and checked at its end."""
    opened: list[Window] = []
    yield opened
    for each in opened:
        each.context.close()
    assert [fault for each in opened for fault in each.faults] == []


@pytest.fixture
def open_window(
    chromium: Browser, installation: Installation, windows: list[Window]
) -> Callable[[], Window]:
    """Return a function that opens one more person's browser on the empty installation."""

    def open_one() -> Window:
        windows.append(Window(chromium, installation.origin))
        return windows[-1]

    return open_one


@pytest.fixture
def visit(
    chromium: Browser, demonstration: Installation, windows: list[Window]
) -> Callable[[str], Window]:
    """Return a function that signs somebody in at the demonstration; "" opens a browser only."""

    def open_one(number: str) -> Window:
        windows.append(Window(chromium, demonstration.origin))
        if number:
            windows[-1].sign_in(number, demonstration.accounts[number])
            windows[-1].page.wait_for_url("**/")
        return windows[-1]

    return open_one

"""Every page, as everybody who sees it: accessible, no wider than its window; and in English."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app import factory
from app.kernel import db
from app.kernel.settings import Settings
from tests.browser import places
from tests.browser.places import ANYBODY, AUTHOR, LEARNER, NO_PAGES, OFFICE, PLACES, Place
from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demonstration")]
WIDTHS = (360, 640, 1024, 1280, 1920)
LANGUAGES = ("ja", "en")
#: In the second language the words alone differ: the suite sees that they fit, and leaves the rest
#: to `make pages`, which takes minutes.
IS_WHOLE = os.environ.get("KENSHU_PAGES") == "whole"
#: At which widths a page is measured in each language, and at which axe looks.
MEASURED = {"ja": WIDTHS, "en": WIDTHS if IS_WHOLE else (360, 1280)}
WIDTHS_OF_AXE = {"ja": (360, 1280) if IS_WHOLE else (360,), "en": (360, 1280) if IS_WHOLE else ()}
#: Pages of the content's origin, which test_player.py looks at, those amid a sign-in or of an
#: operator, which test_signing_in.py goes through, and an erasure's, of test_erasure.py.
ELSEWHERE = {
    "content.page",
    "watching.page",
    # Of a course of units: seen by the walk of courses.
    "course_page.page",
    "course_page.returned",
    "waivers.ask",
    "second_factor.ask",
    "operators.operator",
    "retention.erasure",
    # In a portal's frame, or led to from there: seen by the walk of portals.
    "lti.login_of",
    "portal_links.link",
    "portal_links.left",
    "portal_learners.mine",
    "portal_registering.ask",
}


@pytest.fixture(scope="session")
def keys(demonstration: object, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the addresses of the places are filled with; filled by the first test that needs it."""
    return {}


@pytest.fixture
def known(keys: dict[str, str], visit: Callable[[str], Window], tmp_path: Path) -> dict[str, str]:
    if not keys:
        keys.update(places.prepare(visit(OFFICE), visit(AUTHOR), visit(LEARNER), tmp_path))
    return keys


def test_every_page_has_a_place_in_the_table(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path, secret_key="for tests", demo=True)
    database = db.connect("sqlite://")
    pages = {
        rule.endpoint
        for make in (factory.create_app, factory.create_content_app)
        for rule in make(settings, database).url_map.iter_rules()
        if "GET" in (rule.methods or ())
    }
    database.engine.dispose()
    listed = {place.endpoint for place in PLACES if place.endpoint}
    assert pages - NO_PAGES.keys() - ELSEWHERE == listed
    assert NO_PAGES.keys() < pages


@pytest.mark.requirement("UIX-05")
@pytest.mark.parametrize(
    ("reader", "language"),
    [
        *((reader, "ja") for reader in (ANYBODY, *places.STAFF)),
        *((reader, "en") for reader in (ANYBODY, *places.STAFF)),
    ],
)
def test_every_page_can_be_read_by_everybody_who_sees_it(
    known: dict[str, str], visit: Callable[[str], Window], reader: str, language: str
) -> None:
    window = visit(reader)
    window.speak(language)
    # In the second language each page is looked at once.
    seen = [
        place
        for place in PLACES
        if reader in (place.readers if language == "ja" else place.readers[:1])
    ]
    assert seen
    faults = [
        f"{place.name} {fault}" for place in seen for fault in look(window, place, known, language)
    ]
    assert faults == []


def look(window: Window, place: Place, keys: dict[str, str], language: str) -> list[str]:
    """Open a place and return what is wrong with it."""
    window.breaches.clear()
    answer = window.page.goto(place.address.format_map(keys))
    assert answer
    faults = [] if answer.status == place.status else [f"answers {answer.status}"]
    return [*faults, *faults_of(window, language)]


def faults_of(window: Window, language: str) -> list[str]:
    """Return what is wrong with the present page at every width."""
    page = window.page
    faults = [f"has {count} h1" for count in [page.locator("h1").count()] if count != 1]
    spoken = page.locator("html").get_attribute("lang")
    faults += [f"says it speaks {spoken}"] if spoken != language else []
    for width in MEASURED[language]:
        page.set_viewport_size({"width": width, "height": 900})
        beyond = window.overflow()
        faults += [f"is {beyond} px too wide at {width}"] if beyond > 0 else []
        if width in WIDTHS_OF_AXE[language]:
            faults += [f"at {width}: {found}" for found in window.axe()]
    return faults + window.breaches

"""The player in a window of its own, and in a frame of another site."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.content.materials import service as materials
from app.content.materials.models import Material
from app.content.materials.queries import PlayOptions
from app.kernel import clock, db
from app.kernel.actor import Actor
from content_packages.samples import build
from tests.browser import serving
from tests.conformance.installation import Office, Played, prepared

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("installations")]


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    """An installation with one package of SCORM 1.2, not yet served."""
    with prepared([build.build("security_basics", tmp_path)]) as found:
        yield found


def launch(played: Played) -> str:
    """Return the address of a new launch of the one package."""
    [assignment] = played.assignments.values()
    return Office(played).launch(assignment)


def test_content_in_a_window_of_its_own_finds_its_api_and_is_recorded(
    played: Played, chromium: Browser
) -> None:
    database = db.connect(played.database)
    with database.unit_of_work() as session:
        [material] = session.query(Material)
        by = Actor(person_id=material.created_by)
        materials.set_play(session, material.id, PlayOptions(window="new"), by=by, now=clock.now())
    database.engine.dispose()
    with serving.served(played.environment, "serve"):
        context = chromium.new_context(locale="ja-JP")
        page = context.new_page()
        page.goto(launch(played))
        with context.expect_page() as opened:
            page.get_by_role("button", name="教材を開く").click()
        content = opened.value
        expect(content.locator("body")).not_to_be_empty()
        credit = "window.opener.API.LMSGetValue('cmi.core.credit')"
        content.wait_for_load_state()
        while content.evaluate(credit) != "credit":
            content.wait_for_timeout(50)  # until the content has begun its session
        content.evaluate("opener.API.LMSSetValue('cmi.core.lesson_location', 'p3')")
        content.evaluate("opener.API.LMSCommit('')")
        page.wait_for_selector("#line[data-line=saved]")
        page.get_by_role("button", name="中断して戻る").click()
        page.wait_for_url("**/assignments/**")
        context.close()


def test_another_site_may_show_the_player_only_where_the_settings_name_it(
    played: Played, chromium: Browser, tmp_path: Path
) -> None:
    with Portal(tmp_path) as portal:
        environment = {**played.environment, "KENSHU_FRAME_ORIGINS": portal}
        for variables, is_shown in ((environment, True), (played.environment, False)):
            with serving.served(variables, "serve"):
                context = chromium.new_context(locale="ja-JP")
                page = context.new_page()
                (tmp_path / "index.html").write_text(
                    f'<iframe src="{launch(played)}" width="900" height="600"></iframe>'
                )
                page.goto(f"{portal}/index.html")
                assert _is_played(page) == is_shown
                context.close()


def _is_played(page: Page) -> bool:
    """Whether content runs in the frame, and has begun its session there."""
    page.wait_for_timeout(500)
    [frame] = [each for each in page.frames if each.parent_frame == page.main_frame]
    if frame.locator("#main").count() == 0:
        return False
    frame.locator("main[data-item]:not([data-item=''])").wait_for()
    while not frame.evaluate("Boolean(window.API) && API.LMSGetValue('cmi.core.credit') !== ''"):
        page.wait_for_timeout(50)
    return True


class Portal:
    """A site of somebody else's: another port of another name is another site."""

    def __init__(self, folder: Path) -> None:
        handler = partial(_Quiet, directory=str(folder))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""

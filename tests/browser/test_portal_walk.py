"""A portal's learner in a frame of another site, without cookies: course, score, again."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from tests.browser.conftest import Window
from tests.browser.serving import Installation

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("demonstration"),
    pytest.mark.requirement("LTI-02", "LTI-03", "LTI-06"),
]
COURSE = "情報セキュリティの基本"
ROOT = Path(__file__).parents[2]
#: A frame of another site, in a browser that keeps nothing for such.
NO_STORAGE = """
if (window.top !== window) {
  for (const name of ["sessionStorage", "localStorage"]) {
    Object.defineProperty(window, name, {
      get() { throw new DOMException("blocked", "SecurityError"); },
    });
  }
}
"""
NO_COOKIES = """
if (window.top !== window) Object.defineProperty(document, "cookie", { get: () => "" });
"""


class OpenEdx:
    """Open edX in a process of its own."""

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def stored(self) -> dict[str, Any]:
        """Return what it was told."""
        with urllib.request.urlopen(f"{self.origin}/stored") as answer:
            found: dict[str, Any] = json.load(answer)
            return found


@pytest.fixture(scope="module")
def edx(demonstration: Installation) -> Iterator[OpenEdx]:
    command = [sys.executable, "-m", "tests.lti.openedx", demonstration.origin]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield OpenEdx(f"http://127.0.0.1:{process.stdout.readline().strip()}")
        process.terminate()


@pytest.fixture(scope="module")
def joined() -> dict[str, str]:
    """The address of the course; filled by the first test that needs it."""
    return {}


@pytest.fixture
def target(
    visit: Callable[[str], Window],
    demonstration: Installation,
    edx: OpenEdx,
    joined: dict[str, str],
) -> str:
    """The address of the course, once two administrators have joined the portal."""
    if not joined:
        course = join(visit, demonstration, edx)
        joined["address"] = f"{demonstration.origin}/lti/materials/{course}"
    return joined["address"]


def join(visit: Callable[[str], Window], demonstration: Installation, edx: OpenEdx) -> str:
    """Have two administrators join the portal on their pages; return the course's key."""
    one, other = visit("00102").page, visit("00101").page
    one.goto("/portals")
    one.get_by_role("main").get_by_role("link", name="ポータルを登録する").first.click()
    for label, value in (
        ("接続先の名前", "Open edX"),
        ("発行者（Issuer）", edx.origin),
        ("クライアントID", "client-edx"),
        ("ログインのアドレス", f"{edx.origin}/auth"),
        ("トークンのアドレス", f"{edx.origin}/token"),
        ("公開鍵のアドレス", f"{edx.origin}/keys"),
        ("配置の番号（Deployment ID）", "1"),
    ):
        one.get_by_label(label, exact=True).fill(value)
    one.get_by_role("button", name="登録する").click()
    expect(one.get_by_text("ほかのシステム管理者の承認を待っています")).to_be_visible()
    one.get_by_role("link", name="開ける教材を変える").click()
    one.get_by_label("公開しているすべての教材", exact=False).check()
    one.get_by_role("button", name="保存する").click()
    other.goto(one.url)
    other.get_by_role("button", name="承認する").click()
    other.get_by_role("dialog").get_by_role("button", name="承認する").click()
    expect(other.get_by_text("接続中").first).to_be_visible()
    one.goto("/materials")
    address = one.get_by_role("link", name=COURSE).get_attribute("href") or ""
    assert demonstration.origin
    return address.rpartition("/")[2]


def block_third_parties(page: Page) -> None:
    """Have the browser refuse cookies of other sites, as its setting does."""
    page.context.new_cdp_session(page).send(
        "Network.setCookieControls",
        {
            "enableThirdPartyCookieRestriction": True,
            "disableThirdPartyCookieMetadata": True,
            "disableThirdPartyCookieHeuristics": True,
        },
    )


def frame(page: Page) -> FrameLocator:
    """Return what the portal's page frames."""
    return page.frame_locator("iframe")


def content(page: Page) -> FrameLocator:
    """Return the content in the player in the portal's frame."""
    return frame(page).frame_locator("#content")


def take(page: Page) -> None:
    """Read the course to its test, and answer all of it rightly."""
    here = content(page)
    heading = here.get_by_role("heading", name="5問に答えてください")
    while not heading.is_visible():
        here.get_by_role("button", name="次へ", exact=True).click()
    for question in here.locator("fieldset[data-question]").all():
        right = question.get_attribute("data-correct")
        question.locator(f"input[value={right}]").check()
    here.get_by_role("button", name="採点する").click()
    expect(frame(page).locator("#line")).to_have_attribute("data-line", "saved", timeout=20_000)


def open_link(page: Page, edx: OpenEdx, target: str, **asked: str) -> None:
    """Open a link on a page of the course."""
    page.goto(f"{edx.origin}/course?{urlencode({'link': 'link-1', 'target': target, **asked})}")


def scores(page: Page, edx: OpenEdx, user: str, count: int) -> list[dict[str, Any]]:
    """Return what the portal has of somebody, once it has so many."""
    for _ in range(100):
        found = [each for each in edx.stored()["scores"] if each["userId"] == user]
        if len(found) >= count:
            return found
        page.wait_for_timeout(300)
    raise AssertionError(edx.stored())


def test_a_course_is_taken_in_a_frame_without_cookies_and_its_score_comes_back(
    visit: Callable[[str], Window], edx: OpenEdx, target: str
) -> None:
    window = visit("")
    page = window.page
    block_third_parties(page)
    open_link(page, edx, target, user="person-1")
    expect(content(page).get_by_role("heading", name="区民の情報を")).to_be_visible()
    assert [each["name"] for each in window.context.cookies(target)] == []
    (begun,) = scores(page, edx, "person-1", 1)
    assert (begun["activityProgress"], begun["gradingProgress"]) == ("InProgress", "Pending")
    content(page).get_by_role("button", name="次へ", exact=True).click()
    frame(page).get_by_role("button", name="中断して戻る").click()
    expect(frame(page).get_by_role("heading", name="保存しました")).to_be_visible()
    beside = page.frames[1].url
    frame(page).get_by_role("link", name="ポータルに戻る").click()
    expect(frame(page).get_by_role("heading", name="back in the course")).to_be_visible()

    # A second launch in the same browser goes on where it was left.
    open_link(page, edx, target, user="person-1")
    expect(content(page).get_by_role("heading", name="区民の情報を")).to_be_hidden()
    take(page)
    *_, last = scores(page, edx, "person-1", 2)
    assert (last["scoreGiven"], last["scoreMaximum"]) == (100.0, 100.0)
    assert (last["activityProgress"], last["gradingProgress"]) == ("Completed", "FullyGraded")
    assert len(edx.stored()["items"]) == 1
    assert window.breaches == []
    can_be_read(window, beside)


def test_a_browser_that_keeps_nothing_for_frames_opens_a_new_window(
    visit: Callable[[str], Window], edx: OpenEdx, target: str
) -> None:
    window = visit("")
    page = window.page
    page.add_init_script(NO_STORAGE)
    page.add_init_script(NO_COOKIES)
    open_link(page, edx, target, user="person-2")
    button = frame(page).get_by_role("button", name="新しい画面で開く")
    expect(button).to_be_visible()
    with window.context.expect_page() as opened:
        button.click()
    course = opened.value.frame_locator("#content")
    expect(course.get_by_role("heading", name="区民の情報を")).to_be_visible()


def test_where_only_the_frames_storage_is_kept_it_is_enough(
    visit: Callable[[str], Window], edx: OpenEdx, target: str
) -> None:
    page = visit("").page
    page.route("**/auth?*", lose_cookies)
    open_link(page, edx, target, user="person-3")
    expect(content(page).get_by_role("heading", name="区民の情報を")).to_be_visible()


def test_where_nothing_is_kept_the_portals_own_storage_is_enough(
    visit: Callable[[str], Window], edx: OpenEdx, target: str
) -> None:
    page = visit("").page
    page.add_init_script(NO_STORAGE)
    page.add_init_script(NO_COOKIES)
    page.route("**/auth?*", lose_cookies)
    open_link(page, edx, target, user="person-5", storage="1")
    expect(content(page).get_by_role("heading", name="区民の情報を")).to_be_visible()


def lose_cookies(route: Route) -> None:
    """Go on as a browser that has kept no cookie."""
    page = route.request.frame.page
    page.context.clear_cookies()
    route.continue_()


def test_a_teacher_chooses_a_material_and_its_link_opens_it(
    visit: Callable[[str], Window], edx: OpenEdx, target: str
) -> None:
    window = visit("")
    page = window.page
    block_third_parties(page)
    open_link(page, edx, "", user="teacher-1", role="instructor", choose="1")
    expect(frame(page).get_by_role("heading", name="教材を選ぶ")).to_be_visible()
    frame(page).get_by_label("教材名").fill("セキュリティ")
    frame(page).get_by_role("button", name="検索する").click()
    expect(frame(page).get_by_label("やさしい日本語で伝える")).to_be_hidden()
    frame(page).get_by_label(COURSE).check()
    frame(page).get_by_role("button", name="選んだ教材を加える").click()
    expect(frame(page).get_by_role("heading", name="chosen")).to_be_visible()
    ((chosen,),) = edx.stored()["chosen"]
    assert (chosen["title"], chosen["type"]) == (COURSE, "ltiResourceLink")

    # What was chosen is what opens: for the teacher a page about it, for learners the course.
    open_link(page, edx, chosen["url"], user="teacher-1", role="instructor", link="link-2")
    expect(frame(page).get_by_role("heading", name=COURSE)).to_be_visible()
    frame(page).get_by_role("link", name="ポータルの名簿と照らし合わせる").click()
    expect(frame(page).get_by_role("row", name="person-1")).to_contain_text("参加中")
    beside = page.frames[1].url
    frame(page).get_by_role("button", name="教材を開いてみる").click()
    expect(content(page).get_by_role("heading", name="区民の情報を")).to_be_visible()
    open_link(page, edx, chosen["url"], user="person-4", link="link-2")
    expect(content(page).get_by_role("heading", name="区民の情報を")).to_be_visible()
    assert window.breaches == []
    can_be_read(window, beside)


def can_be_read(window: Window, address: str) -> None:
    """See that a page in a frame can be read by everybody, as narrow as frames are."""
    for width in (360, 1000):
        window.page.set_viewport_size({"width": width, "height": 760})
        window.page.goto(address)
        assert window.axe() == []
        assert window.overflow() == 0

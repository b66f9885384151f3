"""The player: a line that is cut, a tab that is closed, a second window, no mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, expect

from tests.browser import walk
from tests.browser.places import LEARNER, OFFICE
from tests.browser.test_pages import LANGUAGES, faults_of
from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demonstration")]
OTHER = "00304"
PLAIN = "やさしい日本語研修"
SECURITY = "情報セキュリティ研修"
WORDS = "語を選ぶ"
TEST = "確認テスト"
OFFLINE = "通信が切れています。入力は保存されています"
#: The journal asks again after one second, two, four …
BACK_MS = 40_000


def outline(window: Window) -> dict[str, str]:
    """Open the outline, and return what it says of each item."""
    window.page.get_by_role("button", name="目次").click()
    buttons = window.page.locator("#outline button.leaf").all()
    return {
        button.locator("span").first.inner_text(): button.locator(".state").inner_text()
        for button in buttons
    }


def choose(window: Window, title: str) -> Frame:
    """Choose an item in the outline, and return its content."""
    outline(window)
    window.page.locator("#outline button.leaf", has_text=title).click()
    expect(window.page.locator("#content")).to_have_attribute("title", title)
    return walk.content(window)


def shown(content: Frame) -> str:
    """Return the id of the sample's page that is shown."""
    content.wait_for_selector("section.page:not([hidden])")
    return content.locator("section.page:not([hidden])").get_attribute("id") or ""


def turn(content: Frame) -> str:
    """Go on to the next page of a sample, and return its id."""
    content.get_by_role("button", name="次へ", exact=True).click()
    return shown(content)


def questions(window: Window) -> Frame:
    """Choose the test in the outline, and turn to its questions."""
    content = choose(window, TEST)
    if shown(content) == "guide":
        turn(content)
    assert shown(content) == "questions"
    return content


def is_saved(window: Window) -> None:
    """Wait until the player says that all is saved."""
    expect(window.page.locator("#line")).to_have_attribute("data-line", "saved", timeout=BACK_MS)


@pytest.mark.requirement("TRK-05")
def test_the_outline_shows_states_and_leads_to_every_item(visit: Callable[[str], Window]) -> None:
    window = visit(LEARNER)
    walk.launch(window, PLAIN)
    choose(window, "はじめに")
    page = window.page
    assert page.locator("#previous").is_disabled()
    page.locator("#next").click()
    expect(page.locator("#content")).to_have_attribute("title", WORDS)
    walk.content(window)
    page.locator("#previous").click()
    expect(page.locator("#content")).to_have_attribute("title", "はじめに")
    content = walk.content(window)
    while content.get_by_role("button", name="次へ", exact=True).is_visible():
        turn(content)
    is_saved(window)
    content = choose(window, "文を短くする")
    states = outline(window)
    assert list(states) == ["はじめに", WORDS, "文を短くする", TEST]
    assert "完了" in states["はじめに"]
    assert "受講中" in states["文を短くする"]
    assert "未受講" in states[TEST]
    current = page.locator("#outline [aria-current]")
    expect(current).to_have_count(1)
    expect(current).to_contain_text("文を短くする")
    page.keyboard.press("Escape")
    walk.leave(window)


def test_a_tab_that_is_closed_without_a_word_loses_nothing(visit: Callable[[str], Window]) -> None:
    window = visit(OTHER)
    walk.launch(window, PLAIN)
    content = choose(window, WORDS)
    place = turn(content)
    window.page.close()
    window.page = window.context.new_page()
    content = walk.launch(window, PLAIN)
    expect(window.page.locator("#content")).to_have_attribute("title", WORDS)
    assert shown(content) == place
    walk.leave(window)


def test_what_is_answered_while_the_line_is_cut_is_saved_when_it_is_back(
    visit: Callable[[str], Window],
) -> None:
    window = visit(LEARNER)
    walk.launch(window, PLAIN)
    content = questions(window)
    window.context.set_offline(True)
    content.locator("input[name=q1][value=b]").check()
    content.locator("input[name=q2][value=false]").check()
    expect(window.page.locator("#line")).to_have_text(OFFLINE, timeout=BACK_MS)
    window.context.set_offline(False)
    is_saved(window)
    walk.leave(window)
    content = walk.launch(window, PLAIN)
    assert shown(content) == "questions"
    assert content.locator("input[name=q1][value=b]").is_checked()
    assert content.locator("input[name=q2][value=false]").is_checked()
    walk.leave(window)


def test_what_was_set_without_a_line_outlives_its_tab(visit: Callable[[str], Window]) -> None:
    window = visit(LEARNER)
    walk.launch(window, PLAIN)
    content = questions(window)
    window.context.set_offline(True)
    content.locator("input[name=q4][value=c]").check()
    window.page.close()
    window.context.set_offline(False)
    window.page = window.context.new_page()
    content = walk.launch(window, PLAIN)
    assert shown(content) == "questions"
    assert content.locator("input[name=q4][value=c]").is_checked()
    walk.leave(window)


def test_the_older_of_two_windows_is_told_and_overwrites_nothing(
    visit: Callable[[str], Window],
) -> None:
    window = visit(LEARNER)
    walk.launch(window, PLAIN)
    old = questions(window)
    is_saved(window)
    older = window.page
    window.page = window.context.new_page()
    new = walk.launch(window, PLAIN)
    assert shown(new) == "questions"
    new.locator("input[name=q5][value=a]").check()
    is_saved(window)
    old.locator("input[name=q5][value=c]").check()
    told = older.get_by_role("heading", name="この教材は別の画面で開かれています")
    expect(told).to_be_visible(timeout=BACK_MS)
    older.close()
    walk.leave(window)
    content = walk.launch(window, PLAIN)
    assert content.locator("input[name=q5][value=a]").is_checked()
    walk.leave(window)


def test_a_reload_in_the_middle_comes_back_to_the_same_page(
    visit: Callable[[str], Window],
) -> None:
    window = visit(OTHER)
    walk.launch(window, PLAIN)
    content = choose(window, "文を短くする")
    if content.get_by_role("button", name="次へ", exact=True).is_visible():
        turn(content)
    place = shown(content)
    window.page.reload()
    content = walk.content(window)
    expect(window.page.locator("#content")).to_have_attribute("title", "文を短くする")
    assert shown(content) == place
    walk.leave(window)


def test_the_single_package_resumes_where_it_was_left(visit: Callable[[str], Window]) -> None:
    window = visit(OFFICE)
    content = walk.launch(window, SECURITY)
    assert window.page.locator("#open-outline").is_hidden()
    turn(content)
    place = turn(content)
    walk.leave(window)
    content = walk.launch(window, SECURITY)
    assert shown(content) == place
    walk.leave(window)


@pytest.mark.requirement("CON-07")
def test_the_notice_at_the_end_tells_a_pause_from_an_end(visit: Callable[[str], Window]) -> None:
    """And has one button alone, beside which the bar's own is not needed."""
    window = visit(OFFICE)
    calls = "(calls) => calls.map(([name, ...given]) => window.API[name](...given))"
    for said, told, back in (
        (["cmi.core.exit", "suspend"], "ここで中断しました", "研修の画面に戻る"),
        (["cmi.core.lesson_status", "completed"], "この教材はここまでです", "終了して戻る"),
    ):
        walk.launch(window, SECURITY)
        window.page.evaluate(calls, [["LMSSetValue", *said], ["LMSFinish", ""]])
        expect(window.page.get_by_role("heading", name=told)).to_be_visible()
        expect(window.page.locator("#leave")).to_be_hidden()
        window.page.get_by_role("button", name=back).click()
        window.page.wait_for_url("http://localhost:*/**")


def test_a_preview_leaves_no_record(visit: Callable[[str], Window]) -> None:
    window = visit(OFFICE)
    page = window.page
    page.goto("/materials")
    page.locator("main").get_by_role("link", name="やさしい日本語で伝える").first.click()
    material = page.url
    before = page.request.get("/history.csv").body()
    audience = people_on_it(window)
    page.get_by_role("button", name="試しに見る").click()
    content = walk.content(window)
    expect(page.locator(".preview")).to_have_text("プレビュー（記録は残りません） 動作の記録")
    turn(content)
    walk.leave(window)
    assert page.url == material
    assert page.request.get("/history.csv").body() == before
    assert people_on_it(window) == audience
    page.get_by_role("button", name="試しに見る").click()
    assert shown(walk.content(window)) == "welcome"
    walk.leave(window)


def people_on_it(window: Window) -> str:
    """Return how many people the shown material's page counts on its version."""
    return window.page.locator("main tbody tr").last.locator("td").last.inner_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_player_can_be_read_in_both_languages(
    visit: Callable[[str], Window], language: str
) -> None:
    window = visit(LEARNER)
    window.speak(language)
    window.page.goto("/")
    window.page.locator("form[action$='/launch'] button[aria-label*='やさしい日本語研修']").click()
    walk.content(window)
    faults = faults_of(window, language)
    window.page.locator("#open-outline").click()
    assert faults + [f"outline: {fault}" for fault in faults_of(window, language)] == []


@pytest.mark.parametrize("address", ["no-token/", "no-token/content/x.html"])
def test_a_problem_on_the_contents_origin_is_a_page_of_its_own(
    visit: Callable[[str], Window], address: str
) -> None:
    window = visit("")
    port = window.origin.rpartition(":")[2]
    answer = window.page.goto(f"http://a-nobody.localhost:{port}/{address}")
    assert answer
    assert answer.status == 404
    assert faults_of(window, "ja") == []

"""The page of a video: what is told is what was played, and it is watched as its rule says."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import cinema as house
from tests.browser.cinema import BOUND, FREE, QUESTION, SECONDS, Cinema, Screening
from tests.browser.window import Window
from xapi.video import Segments, length

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("cinema"),
    pytest.mark.requirement("VID-04"),
]
#: Seconds by which what is told may differ from what the page's own clock shows.
NEAR = 0.5
#: The journal asks again after one second, two, four …
BACK_MS = 20_000
WIDTHS = (360, 768, 1280, 1920)
AHEAD = """seconds => {
  const { buffered } = document.querySelector('video');
  return buffered.length > 0 && buffered.end(buffered.length - 1) > seconds;
}"""


@pytest.fixture(scope="session")
def cinema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cinema]:
    """A house with one film."""
    with house.opened(tmp_path_factory.mktemp("cinema")) as opened:
        yield opened


@pytest.fixture
def enter(
    chromium: Browser, cinema: Cinema, windows: list[Window]
) -> Callable[..., tuple[Window, Screening]]:
    """Return a function that opens the page of a new screening."""

    def open_one(**setup: object) -> tuple[Window, Screening]:
        parts = {name: setup.pop(name) for name in ("right", "code", "has_film") if name in setup}
        screening, address = cinema.show(**setup)  # type: ignore[arg-type] # a setup's values
        for name, value in parts.items():
            setattr(screening, name, value)
        windows.append(Window(chromium, cinema.origin))
        windows[-1].page.goto(address)
        expect(windows[-1].page.locator("#main")).to_have_attribute("data-ready", "true")
        return windows[-1], screening

    return open_one


def place(page: Page) -> float:
    """Return where the film stands."""
    return float(page.evaluate("document.querySelector('video').currentTime"))


def is_paused(page: Page) -> bool:
    return bool(page.evaluate("document.querySelector('video').paused"))


def wait_for_place(page: Page, seconds: float) -> None:
    """Wait until the film has come so far."""
    page.wait_for_function(
        "wanted => document.querySelector('video').currentTime >= wanted", arg=seconds
    )


def start(page: Page, name: str = "再生") -> None:
    """Press the one button that begins, and wait until something plays."""
    page.locator("#starts").get_by_role("button", name=name).click()
    page.wait_for_function("() => !document.querySelector('video').paused")
    expect(page.locator("#starts")).to_be_hidden()


def toggle(page: Page) -> None:
    """Play on, or pause, by the keyboard, and wait until that is saved."""
    page.locator("#film-box .video-js").press("k")


def pause(page: Page) -> float:
    """Pause, and return where."""
    toggle(page)
    page.wait_for_function("() => document.querySelector('video').paused")
    return place(page)


def seek(page: Page, seconds: float) -> None:
    """Go to a place as the player's own bar does."""
    page.evaluate("seconds => { document.querySelector('video').currentTime = seconds }", seconds)
    page.wait_for_function("() => !document.querySelector('video').seeking")


def until(told: Callable[[], bool], seconds: float = 12) -> None:
    """Wait until something is told."""
    ends = time.monotonic() + seconds
    while not told():
        assert time.monotonic() < ends, "it was not told"
        time.sleep(0.05)


def is_near(found: Segments, wanted: list[tuple[float, float]]) -> bool:
    return len(found) == len(wanted) and all(
        abs(one - other) <= NEAR
        for stretch, expected in zip(found, wanted, strict=True)
        for one, other in zip(stretch, expected, strict=True)
    )


def hide(page: Page, state: str) -> None:
    """Have the page believe that it is hidden, or seen: a window without a screen never is."""
    page.evaluate(
        """state => {
          Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }""",
        state,
    )


def notice(page: Page) -> Locator:
    return page.locator("#notice")


def test_what_is_told_is_what_was_played(
    enter: Callable[..., tuple[Window, Screening]],
) -> None:
    window, screening = enter(position=8.0, played=[[0, 8]])
    page = window.page
    assert screening.messages[0]["changes"] == [["position", "8.000"]]
    page.get_by_role("button", name="最初から再生").click()
    wait_for_place(page, 2)
    first = pause(page)
    # Watched before: what was played anew lies within.
    until(lambda: bool(screening.values("played")))
    page.locator("#chapters").get_by_role("button", name="なかほど").click()
    toggle(page)
    wait_for_place(page, 14)
    expect(page.locator("#chapters [aria-current]")).to_contain_text("なかほど")
    second = pause(page)
    seek(page, 20)
    until(lambda: len(screening.played) == 2)
    assert is_near(screening.played, [(0, 8), (12, second)])
    assert sum(float(value.split(",")[0]) for value in screening.values("spent")) == pytest.approx(
        first + second - 12, abs=2 * NEAR
    )
    # The page's film is some thousandths of a second longer than 24 s.
    share = length(screening.played) / 24 * 100
    expect(page.locator("#share")).to_have_text(
        re.compile(f"見たところ ({int(share)}|{int(share - 0.5)})%")
    )
    expect(page.locator("#band rect")).to_have_count(2)
    page.get_by_role("button", name="終了する").click()
    page.wait_for_url("**/home")
    assert screening.messages[-1]["leaving"] is True
    assert float(screening.values("position")[-1]) == pytest.approx(20, abs=NEAR)
    assert window.breaches == []


def test_it_goes_on_where_it_stood_also_after_a_reload(
    enter: Callable[..., tuple[Window, Screening]],
) -> None:
    window, screening = enter(rule=BOUND, position=14.2, played=[[0, 14.2]])
    page = window.page
    start(page, "続きから再生（0:14）")
    wait_for_place(page, 16)
    assert place(page) < 18
    page.reload()
    until(lambda: bool(screening.played) and screening.played[-1][1] > 15.5)
    told = screening.played[-1][1]
    # The page was given with an older place: the storage, or the farewell, knows better.
    screening.setup["position"] = told
    page.reload()
    start(page, "続きから再生")
    wait_for_place(page, told + 0.5)
    pause(page)
    until(lambda: screening.played[-1][1] > told + 0.2)
    assert len(screening.played) == 1


def test_who_is_bound_goes_no_further_than_what_was_watched(
    enter: Callable[..., tuple[Window, Screening]],
) -> None:
    window, screening = enter(rule=BOUND, position=21.0, played=[[0, 21]])
    page = window.page
    expect(page.locator("#bound")).to_contain_text("早送りと倍速はできません")
    # So near to its end it begins anew.
    start(page)
    pause(page)
    seek(page, 23.5)
    expect(page.locator("#said")).to_have_text("まだ見ていないところへは進めません。")
    page.wait_for_function("() => Math.abs(document.querySelector('video').currentTime - 21) < 0.1")
    seek(page, 4)
    assert place(page) == pytest.approx(4, abs=0.1)
    expect(page.locator(".vjs-playback-rate.vjs-control")).to_be_hidden()
    page.evaluate("document.querySelector('video').playbackRate = 2")
    page.wait_for_function("() => document.querySelector('video').playbackRate === 1")
    seek(page, 20.8)
    toggle(page)
    page.wait_for_function("() => document.querySelector('video').ended")
    expect(page.locator("#done")).to_contain_text("完了しました")
    assert screening.values("ended") == ["1"]
    assert screening.played == ((0, SECONDS),)
    expect(page.locator("#bound")).to_have_count(0)
    # Done, it may be watched in any way.
    expect(page.locator(".vjs-playback-rate.vjs-control")).to_be_visible()
    seek(page, 10)
    page.locator("#film-box .video-js").press(">")
    page.wait_for_function("() => document.querySelector('video').playbackRate === 1.25")


def test_what_the_server_tells_of_a_stretch_counts(
    enter: Callable[..., tuple[Window, Screening]],
) -> None:
    window, screening = enter(rule=BOUND | {"hidden": "note"})
    page = window.page
    start(page)
    wait_for_place(page, 3)
    # It is not believed: it is watched again.
    screening.most = 1.0
    hide(page, "hidden")
    expect(page.locator("#said")).to_have_text("まだ見ていないところへは進めません。")
    page.wait_for_function("() => document.querySelector('video').currentTime < 2")
    assert not is_paused(page)
    # Somebody who watches another film at the same time is stopped.
    screening.elsewhere = True
    hide(page, "visible")
    hide(page, "hidden")
    expect(notice(page)).to_contain_text("ほかの動画を同時に再生しています")
    assert is_paused(page)
    expect(page.locator("#film-box .video-js")).to_have_attribute("inert", "")
    notice(page).get_by_role("button", name="続きを見る").click()
    page.wait_for_function("() => !document.querySelector('video').paused")


def test_a_hidden_page_stops_and_says_so(
    enter: Callable[..., tuple[Window, Screening]],
) -> None:
    window, screening = enter()
    page = window.page
    start(page)
    wait_for_place(page, 1)
    hide(page, "hidden")
    page.wait_for_function("() => document.querySelector('video').paused")
    until(lambda: screening.values("hidden") == ["1"])
    stopped = place(page)
    time.sleep(1)
    hide(page, "visible")
    expect(notice(page)).to_contain_text("画面が隠れたため、動画を止めました")
    assert place(page) == stopped
    notice(page).get_by_role("button", name="続きを見る").click()
    expect(notice(page)).to_be_hidden()
    wait_for_place(page, stopped + 0.5)


def test_a_film_goes_on_while_the_line_is_cut_and_all_is_told_later(
    enter: Callable[..., tuple[Window, Screening]],
) -> None:
    window, screening = enter(rule=FREE | {"hidden": "note"})
    page = window.page
    start(page)
    # What lies ahead is there by now.
    page.wait_for_function(AHEAD, arg=12)
    window.context.set_offline(True)
    cut = place(page)
    hide(page, "hidden")
    hide(page, "visible")
    expect(page.locator("#line")).to_have_text("通信が切れています。つながり次第、保存します。")
    wait_for_place(page, cut + 2)
    expect(notice(page)).to_be_hidden()
    assert not is_paused(page)
    stopped = pause(page)
    assert not screening.played or screening.played[-1][1] < cut + NEAR
    window.context.set_offline(False)
    expect(page.locator("#line")).to_contain_text("保存済み", timeout=BACK_MS)
    until(lambda: is_near(screening.played, [(0, stopped)]))
    assert screening.values("hidden") == ["1"]


@pytest.mark.parametrize(
    ("status", "title"),
    [(409, "ほかの画面で、この動画が開かれました"), (410, "受講できる時間が終わりました")],
)
def test_a_page_that_may_not_go_on_stops_and_leads_back(
    enter: Callable[..., tuple[Window, Screening]], status: int, title: str
) -> None:
    window, screening = enter()
    page = window.page
    start(page)
    screening.status = status
    toggle(page)
    expect(notice(page)).to_contain_text(title)
    assert is_paused(page)
    page.evaluate("document.querySelector('video').play().catch(() => {})")
    page.wait_for_function("() => document.querySelector('video').paused")
    assert notice(page).get_by_role("button").all_inner_texts() == ["戻る"]
    notice(page).get_by_role("button", name="戻る").click()
    page.wait_for_url("**/home")
    window.faults.clear()


def test_a_question_stops_the_film_until_it_is_answered_rightly(
    enter: Callable[..., tuple[Window, Screening]],
) -> None:
    question = QUESTION | {"choices": ["ひとつめ", "ふたつめ"]}
    window, screening = enter(
        questions=[question], right={"q1": "1"}, asks_code=True, code="みどり"
    )
    page = window.page
    # Jumping over it does not pass it by.
    page.locator("#chapters").get_by_role("button", name="なかほど").click()
    dialog = page.get_by_role("dialog", name="確認問題")
    expect(dialog).to_contain_text("正しいものはどれですか。")
    assert is_paused(page)
    dialog.get_by_role("button", name="答える").click()
    expect(dialog).to_contain_text("答えを選んでください。")
    dialog.get_by_role("button", name="少し前から見直す").click()
    expect(dialog).to_be_hidden()
    expect(dialog).to_be_visible(timeout=5_000)
    assert place(page) == pytest.approx(question["at"], abs=NEAR)
    assert window.axe() == []
    dialog.get_by_label("ひとつめ").check()
    dialog.get_by_role("button", name="答える").click()
    expect(dialog).to_contain_text("正解ではありません。もう一度選んでください。")
    window.context.set_offline(True)
    dialog.get_by_label("ふたつめ").check()
    dialog.get_by_role("button", name="答える").click()
    expect(dialog).to_contain_text("通信が切れています")
    window.context.set_offline(False)
    expect(dialog).to_contain_text("正解です", timeout=BACK_MS)
    assert screening.values("answer") == ["q1:0", "q1:1"]
    dialog.get_by_role("button", name="続きを見る").click()
    wait_for_place(page, 3)
    pause(page)
    field = page.get_by_label("確認コード")
    field.fill("あか")
    field.press("Enter")
    expect(page.locator("#code-said")).to_contain_text("コードが違います")
    field.fill("みどり")
    page.get_by_role("button", name="送る").click()
    expect(page.locator("#code-said")).to_have_text("コードを確かめました。")
    expect(field).to_be_hidden()


def test_captions_pictures_sizes_and_text_stand_beside_the_film(
    enter: Callable[..., tuple[Window, Screening]],
) -> None:
    window, _ = enter()
    page = window.page
    start(page)
    expect(page.locator(".vjs-text-track-display")).to_contain_text("字幕の見本です。")
    page.locator("#film-box .video-js").press("c")
    expect(page.locator(".vjs-text-track-display")).not_to_contain_text("字幕の見本です。")
    bar = page.locator(".vjs-progress-holder")
    box = bar.bounding_box()
    assert box
    bar.hover(position={"x": box["width"] * 0.51, "y": 2})
    picture = page.locator(".board")
    expect(picture).to_be_visible()
    expect(picture).to_have_text(re.compile(r"^0:1[23]$"))
    style = picture.evaluate("it => [it.style.backgroundImage, it.style.backgroundPosition]")
    assert style == ['url("video/storyboard-1.jpg")', "-320px -90px"]
    page.mouse.move(5, 5)
    expect(picture).to_be_hidden()
    bar.focus()
    bar.press("ArrowRight")
    expect(picture).to_be_visible()
    expect(picture).to_be_hidden(timeout=3_000)
    sizes = page.get_by_label("画質")
    assert sizes.locator("option").all_inner_texts() == ["自動", "360p", "180p"]
    sizes.select_option("180p")
    page.wait_for_function(
        "() => document.querySelector('video').videoHeight === 180", timeout=20_000
    )
    page.reload()
    expect(page.get_by_label("画質")).to_have_value("180")
    page.get_by_text("文字で読む").click()
    page.locator("#transcript").get_by_role("button", name="次の文です。").click()
    wait_for_place(page, 12)
    expect(page.locator("#transcript [aria-current]")).to_contain_text("次の文です。")
    assert window.breaches == []


def test_the_keyboard_is_enough(enter: Callable[..., tuple[Window, Screening]]) -> None:
    window, screening = enter()
    page, keyboard = window.page, window.page.keyboard
    for _ in range(12):
        keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "start":
            break
    keyboard.press("Enter")
    wait_for_place(page, 0.5)
    keyboard.press("Space")
    page.wait_for_function("() => document.querySelector('video').paused")
    before = place(page)
    keyboard.press("ArrowRight")
    page.wait_for_function("wanted => document.querySelector('video').currentTime >= wanted", arg=5)
    assert place(page) == pytest.approx(before + 5, abs=0.1)
    keyboard.press("ArrowLeft")
    page.wait_for_function("() => document.querySelector('video').currentTime < 4")
    keyboard.press("m")
    assert page.evaluate("document.querySelector('video').muted")
    keyboard.press("ArrowDown")
    assert page.evaluate("document.querySelector('video').volume") == pytest.approx(0.9)
    keyboard.press(">")
    page.wait_for_function("() => document.querySelector('video').playbackRate === 1.25")
    keyboard.press("f")
    page.wait_for_function("() => document.fullscreenElement !== null")
    keyboard.press("f")
    page.wait_for_function("() => document.fullscreenElement === null")
    seen = page.locator(":focus-visible").evaluate("it => getComputedStyle(it).outlineStyle")
    assert seen == "solid"
    # A letter elsewhere on the page is nobody's order.
    page.locator("#leave").focus()
    keyboard.press("k")
    assert is_paused(page)
    page.get_by_text("キー操作").focus()
    keyboard.press("Enter")
    expect(page.get_by_text("5秒戻る・進む")).to_be_visible()
    assert screening.status == 200


def test_a_film_that_breaks_can_be_played_again_from_its_place(
    enter: Callable[..., tuple[Window, Screening]],
) -> None:
    window, screening = enter(position=9.0, played=[[0, 9]], has_film=False)
    page = window.page
    expect(notice(page)).to_contain_text("動画を再生できません", timeout=BACK_MS)
    screening.has_film = True
    notice(page).get_by_role("button", name="もう一度再生する").click()
    wait_for_place(page, 9.5)
    assert place(page) < 12
    expect(notice(page)).to_be_hidden()


@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_the_page_can_be_read_by_everybody_at_every_width(
    enter: Callable[..., tuple[Window, Screening]], spoken: str
) -> None:
    window, _ = enter(rule=BOUND, language=spoken, asks_code=True, done=True, title="長い題" * 30)
    page = window.page
    page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")
    if spoken == "ja":
        # A line of the captions, which are Japanese, stands there while the window becomes narrow.
        expect(page.locator(".vjs-text-track-cue")).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert window.overflow() <= 0, width
        film = page.locator("#film-box").bounding_box()
        assert film
        assert film["y"] + film["height"] <= 800
        if width in {360, 1280}:
            assert window.axe() == [], width
    assert page.locator("h1").count() == 1
    assert window.breaches == []

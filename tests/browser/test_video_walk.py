"""A video from its author to a learner's record: sent, converted, watched, skipped, resumed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from app.content.materials.models import Material
from app.kernel import clock, db
from app.learning.records.models import Attempt, LearnerRecord
from tests.browser.conftest import Window
from tests.browser.serving import Installation
from tests.workers import films
from xapi import video

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("demonstration"),
    pytest.mark.requirement("VID-01", "VID-03", "VID-04", "VID-06", "CON-04", "CON-07"),
]
OFFICE, AUTHOR, LEARNER = "00102", "00103", "00303"
TITLE, TRAINING = "救命講習の動画", "救命講習"
SECONDS = 12
#: A browser tells its place four times a second, and so do we.
EXACT = 0.6
PLACE = "document.querySelector('video').currentTime"


def test_a_video_is_sent_converted_watched_and_recorded(
    visit: Callable[[str], Window], demonstration: Installation
) -> None:
    author, office, learner = (visit(number).page for number in (AUTHOR, OFFICE, LEARNER))
    send(author)
    publish(author)
    plan(office)
    open_video(learner)
    ranges = watch_and_skip(learner)
    assert_recorded(demonstration, ranges, "in_progress")
    open_video(learner)
    ranges += resume(learner)
    assert_recorded(demonstration, ranges, "completed")
    expect(learner.locator("#done")).to_be_visible()
    again(learner)
    history(office, demonstration)


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press the button, or the link that looks like one."""
    main = page.get_by_role("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()


def send(author: Page) -> None:
    """Send a film piece by piece, and see how far it is, until it can be watched."""
    author.goto("/videos/new")
    author.locator("input[type=file]").set_input_files(films.film(SECONDS))
    sent = author.get_by_role("status").filter(has_text="ファイルを送り終わりました。")
    expect(sent).to_be_attached(timeout=60_000)
    author.get_by_label("教材名").fill(TITLE)
    press(author, "登録する")
    expect(author.get_by_role("progressbar").first).to_be_visible()
    expect(author.get_by_role("heading", name=TITLE)).to_be_visible(timeout=120_000)
    expect(author.get_by_text("変換済み")).to_be_visible(timeout=180_000)
    expect(author.get_by_text("360p、240p")).to_be_visible()


def publish(author: Page) -> None:
    """Look at it first, warned that it has no captions; then publish it."""
    expect(author.get_by_text("字幕がありません").first).to_be_visible()
    address = author.url
    press(author, "プレビュー")
    expect(author.get_by_text("プレビュー（記録しません）")).to_be_visible()
    author.goto(address)
    press(author, "公開する")
    author.get_by_role("dialog").get_by_role("button", name="公開する").click()
    expect(author.get_by_text("公開しました")).to_be_visible()


def plan(office: Page) -> None:
    """Plan a training that requires the video, enrol the learner, and open it."""
    today = clock.today(clock.now())
    office.goto("/trainings/new")
    office.get_by_label("研修コード").fill("V-01")
    office.get_by_label("研修名").fill(TRAINING)
    press(office, "登録する")
    press(office, "実施回を登録する")
    office.get_by_label("受講を始められる日").fill(f"{today:%Y/%m/%d}")
    office.get_by_label("受講の期限").fill(f"{today + timedelta(days=7):%Y/%m/%d}")
    office.get_by_label("所要時間").fill("5")
    office.get_by_label("1番目の内容").select_option(label=TITLE)
    press(office, "登録する")
    expect(office.get_by_text("初回は早送り")).to_be_visible()
    press(office, "受講者を登録する")
    office.locator("textarea").fill(LEARNER)
    press(office, "確認へ進む")
    press(office, "1人を登録する")
    press(office, "受講を開始する")
    office.get_by_role("dialog").get_by_role("button", name="開始する").click()
    expect(office.get_by_text("実施中").first).to_be_visible()


def open_video(learner: Page) -> None:
    """Open the video from the learner's home."""
    learner.goto("/")
    learner.get_by_role("link", name=TRAINING, exact=True).first.click()
    press(learner, re.compile("受講する|続ける|もう一度"))
    expect(learner.locator("#main[data-ready]")).to_be_attached(timeout=30_000)


def place(page: Page) -> float:
    return float(page.evaluate(PLACE))


def plays_beyond(page: Page, seconds: float) -> None:
    page.wait_for_function(f"() => {PLACE} > {seconds}", timeout=60_000)


def stop(page: Page) -> float:
    """Pause, and return where it stands once that is saved."""
    page.keyboard.press("k")
    page.wait_for_function("() => document.querySelector('video').paused")
    at = place(page)
    expect(page.locator("#line")).to_have_attribute("data-line", "saved", timeout=30_000)
    return at


def watch_and_skip(learner: Page) -> list[tuple[float, float]]:
    """Play some seconds, try to skip, go back, and leave; return what was played."""
    learner.locator("#start").click()
    plays_beyond(learner, 3)
    reached = stop(learner)
    # Whoever is bound gets no further than to what was played.
    for _ in range(2):
        learner.keyboard.press("ArrowRight")
    expect(learner.locator("#said")).to_have_text("まだ見ていないところへは進めません。")
    assert place(learner) <= reached + EXACT
    learner.keyboard.press("ArrowLeft")
    learner.wait_for_function(f"() => {PLACE} < {reached - 2}")
    start = place(learner)
    learner.keyboard.press("k")
    plays_beyond(learner, reached + 1)
    end = stop(learner)
    learner.get_by_role("button", name="終了する").click()
    learner.wait_for_url(re.compile("/assignments/"))
    return [(0, reached), (start, end)]


def resume(learner: Page) -> list[tuple[float, float]]:
    """Go on where it stopped, to the end."""
    button = learner.locator("#start")
    expect(button).to_have_text(re.compile("再生"))
    button.click()
    learner.wait_for_function("() => !document.querySelector('video').paused")
    start = place(learner)
    learner.wait_for_function("() => document.querySelector('video').ended", timeout=60_000)
    expect(learner.get_by_text("完了として記録しました。").first).to_be_visible(timeout=30_000)
    return [(start, SECONDS)]


def again(learner: Page) -> None:
    """Watched once, it may be watched in any way."""
    learner.get_by_role("button", name="戻る").click()
    learner.wait_for_url(re.compile("/assignments/"))
    open_video(learner)
    learner.locator("#start").click()
    learner.wait_for_function("() => !document.querySelector('video').paused")
    learner.keyboard.press("ArrowRight")
    learner.wait_for_function(f"() => {PLACE} > 4.5")
    stop(learner)


def history(office: Page, installation: Installation) -> None:
    """The office sees which stretches were watched, and playing apart from being there."""
    _, record = written(installation)
    office.goto(f"/history/{record.id}")
    # A tenth of a second may be missing at a pause, as in the stretches.
    expect(office.get_by_role("img", name=re.compile("見たところ (99|100)%"))).to_be_visible()
    for words in ("再生した時間", "画面を開いていた時間", "画面が隠れていた時間"):
        expect(office.get_by_text(words)).to_be_visible()


def assert_recorded(
    installation: Installation, ranges: list[tuple[float, float]], status: str
) -> None:
    """Hold the record against what was played on the screen."""
    played = video.union(ranges, SECONDS)
    attempt, record = written(installation)
    told = [tuple(stretch) for stretch in attempt["played"]]
    assert len(told) == len(played), (told, played)
    for (start, stop), (first, last) in zip(told, played, strict=True):
        assert abs(start - first) <= EXACT, (told, played)
        assert abs(stop - last) <= EXACT, (told, played)
    assert record.status == status
    assert attempt["doubted_seconds"] == 0
    assert attempt["played_seconds"] <= attempt["present_seconds"]


def written(installation: Installation) -> tuple[dict[str, Any], LearnerRecord]:
    """Return what the database holds of the learner's attempt at the video."""
    database = db.connect(f"sqlite:///{installation.instance / 'kenshu.sqlite3'}")
    with database.reading() as session:
        record = session.scalars(
            sa.select(LearnerRecord)
            .join(Material, Material.id == LearnerRecord.material_id)
            .where(Material.title == TITLE)
        ).one()
        document = session.scalars(
            sa.select(Attempt.document).where(Attempt.record_id == record.id)
        ).one()
    database.engine.dispose()
    return json.loads(json.dumps(document)), record

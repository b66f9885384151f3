"""The main job, end to end: staff and packages go in, learners take them, the report comes out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import walk
from tests.browser.conftest import Installation, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("installations")]
OWN = "わたしの合い言葉 {}"
COURSES = (
    ("G12", "ゴルフ入門（1.2）", "golf/scorm12/RuntimeBasicCalls_SCORM12.zip"),
    ("G04", "ゴルフ入門（2004）", "golf/scorm2004/RuntimeBasicCalls_SCORM20043rdEdition.zip"),
)
MATERIAL = "Golf Explained - Run-time Basic Calls"


@pytest.mark.requirement("CON-01", "TRK-01", "TRK-03", "HIS-01", "HIS-03")
def test_two_learners_take_two_packages_and_the_office_sees_it(
    installation: Installation, open_window: Callable[[], Window], shared: Path
) -> None:
    office = open_window()
    office.sign_in(installation.number, installation.password)
    walk.change_password(office, installation.password, OWN.format("office"))
    walk.import_file(office, "/imports/sections", walk.SECTIONS.encode("utf-8-sig"))
    walk.import_file(office, "/imports/staff", walk.STAFF.encode("cp932"))
    issued = walk.passwords(office)
    runs = []
    for code, title, package in COURSES:
        walk.upload(office, shared / "packages" / package)
        rename(office, title)
        runs.append(walk.plan(office, code, title, title, ["00011", "00012", "00013"]))

    one, two = open_window(), open_window()
    for learner, number in ((one, "00011"), (two, "00012")):
        learner.page.on("dialog", lambda dialog: dialog.accept())
        learner.sign_in(number, issued[number])
        walk.change_password(learner, issued[number], OWN.format(number))
    for code, title, _ in COURSES:
        take_side_by_side(one, two, title)
        assert code

    for run in runs:
        office.page.goto(f"/reports{run}")
        rows = report(office, run)
        assert rows["00011"]["状態"] == "合格"
        assert rows["00011"]["得点"] == "100"
        assert rows["00012"]["状態"] == "不合格"
        assert rows["00012"]["得点"] == "0"
        assert rows["00013"]["状態"] == "未受講"
        assert rows["00012"]["氏名"] == "髙橋見本 二"
    one.page.goto("/history")
    for _, title, _ in COURSES:
        expect(one.page.locator("main tr", has_text=title)).to_contain_text("合格")


def rename(office: Window, title: str) -> None:
    """Give the material that is shown a title of its own."""
    office.page.get_by_text("教材名を変える").click()
    office.page.locator("input[name=title]").fill(title)
    office.page.get_by_role("button", name="教材名を保存する").click()
    expect(office.page.get_by_role("heading", name=title)).to_be_visible()


def take_side_by_side(one: Window, two: Window, title: str) -> None:
    """Two learners at once: each goes some pages, leaves, comes back to the page, and finishes."""
    first, second = walk.launch(one, title), walk.launch(two, title)
    walk.turn_pages(first, 4)
    walk.turn_pages(second, 7)
    assert walk.shown_page(first) == "Playing/RulesOfGolf.html"
    assert walk.shown_page(second) == "Etiquette/Play.html"
    walk.leave(one)
    walk.leave(two)
    first, second = walk.launch(one, title), walk.launch(two, title)
    assert walk.shown_page(first) == "Playing/RulesOfGolf.html"
    assert walk.shown_page(second) == "Etiquette/Play.html"
    walk.turn_pages(first, walk.LAST_PAGE - 4)
    walk.turn_pages(second, walk.LAST_PAGE - 7)
    walk.answer_test(first, right=True)
    walk.answer_test(second, right=False)
    expect(one.page.locator("#line")).to_contain_text("保存しました", timeout=20_000)
    walk.leave(one)
    walk.leave(two)


def report(office: Window, run: str) -> dict[str, dict[str, str]]:
    """Return the CSV of a run's report, its rows by staff number."""
    answer = office.page.request.get(f"/reports{run}.csv?reason=progress")
    assert answer.ok
    text = answer.body().decode("utf-8-sig")
    return {row["職員番号"]: row for row in csv.DictReader(io.StringIO(text))}

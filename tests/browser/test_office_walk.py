"""The office's way, by five people: plan, nomination, order, change, absence, attendance."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from app.kernel import clock
from tests.browser.conftest import Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demonstration")]
OFFICE, HEAD, COORDINATOR, ONE, TWO = "00102", "00301", "00302", "00303", "00304"
#: Put forward, too; they never sign in.
THREE = "00305"
TITLE = "議事運営研修"


@pytest.mark.requirement("NOM-01", "ORD-01", "ORD-03", "ORD-04", "CHG-01", "CHG-02", "ATT-01")
def test_five_people_take_a_training_from_the_plan_to_the_list_of_the_absent(
    visit: Callable[[str], Window],
) -> None:
    office, head, coordinator, one, two = (
        visit(number).page for number in (OFFICE, HEAD, COORDINATOR, ONE, TWO)
    )
    now = clock.now().astimezone(clock.JST)
    first, second = plan(office, now)
    put_forward(coordinator, head)
    decide_and_order(office, first)
    acknowledge(one)
    move(two, head)
    give_notice(one)
    note_attendance(office, first)
    office.goto(f"{first}/absent")
    row = office.locator("main tr", has_text=ONE)
    expect(row).to_contain_text("欠席")
    expect(office.locator("main tr", has_text=THREE)).to_have_count(0)
    office.goto(second)
    expect(office.locator("main tr", has_text=TWO)).to_be_visible()


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press the button, or the link that looks like one."""
    button = page.get_by_role("main").get_by_role("button", name=name)
    link = page.get_by_role("main").get_by_role("link", name=name)
    button.or_(link).first.click()


def plan(office: Page, now: datetime) -> tuple[str, str]:
    """Register a training with two runs, one of them today, and call for both."""
    office.goto("/trainings/new")
    office.locator("input[name=code]").fill("W-01")
    office.locator("input[name=title]").fill(TITLE)
    press(office, "登録する")
    expect(office.get_by_role("heading", name=TITLE)).to_be_visible()
    training = office.url
    runs = []
    for day in (now, now + timedelta(days=14)):
        office.goto(training)
        press(office, "実施回を登録する")
        office.get_by_label("集合研修", exact=True).check()
        office.locator("input[name=capacity_max]").fill("10")
        office.get_by_text("集まる日時（コマ）").click()
        # At the door half an hour before; what has begun could be ordered no more.
        starts = min(day + timedelta(minutes=20), day.replace(hour=23, minute=58))
        office.locator("input[name=day_1]").fill(f"{day:%Y/%m/%d}")
        office.locator("input[name=starts_1]").fill(f"{starts:%H:%M}")
        office.locator("input[name=ends_1]").fill("23:59")
        office.locator("input[name=place_1]").fill("研修室2")
        office.get_by_text("募集と締切").click()
        office.locator("input[name=head_rule]").fill(f"{now:%Y/%m/%d}")
        press(office, re.compile("登録する|保存する"))
        expect(office.get_by_role("heading", name=re.compile(TITLE))).to_be_visible()
        runs.append(office.url)
    office.goto("/plans")
    office.get_by_role("link", name=TITLE).click()
    press(office, re.compile("決まりを(変|決)"))
    office.locator("input[name=obligation][value=open]").check()
    office.locator("input[name=change_path][value=head]").check()
    press(office, "保存する")
    for run in runs:
        office.goto(run)
        press(office, "募集を始める")
        office.get_by_role("dialog").get_by_role("button", name=re.compile("始める")).click()
        expect(office.get_by_text("募集を始めました")).to_be_visible()
    return runs[0], runs[1]


def put_forward(coordinator: Page, head: Page) -> None:
    """Write the section's list as its coordinator, and send it as its head."""
    coordinator.goto("/")
    coordinator.get_by_role("link", name=TITLE).first.click()
    for number in (ONE, TWO, THREE):
        row = coordinator.locator("main tr", has_text=number)
        row.locator("input[name=person]").check()
    press(coordinator, "選んだ人を名簿に加える")
    press(coordinator, re.compile("3人の推薦を所属長に回す"))
    head.goto("/approvals")
    head.get_by_role("link", name=re.compile("開いて承認する")).first.click()
    press(head, "3人を推薦する")
    expect(head.get_by_text(re.compile("推薦しました"))).to_be_visible()


def decide_and_order(office: Page, run: str) -> None:
    """Fill the seats by rank, confirm, and issue the order."""
    office.goto(run)
    press(office, re.compile("受講者を選ぶ|選考を見る"))
    press(office, "推薦順位で席を埋める案を作る")
    press(office, re.compile("確定へ進む"))
    press(office, "3人を確定する")
    press(office, "研修命令を発行する")
    expect(office.get_by_role("heading", name=re.compile("研修命令"))).not_to_have_count(0)
    office.locator("input[name=issuer]").fill("区長")
    press(office, "研修命令を発行する")
    expect(office.get_by_text(re.compile("発行しました"))).to_be_visible()


def acknowledge(learner: Page) -> None:
    """Say that the order was received, from the home."""
    learner.goto("/")
    row = learner.locator("li", has_text=TITLE).filter(has=learner.get_by_role("button"))
    row.get_by_role("button", name=re.compile("受領を確認する")).click()
    expect(learner.get_by_text(re.compile("受領を確認しました"))).to_be_visible()


def move(learner: Page, head: Page) -> None:
    """Ask for the other run, and have the head approve it."""
    learner.goto("/")
    learner.get_by_role("link", name=f"{TITLE}の欠席・変更を連絡する").click()
    press(learner, "参加回を変更する")
    learner.locator("input[name=run]").first.check()
    learner.locator("input[name=reason][value=duty]").check()
    press(learner, "申請する")
    expect(learner.get_by_text(re.compile("申請"))).not_to_have_count(0)
    head.goto("/changes/waiting")
    press(head, "承認する")
    expect(head.get_by_role("main").get_by_text("第2回")).not_to_have_count(0)
    learner.goto("/")
    expect(learner.locator("li", has_text=f"{TITLE}　第2回")).not_to_have_count(0)


def give_notice(learner: Page) -> None:
    """Say that one will not come, in three clicks from the home and no telephone."""
    learner.goto("/")
    learner.get_by_role("link", name=f"{TITLE}の欠席・変更を連絡する").click()
    press(learner, "欠席・遅刻・早退を連絡する")
    learner.locator("input[name=reason][value=duty]").check()
    press(learner, "連絡する")
    expect(learner.get_by_text(re.compile("連絡しました"))).to_be_visible()


def note_attendance(office: Page, run: str) -> None:
    """Note who was there: as announced, and everybody else as present."""
    office.goto(f"{run}/attendance")
    office.get_by_role("link", name=re.compile("第1コマの出欠|出欠を記録")).first.click()
    press(office, re.compile("を出席にして記録する"))
    expect(office.get_by_text(re.compile("記録しました"))).to_be_visible()

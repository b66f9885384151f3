"""A training to its end: test and survey written and taken, report, completion, certificate."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from app.kernel import clock
from tests.browser.conftest import Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demonstration")]
OFFICE, AUTHOR, HEAD, LEARNER = "00102", "00103", "00301", "00303"
EXAM, SURVEY, TITLE = "文書管理の確認テスト", "文書管理のアンケート", "文書管理研修"


@pytest.mark.requirement("QST-05", "QST-03", "RPT-01", "RPT-04", "RPT-06", "HIS-01", "HIS-03")
def test_a_training_is_taken_from_the_paper_to_the_certificate(
    visit: Callable[[str], Window],
) -> None:
    office, author, head = (visit(number).page for number in (OFFICE, AUTHOR, HEAD))
    learning = visit(LEARNER)
    write_test(author)
    write_survey(author)
    run = plan(office)
    assert is_missing(office)
    take_test(learning)
    answer_survey(learning.page)
    report(learning.page)
    confirm(head)
    accept_and_complete(office, run)
    number, code = certificate(learning.page)
    verify(visit("").page, number, code)
    learning.page.goto("/history")
    line = learning.page.locator("main tr", has_text=TITLE)
    expect(line).to_contain_text("修了")
    assert not is_missing(office)


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press the button, or the link that looks like one."""
    main = page.get_by_role("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()


def publish(page: Page) -> None:
    """Publish what is shown."""
    press(page, "公開する")
    page.get_by_role("dialog").get_by_role("button", name="公開する").click()
    expect(page.get_by_text("公開しました")).to_be_visible()


def write_test(author: Page) -> None:
    """Write a test of two questions, and publish it."""
    author.goto("/tests/new")
    author.get_by_label("テストの名前").fill(EXAM)
    press(author, "下書きを作る")
    test = author.url
    press(author, re.compile("問題を加える"))
    press(author, re.compile("単一選択"))
    author.get_by_label("問題文").fill("文書の保存期間は、どこで決まっていますか。")
    author.locator("textarea[name=option_1]").fill("文書管理規程")
    author.locator("textarea[name=option_2]").fill("係の慣例")
    author.get_by_role("radio", name=re.compile("選択肢1")).check()
    press(author, "この問題を加える")
    author.goto(test)
    press(author, re.compile("問題を加える"))
    press(author, re.compile("正誤"))
    author.get_by_label("問題文").fill("保存期間の過ぎた文書は、だれにも知らせずに捨ててよい。")
    author.get_by_label("×（誤り）").check()
    press(author, "この問題を加える")
    author.goto(test)
    publish(author)


def write_survey(author: Page) -> None:
    """Make an anonymous survey of the built-in sheet, and publish it."""
    author.goto("/sheets/new")
    author.get_by_label("アンケートの名前").fill(SURVEY)
    press(author, "作る")
    expect(author.get_by_text("無記名").first).to_be_visible()
    publish(author)


def plan(office: Page) -> str:
    """Register a training with the test, the survey and a report; enrol a learner; open it."""
    today = clock.today(clock.now())
    office.goto("/trainings/new")
    office.get_by_label("研修コード").fill("W-02")
    office.get_by_label("研修名").fill(TITLE)
    press(office, "登録する")
    press(office, "実施回を登録する")
    office.get_by_label("受講を始められる日").fill(f"{today:%Y/%m/%d}")
    office.get_by_label("受講の期限").fill(f"{today + timedelta(days=14):%Y/%m/%d}")
    office.get_by_label("所要時間").fill("30")
    press(office, "構成をもう1行")
    for place, words in enumerate((EXAM, SURVEY, "受講結果報告"), 1):
        office.get_by_label(f"{place}番目の内容").select_option(label=words)
    press(office, "登録する")
    run = office.url
    press(office, "受講者を登録する")
    office.locator("textarea").fill(LEARNER)
    press(office, "確認へ進む")
    press(office, "1人を登録する")
    press(office, "受講を開始する")
    office.get_by_role("dialog").get_by_role("button", name="開始する").click()
    expect(office.get_by_text("実施中").first).to_be_visible()
    return run


def is_missing(office: Page) -> bool:
    """Whether the learner stands in the list of who has not finished."""
    office.goto("/reports/unfinished")
    office.locator("select[name=training]").select_option(label=TITLE)
    press(office, "検索する")
    office.wait_for_url(re.compile(r"[?&]training=[0-9a-f]"))  # the list before it is no answer
    return office.locator("main tbody tr", has_text=LEARNER).count() > 0


def take_test(learning: Window) -> None:
    """Sit the test with the line cut in the middle: nothing of it is lost."""
    page = learning.page
    page.goto("/")
    press(page, re.compile(rf"{TITLE}：{EXAM}を受講する"))
    press(page, "受験を始める")
    page.get_by_label("文書管理規程").check()
    line = page.locator("[data-exam-line]")
    expect(line).to_have_text(re.compile("保存しました"))
    learning.context.set_offline(True)
    page.get_by_label("×（正しくない）").check()
    expect(line).to_have_text(re.compile("この端末に"), timeout=20_000)
    learning.context.set_offline(False)
    expect(line).to_have_text(re.compile("保存しました"), timeout=30_000)
    page.reload()
    expect(page.get_by_label("×（正しくない）")).to_be_checked()
    press(page, "提出する")
    press(page, "提出する")
    expect(page.get_by_text("合格").first).to_be_visible()


def answer_survey(page: Page) -> None:
    """Answer the survey, without a name."""
    page.goto("/")
    press(page, re.compile(rf"{TITLE}：{SURVEY}を受講する"))
    expect(page.get_by_text("無記名のアンケートです")).to_be_visible()
    for group in page.locator("main fieldset", has=page.locator("input[type=radio]")).all():
        group.locator("input[type=radio]").nth(2).check()
    press(page, "回答を送る")
    expect(page.get_by_text("回答済みです")).to_be_visible()


def report(page: Page) -> None:
    """Report from the home, with a draft in between."""
    link = page.get_by_role("main").get_by_role("link", name=f"{TITLE}の報告を書く")
    for _ in range(40):  # the worker carries what was answered to the enrolment
        page.goto("/")
        if link.count():
            break
        page.wait_for_timeout(500)
    link.click()
    page.get_by_label("学んだこと").fill("文書を捨てるときの手順を学びました。")
    press(page, "途中保存する")
    page.get_by_label("職務への活用").fill("係の文書の一覧を見直します。")
    press(page, "提出する")
    expect(page.get_by_text("提出しました")).to_be_visible()


def confirm(head: Page) -> None:
    """Read and confirm the report as the head."""
    head.goto("/results/waiting")
    row = head.locator("main tr", has_text=TITLE)
    row.get_by_role("link", name=re.compile("報告を読む")).click()
    expect(head.get_by_text("文書を捨てるときの手順を学びました。")).to_be_visible()
    press(head, "確認する")
    expect(head.get_by_text(re.compile("確認しました"))).to_be_visible()


def accept_and_complete(office: Page, run: str) -> None:
    """Accept the report, confirm the completion, and issue the certificate."""
    office.goto(run)
    press(office, "報告を見る")
    office.locator("main tr", has_text=LEARNER).locator("input[type=checkbox]").check()
    press(office, "選んだ報告を受理する")
    press(office, re.compile("受理する"))
    expect(office.get_by_text(re.compile("受理しました"))).to_be_visible()
    office.goto(run)
    press(office, "修了認定")
    expect(office.locator("main tr", has_text=LEARNER)).to_contain_text("修了案")
    office.locator("main tr", has_text=LEARNER).locator("input[type=checkbox]").check()
    press(office, "案のとおり認定する")
    press(office, "1人を認定する")
    expect(office.get_by_text(re.compile("認定しました"))).to_be_visible()
    office.goto(run)
    press(office, "修了証書")
    office.locator("input[name=issuer]").fill("区長")
    press(office, "1人全員に発行する")
    expect(office.get_by_text(re.compile("発行しました"))).to_be_visible()


def certificate(learner: Page) -> tuple[str, str]:
    """Download one's own certificate; return its number and its code."""
    learner.goto("/certificates")
    row = learner.locator("main tr", has_text=TITLE)
    with learner.expect_download() as download:
        row.get_by_role("link", name=re.compile("PDFを開く|のPDF")).click()
    with pypdfium2.PdfDocument(download.value.path()) as paper:
        text = paper[0].get_textpage().get_text_range()
    assert TITLE in text
    code = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}", text)
    number = re.search(r"令和\d+年度 第\d+号", row.inner_text())
    assert code, text
    assert number, row.inner_text()
    return number.group(), code.group()


def verify(page: Page, number: str, code: str) -> None:
    """Have a certificate confirmed, as anybody who holds it can."""
    page.goto("/verify")
    page.locator("input[name=number]").fill(number)
    page.locator("input[name=code]").fill(code)
    press(page, "確認する")
    expect(page.get_by_text(TITLE)).to_be_visible()
    expect(page.get_by_text("研修 太郎")).to_be_visible()
    page.locator("input[name=code]").fill("0000-0000-0000-0000-0000")
    press(page, "確認する")
    expect(page.get_by_text("研修 太郎")).to_have_count(0)

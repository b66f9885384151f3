"""What people do on the pages, step by step, as the walks need it."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Frame, expect

from tests.browser.window import Window

STAFF = (
    "職員番号,氏名,所属コード,所属,職名,メールアドレス\r\n"
    "00011,架空 一,0110,窓口課,主事,a11@example.jp\r\n"
    "00012,髙橋見本 二,0110,窓口課,主任,a12@example.jp\r\n"
    "00013,仮名 三,0120,税務課,主事,\r\n"
)
SECTIONS = (
    "所属コード,所属名,上位所属コード\r\n0100,区民部,\r\n0110,窓口課,0100\r\n0120,税務課,0100\r\n"
)
LAST_PAGE = 14


def change_password(window: Window, present: str, new: str) -> None:
    """Make a password one's own and read what the data is used for, as the first sign-in asks."""
    expect(window.page.get_by_role("heading", name="パスワードの変更")).to_be_visible()
    window.page.get_by_label("いまのパスワード").fill(present)
    window.page.locator("input[name=new]").fill(new)
    window.page.locator("input[name=again]").fill(new)
    window.page.get_by_role("button", name="変更する").click()
    window.page.get_by_role("button", name="確認しました").click()
    expect(window.page.get_by_role("heading", name="ホーム")).to_be_visible()


def import_file(window: Window, path: str, content: bytes) -> None:
    """Upload a file of staff or sections, look at what would change, and commit it."""
    window.page.goto(path)
    window.page.locator("input[type=file]").set_input_files(
        {"name": "file.csv", "mimeType": "text/csv", "buffer": content}
    )
    window.page.get_by_role("button", name="内容を確認する").click()
    window.page.get_by_role("button", name="取り込む", exact=True).click()
    expect(window.page.get_by_text("取り込みました")).to_be_visible(timeout=30_000)


def passwords(window: Window) -> dict[str, str]:
    """Issue first passwords to all who have none; return them by staff number."""
    window.page.goto("/staff/passwords")
    window.page.get_by_role("button", name="画面に表示").click()
    expect(window.page.get_by_role("heading", name="仮のパスワード", exact=True)).to_be_visible()
    rows = window.page.locator("main tbody tr").all()
    issued = {}
    for row in rows:
        text = row.inner_text()
        number = re.search(r"\b\d{5}\b", text)
        assert number, text
        issued[number.group()] = row.locator("code").inner_text().strip()
    return issued


def upload(window: Window, package: Path) -> None:
    """Upload a package, wait for its check, and publish it."""
    window.page.goto("/materials/upload")
    window.page.locator("input[type=file]").set_input_files(package)
    window.page.get_by_role("button", name="送る").click()
    window.page.wait_for_url(re.compile(r"/materials/[0-9a-f-]{36}\?version=1"))
    publish_shown(window)


def publish_shown(window: Window) -> None:
    """Publish the version that is shown."""
    window.page.get_by_role("button", name="公開する").first.click()
    window.page.get_by_role("dialog").get_by_role("button", name="公開する").click()
    expect(window.page.get_by_text("公開しました")).to_be_visible()


def plan(window: Window, code: str, title: str, material: str, numbers: list[str]) -> str:
    """Register a training with one run, enrol people by list, open it; return the run's path."""
    page = window.page
    page.goto("/trainings/new")
    page.get_by_label("研修コード").fill(code)
    page.get_by_label("研修名").fill(title)
    page.get_by_role("button", name="登録する").click()
    page.get_by_role("link", name="実施回を登録する").first.click()
    page.get_by_label("受講を始められる日").fill("2026/11/1")
    page.get_by_label("受講の期限").fill("令和18年3月31日")
    page.get_by_label("所要時間").fill("20")
    page.get_by_label("1番目の内容").select_option(label=material)
    page.get_by_role("button", name="登録する").click()
    page.get_by_role("link", name="受講者を登録する").first.click()
    page.locator("textarea").fill("\n".join(numbers))
    page.get_by_role("button", name="確認へ進む").click()
    page.get_by_role("button", name=f"{len(numbers)}人を登録する").click()
    page.get_by_role("button", name="受講を開始する").click()
    page.get_by_role("dialog").get_by_role("button", name="開始する").click()
    expect(page.get_by_text("実施中").first).to_be_visible()
    found = re.search(r"/runs/[0-9a-f-]{36}", page.url)
    assert found, page.url
    return found.group()


def launch(window: Window, training: str) -> Frame:
    """Go from home into a material; return the frame of its content."""
    page = window.page
    page.goto("/")
    page.get_by_role("button", name=re.compile(rf"{training}を(受講する|続ける)")).click()
    return content(window)


def content(window: Window) -> Frame:
    """Return the frame of the content, once it has started."""
    page = window.page
    page.wait_for_url(re.compile(r"http://a-[0-9a-f]{32}\."))
    expect(page.locator("#loading")).to_be_hidden()
    return frame_of(window)


def frame_of(window: Window) -> Frame:
    """Return the frame of the content that the player shows."""
    frame = window.page.query_selector("#content")
    assert frame
    found = frame.content_frame()
    assert found
    return found


def leave(window: Window) -> None:
    """Leave the player, and wait for the office."""
    window.page.get_by_role("button", name="中断して戻る").click()
    window.page.wait_for_url(re.compile(r"http://localhost:"))


def shown_page(course: Frame) -> str:
    """Return the page of the golf course that is shown: its folder and file."""
    course.wait_for_function("document.getElementById('contentFrame').src !== ''")
    source = course.locator("#contentFrame").get_attribute("src") or ""
    return source.removeprefix("../").partition("?")[0]


def turn_pages(course: Frame, count: int) -> None:
    """Go on by some pages of the golf course."""
    for _ in range(count):
        course.get_by_role("button", name="Next ->").click()


def answer_test(course: Frame, *, right: bool) -> None:
    """Answer the golf course's test, all right or all wrong, and submit it."""
    quiz = course.frame_locator("#contentFrame")
    quiz.get_by_role("button", name="Submit Answers").wait_for()
    frame = next(each for each in course.child_frames if "assessment" in each.url)
    frame.evaluate(
        """(right) => {
            for (const question of test.Questions) {
                const of = (end) => document.getElementById(`question_${question.Id}_${end}`);
                if (question.Type === "numeric") {
                    const answer = Number(question.CorrectAnswer);
                    of("Text").value = right ? answer : answer + 1;
                } else if (question.Type === "true-false") {
                    of(question.CorrectAnswer === right ? "True" : "False").checked = true;
                } else {
                    const place = question.Answers.indexOf(question.CorrectAnswer);
                    of(right ? place : (place + 1) % question.Answers.length).checked = true;
                }
            }
        }""",
        right,
    )
    quiz.get_by_role("button", name="Submit Answers").click()

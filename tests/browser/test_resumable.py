"""A large file that an author sends, through killed servers, cut lines and lost sign-ins."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, CDPSession, Locator, expect
from sqlalchemy.orm import Session

from app.content.uploads.models import Upload
from app.kernel import clock, db
from app.people.sign_in.models import SignIn
from tests.browser import serving
from tests.browser.places import AUTHOR
from tests.browser.window import Window
from tests.launcher import processes

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("installations")]
SIZE = 60 * 1024**2
#: Bytes a second that the line of the tests lets through: the file takes some seconds.
LINE = 12 * 1024**2
PATIENCE_MS = 60_000


@dataclass
class Author:
    """Somebody at the page of components, with a file to send."""

    window: Window
    instance: Path
    file: Path
    #: The debugger of its browser.
    session: CDPSession
    #: What lay on the disk before.
    others: frozenset[Path]

    @property
    def place(self) -> Locator:
        """What is shown of the file."""
        return self.window.page.locator("[data-resumable-progress]")

    @property
    def submit(self) -> Locator:
        """The form's own button."""
        return self.window.page.locator("form[data-resumable]").get_by_role(
            "button", name="登録する"
        )

    def line(self, *, is_cut: bool) -> None:
        """Let so many bytes through as the tests have time for, or none at all."""
        rate = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": LINE}
        self.session.send("Network.emulateNetworkConditions", rate | {"offline": is_cut})

    def choose(self, file: Path | None = None) -> None:
        """Choose the file in the form."""
        self.window.page.get_by_label("動画のファイル").set_input_files(file or self.file)

    def until(self, percent: int) -> None:
        """Wait until so much was sent."""
        self.window.page.wait_for_function(
            "(least) => document.querySelector('[data-resumable-progress] progress').value"
            " >= least",
            arg=percent,
            timeout=PATIENCE_MS,
        )

    def says(self, words: str, within: int = PATIENCE_MS) -> None:
        """Wait until the place says so."""
        expect(self.place.locator("[data-resumable-words]")).to_contain_text(words, timeout=within)

    def arrived(self) -> list[int]:
        """Return the sizes of the uploads that lie on the disk."""
        lying = frozenset((self.instance / "uploads").glob("*.part"))
        return [each.stat().st_size for each in lying - self.others]

    def assert_whole(self) -> None:
        """Hold what lies on the disk against the file, and see that the form names it."""
        self.says("送り終わりました")
        expect(self.submit).to_be_enabled()
        key = uuid.UUID(self.window.page.locator("input[name=upload]").input_value())
        sent = (self.instance / "uploads" / f"{key}.part").read_bytes()
        assert hashlib.sha256(sent).digest() == hashlib.sha256(self.file.read_bytes()).digest()
        with self.database() as session:
            row = session.get_one(Upload, key)
            assert (row.file_name, row.size) == (self.file.name, SIZE)
            assert row.finished_at is not None

    @contextmanager
    def database(self) -> Iterator[Session]:
        """Yield a session of the server's database."""
        found = db.connect(f"sqlite:///{self.instance / 'kenshu.sqlite3'}")
        with found.unit_of_work() as session:
            yield session
        found.engine.dispose()

    def lose_sign_in(self) -> None:
        """End every sign-in, as an operator may."""
        with self.database() as session:
            session.execute(sa.update(SignIn).values(ended_at=clock.now()))


@dataclass
class Server:
    """A server that can be killed and started again."""

    variables: dict[str, str]
    process: subprocess.Popen[bytes]
    #: Passwords by staff number.
    accounts: dict[str, str]

    def kill(self) -> None:
        """End all of it at once, as a power cut would."""
        family = [*processes.descendants(self.process.pid), self.process.pid]
        for pid in family:
            os.kill(pid, signal.SIGKILL)
        self.process.wait(timeout=10)
        assert processes.within(10, lambda: not processes.alive(family))

    def start(self) -> None:
        """Start it again."""
        self.process = serving.start(self.variables, "serve")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demonstration, with its page of components."""
    variables = serving.environment(tmp_path_factory.mktemp("instance")) | {
        "KENSHU_DEVELOPMENT": "1"
    }
    serving.run(variables, "migrate")
    process = serving.start(variables, "serve", "--demo")
    log = Path(variables["KENSHU_INSTANCE"]) / "serve.log"
    accounts = dict(serving.ACCOUNT.findall(log.read_text(encoding="utf-8")))
    made = Server(variables, process, accounts)
    yield made
    made.process.terminate()
    made.process.wait(timeout=30)


@pytest.fixture
def author(server: Server, chromium: Browser, tmp_path: Path) -> Iterator[Author]:
    """An author on a line that is not too fast."""
    instance = Path(server.variables["KENSHU_INSTANCE"])
    window = Window(chromium, serving.origin_of(server.variables))
    window.sign_in(AUTHOR, server.accounts[AUTHOR])
    window.page.wait_for_url("**/")
    file = tmp_path / "研修の動画.mp4"
    file.write_bytes(os.urandom(SIZE))
    window.page.goto("/look")
    session = window.context.new_cdp_session(window.page)
    others = frozenset((instance / "uploads").glob("*.part"))
    made = Author(window, instance, file, session, others)
    made.session.send("Network.enable")
    made.line(is_cut=False)
    yield made
    window.context.close()
    assert window.faults == []
    assert window.breaches == []


def test_a_file_goes_on_where_it_was_after_the_server_was_killed(
    author: Author, server: Server
) -> None:
    expect(author.submit).to_be_disabled()
    author.choose()
    author.until(30)
    server.kill()
    [before] = author.arrived()
    assert 0 < before < SIZE
    author.says("通信が切れました。つながり次第、続きから送ります。")
    patched: list[int] = []
    author.window.page.on(
        "request",
        lambda request: (
            patched.append(int(request.headers["upload-offset"]))
            if request.method == "PATCH"
            else None
        ),
    )
    server.start()
    author.assert_whole()
    # What had come before was not sent again.
    assert min(patched) == before


def test_a_file_goes_on_after_a_pause_a_reload_a_cut_line_and_a_lost_sign_in(
    author: Author, server: Server
) -> None:
    page = author.window.page
    author.choose()
    author.until(10)
    page.get_by_role("button", name="一時停止").click()
    author.says("一時停止しました")
    assert author.window.axe() == []
    expect(author.submit).to_be_disabled()
    page.get_by_role("button", name="再開").click()
    author.until(25)
    assert re.search(r"\d+%（[\d.]+ MB / 62\.9 MB）", author.place.inner_text())
    page.get_by_role("button", name="一時停止").click()
    [before] = author.arrived()
    page.reload()
    author.choose()
    author.until(int(100 * before / SIZE))
    assert author.arrived()[0] >= before
    author.until(45)
    author.line(is_cut=True)
    author.says("通信が切れました")
    author.line(is_cut=False)
    author.until(60)
    author.lose_sign_in()
    author.says("別のウィンドウでサインインし直すと")
    other = author.window.context.new_page()
    other.goto("/sign-in")
    other.get_by_label("職員番号").fill(AUTHOR)
    other.get_by_label("パスワード").fill(server.accounts[AUTHOR])
    other.get_by_role("button", name="サインイン").click()
    other.wait_for_url("**/")
    author.assert_whole()
    heard = author.place.get_by_role("status").inner_text()
    assert heard == "ファイルを送り終わりました。"


def test_what_is_too_large_is_refused_at_once_and_what_is_given_up_is_deleted(
    author: Author, tmp_path: Path
) -> None:
    page = author.window.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    empty = tmp_path / "empty.mp4"
    empty.touch()
    author.choose(empty)
    author.says("ファイルの中身がありません")
    page.locator("[data-resumable-progress]").evaluate("(place) => (place.dataset.limit = 1e6)")
    author.choose()
    author.says("ファイルが大きすぎます（62.9 MB）。1.0 MBまでのファイルを選んでください。")
    assert author.window.axe() == []
    assert asked == []
    page.locator("[data-resumable-progress]").evaluate("(place) => (place.dataset.limit = 1e9)")
    author.choose()
    author.until(15)
    page.get_by_role("button", name="ファイルの送信をやめる").click()
    expect(author.place).to_be_hidden()
    expect(author.submit).to_be_disabled()
    assert page.get_by_label("動画のファイル").input_value() == ""
    assert processes.within(10, lambda: author.arrived() == [])

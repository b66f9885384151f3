"""A stream of commits through a killed server and a cut line: the record holds what content set.

In the suite each fault lasts a few seconds; `make faults` lets them last a minute.
"""

from __future__ import annotations

import os
import signal
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page

from app.kernel import db
from app.learning.records.models import Attempt, LearnerRecord
from content_packages.samples import build
from tests.browser import serving
from tests.conformance.installation import Office, Played, prepared
from tests.conformance.scorm2004 import learning
from tests.launcher import processes

SECONDS = float(os.environ.get("KENSHU_FAULT_SECONDS", "3"))
pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("installations"),
    pytest.mark.requirement("TRK-03"),
]


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    """An installation with one package of SCORM 1.2, not yet served."""
    with prepared([build.build("security_basics", tmp_path)]) as found:
        yield found


def written(played: Played, assignment: uuid.UUID) -> tuple[dict[str, Any], LearnerRecord]:
    """Return the run-time values and the record that the database holds."""
    database = db.connect(played.database)
    with database.reading() as session:
        record = session.scalars(
            sa.select(LearnerRecord).where(LearnerRecord.assignment_id == assignment)
        ).one()
        attempt = session.scalars(sa.select(Attempt).where(Attempt.record_id == record.id)).one()
        [state] = attempt.document["items"].values()
    database.engine.dispose()
    return state, record


def assert_all_is_there(state: dict[str, Any], record: LearnerRecord, count: int) -> None:
    """Hold what was written against what content has set: everything, and each of it once."""
    values = state["values"]
    assert state["counts"]["cmi.interactions"] == count
    names = [values[f"cmi.interactions.{at}.id"] for at in range(count)]
    assert names == [f"q{at}" for at in range(count)]
    assert values["cmi.suspend_data"] == f"{'記録' * 100} {count}"
    assert (record.status, record.score) == ("passed", 95.0)


def answer(at: int) -> list[list[str]]:
    """Return the calls with which content tells one more answer, and commits."""
    return [
        ["LMSSetValue", f"cmi.interactions.{at}.id", f"q{at}"],
        ["LMSSetValue", f"cmi.interactions.{at}.result", "correct"],
        ["LMSSetValue", "cmi.suspend_data", f"{'記録' * 100} {at + 1}"],
        ["LMSCommit", ""],
    ]


CALL = "(calls) => calls.map(([name, ...given]) => window.API[name](...given))"
LAST = [
    ["LMSSetValue", "cmi.core.score.raw", "95"],
    ["LMSSetValue", "cmi.core.lesson_status", "passed"],
    ["LMSCommit", ""],
]


def begin(page: Page) -> None:
    """Wait until the content has begun its session."""
    while not page.evaluate("Boolean(window.API) && API.LMSGetValue('cmi.core.credit') !== ''"):
        page.wait_for_timeout(100)


def test_a_server_that_is_killed_in_the_middle_of_commits_loses_and_doubles_nothing(
    played: Played,
) -> None:
    [assignment] = played.assignments.values()
    count = 0
    server = serving.start(played.environment, "serve")
    try:
        with learning() as learner:
            learner.ask("launch", address=Office(played).launch(assignment))
            learner.ask("call", calls=[["LMSInitialize", ""]])
            for _ in range(2):
                count = _stream(learner, count)
                server = killed_and_started_again(played.environment, server)
            count = _stream(learner, count)
            learner.ask("call", calls=[*LAST, ["LMSFinish", ""]])
            learner.ask("flush")
        assert_all_is_there(*written(played, assignment), count)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _stream(learner: Any, count: int) -> int:
    """Have content answer and commit for a while; return how many answers it has told in all."""
    until = time.monotonic() + SECONDS / 2
    while time.monotonic() < until:
        learner.ask("call", calls=answer(count))
        count += 1
    return count


def killed_and_started_again(environment: dict[str, str], server: Any) -> Any:
    """Kill the launcher and all it has started at once, as a power cut would, and start anew."""
    family = [*processes.descendants(server.pid), server.pid]
    for pid in family:
        os.kill(pid, signal.SIGKILL)
    server.wait(timeout=10)
    assert processes.within(10, lambda: not processes.alive(family))
    time.sleep(SECONDS / 2)
    return serving.start(environment, "serve")


def test_a_line_that_is_cut_for_a_while_loses_and_doubles_nothing(
    played: Played, chromium: Browser
) -> None:
    [assignment] = played.assignments.values()
    with serving.served(played.environment, "serve"):
        context = chromium.new_context(locale="ja-JP")
        page = context.new_page()
        page.goto(Office(played).launch(assignment))
        begin(page)
        for at in range(3):
            page.evaluate(CALL, answer(at))
        context.set_offline(True)
        until = time.monotonic() + SECONDS
        at = 3
        while time.monotonic() < until or page.locator("#line").inner_text() == "":
            page.evaluate(CALL, answer(at))
            at += 1
            page.wait_for_timeout(200)
        assert "通信が切れています" in page.locator("#line").inner_text()
        context.set_offline(False)
        page.evaluate(CALL, LAST)
        page.wait_for_selector("#line[data-line=saved]", timeout=60_000)
        assert "保存しました" in page.locator("#line").inner_text()
        context.close()
        assert_all_is_there(*written(played, assignment), at)


@pytest.mark.requirement("TRK-04")
def test_a_launch_that_expires_leaves_the_content_open_and_the_next_one_brings_all_in(
    played: Played, chromium: Browser
) -> None:
    [assignment] = played.assignments.values()
    with serving.served(played.environment, "serve"):
        context = chromium.new_context(locale="ja-JP")
        page = context.new_page()
        page.goto(Office(played).launch(assignment))
        begin(page)
        page.evaluate(CALL, answer(0))
        page.route("**/commit", lambda route: route.fulfill(status=410, json={"code": "gone"}))
        page.evaluate(CALL, answer(1))
        page.get_by_text("受講画面の有効期限が切れました").first.wait_for()
        page.get_by_role("button", name="教材の画面を見る").click()
        assert page.frame_locator("#content").locator("body").inner_text() != ""
        page.evaluate(CALL, [*answer(2), *LAST])
        page.unroute("**/commit")
        page.goto(Office(played).launch(assignment))
        begin(page)
        context.close()
        assert_all_is_there(*written(played, assignment), 3)

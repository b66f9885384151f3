"""A learner of an LMS without LTI: the package opens the course here, and the LMS has its score."""

from __future__ import annotations

import io
import threading
import urllib.parse
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import FrameLocator, Page, expect

from app.content.materials.models import Material
from app.kernel import clock, db
from app.kernel.actor import Actor, Grant
from app.kernel.settings import Settings
from app.people.permission.models import Role
from app.people.register.models import StaffNumber
from app.portals.packages import access, service
from app.portals.registrations import service as registrations
from app.portals.registrations.models import Portal
from tests.browser.conftest import Window
from tests.browser.serving import Installation

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("demonstration"),
    pytest.mark.requirement("LTI-05"),
]
COURSE = "情報セキュリティの基本"
#: A page of an LMS: it keeps what it is told, and frames the package.
LMS = """<!DOCTYPE html>
<html lang="ja"><meta charset="UTF-8"><title>LMS</title>
<script>
window.told = { "cmi.core.student_id": "lms-person-1", "cmi.core.lesson_status": "not attempted" };
window.calls = [];
const noted = (name) => (value, more) => { window.calls.push([name, value, more]); return "true"; };
window.API = {
  LMSInitialize: noted("initialize"),
  LMSFinish: noted("finish"),
  LMSCommit: noted("commit"),
  LMSGetValue: (name) => window.told[name] || "",
  LMSSetValue: (name, value) => { window.told[name] = value; return "true"; },
};
if (location.search === "?bare") delete window.API;
</script>
<iframe src="/index.html" title="package" width="1200" height="800"></iframe></html>
"""


@dataclass
class Lms:
    """A server that shows a package."""

    origin: str
    files: dict[str, bytes]


@pytest.fixture
def lms() -> Iterator[Lms]:
    files = {"lms.html": LMS.encode()}
    kinds = {"html": "text/html; charset=utf-8", "js": "text/javascript", "xml": "text/xml"}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = urllib.parse.urlsplit(self.path).path.lstrip("/")
            body = files.get(name)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", kinds.get(name.rpartition(".")[2], "text/plain"))
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield Lms(f"http://127.0.0.1:{server.server_port}", files)
    server.shutdown()
    server.server_close()


@dataclass
class Joined:
    """A portal that takes packages, in the database of an installation."""

    database: db.Database
    portal_id: Any
    one: Actor

    def stop(self) -> None:
        with self.database.unit_of_work() as session:
            portal = registrations.found(session, self.portal_id, to_change=True)
            registrations.stop(session, portal, by=self.one, now=clock.now())


@pytest.fixture
def joined(demonstration: Installation, lms: Lms) -> Iterator[Joined]:
    """Two administrators join the LMS, and its own people have unpacked the package there."""
    settings = Settings(instance=demonstration.instance)
    database = db.connect(settings.database)
    with database.unit_of_work() as session:
        numbers = sa.select(StaffNumber.person_id).where(StaffNumber.number.in_(("00101", "00102")))
        one, other = (
            Actor(key, grants=(Grant(Role.ADMINISTRATOR),)) for key in session.scalars(numbers)
        )
        now = clock.now()
        portal = service.propose_package(
            session, "架空LMS", lms.origin, by=one, now=now, settings=settings
        )
        registrations.offer(session, portal, (), has_all=True, by=one, now=now)
        registrations.approve(session, portal, by=other, now=now)
        lms.files.update(unpacked(session, portal, demonstration.origin))
        key = portal.id
    yield Joined(database, key, one)
    database.engine.dispose()


def unpacked(session: Any, portal: Portal, origin: str) -> dict[str, bytes]:
    """Return the files of the package of the course."""
    material = session.scalars(sa.select(Material).where(Material.title == COURSE)).one()
    address = f"{origin}/lti/packages/{access.key_of(portal, material.id)}"
    with zipfile.ZipFile(io.BytesIO(service.package(material, address))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def player(page: Page) -> FrameLocator:
    return page.frame_locator("iframe").frame_locator("#course")


def content(page: Page) -> FrameLocator:
    return player(page).frame_locator("#content")


def take(page: Page) -> None:
    """Read the course to its test, and answer all of it rightly."""
    here = content(page)
    expect(here.get_by_role("heading", name="区民の情報を")).to_be_visible()
    heading = here.get_by_role("heading", name="5問に答えてください")
    while not heading.is_visible():
        here.get_by_role("button", name="次へ", exact=True).click()
    for question in here.locator("fieldset[data-question]").all():
        right = question.get_attribute("data-correct")
        question.locator(f"input[value={right}]").check()
    here.get_by_role("button", name="採点する").click()
    expect(player(page).locator("#line")).to_have_attribute("data-line", "saved", timeout=20_000)


def test_a_course_is_taken_from_an_lms_without_lti_and_its_score_is_recorded_there(
    visit: Callable[[str], Window], lms: Lms, joined: Joined
) -> None:
    window = visit("")
    page = window.page
    page.goto(f"{lms.origin}/lms.html")
    line = page.frame_locator("iframe").locator("#line")
    expect(content(page).get_by_role("heading", name="区民の情報を")).to_be_visible()
    page.wait_for_function("told['cmi.core.lesson_status'] === 'incomplete'")
    take(page)
    page.wait_for_function("told['cmi.core.score.raw'] === '100'", timeout=20_000)
    told = page.evaluate("told")
    assert told["cmi.core.lesson_status"] in ("passed", "completed")
    assert (told["cmi.core.score.min"], told["cmi.core.score.max"]) == ("0", "100")
    expect(line).to_have_text("合格を記録しました。")

    # The LMS closes the package: what it has is kept, and its session ends once.
    page.evaluate("document.querySelector('iframe').src = 'about:blank'")
    page.wait_for_function("calls.some(([name]) => name === 'finish')")
    calls = [each[0] for each in page.evaluate("calls")]
    assert (calls[0], calls[-2:], calls.count("finish")) == ("initialize", ["commit", "finish"], 1)
    assert page.evaluate(r"/^\d{4}:\d\d:\d\d$/.test(told['cmi.core.session_time'])")
    assert window.breaches == []


def test_a_package_says_why_it_opens_nothing(
    visit: Callable[[str], Window], lms: Lms, joined: Joined
) -> None:
    page = visit("").page
    frame = page.frame_locator("iframe")
    page.goto(f"{lms.origin}/lms.html?bare")
    expect(frame.locator("#line")).to_contain_text("何も記録できません")
    expect(frame.locator("#course")).to_be_hidden()
    joined.stop()
    page.goto(f"{lms.origin}/lms.html")
    expect(frame.locator("#line")).to_contain_text("停止中")
    expect(frame.locator("#line")).to_contain_text("受付番号")
    expect(frame.locator("#course")).to_be_hidden()
    assert page.evaluate("told['cmi.core.lesson_status']") == "not attempted"

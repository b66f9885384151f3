"""The demonstration packages: the same each time, whole, and true to what a learner does."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import etree, html
from playwright.sync_api import Browser, FrameLocator, Page, expect

from content_packages.samples.build import NAMES, build, main, members
from xapi.cmi5 import structure

EDITIONS = {"security_basics": "1.2", "plain_japanese": "2004 4th Edition"}
SCOS = {
    "security_basics": ["index.html"],
    "plain_japanese": ["intro.html", "words.html", "sentences.html", "test.html"],
    "evacuation_guide": ["guide.html", "check.html"],
}

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

# A run-time of the least kind: it keeps what it is told in `kept`, and opens a SCO in a frame.
HOST = """<!DOCTYPE html><html lang="ja"><title>host</title><iframe title="SCO"></iframe><script>
const kept = {}, calls = [];
const count = (head) => new Set(Object.keys(kept).filter((key) => key.startsWith(head))
  .map((key) => key.slice(head.length).split(".")[0])).size;
const get = (key) => key.endsWith("._count") ? String(count(key.slice(0, -6))) : kept[key] ?? "";
const set = (key, value) => { kept[key] = value; return "true"; };
const call = (name) => (argument) => { calls.push(name + argument); return "true"; };
const none = () => "0";
const API = { LMSInitialize: call("open"), LMSGetValue: get, LMSSetValue: set,
  LMSCommit: call("commit"), LMSFinish: call("close"), LMSGetLastError: none };
const API_1484_11 = { Initialize: call("open"), GetValue: get, SetValue: set,
  Commit: call("commit"), Terminate: call("close"), GetLastError: none };
window.API = API; window.API_1484_11 = API_1484_11;
const load = (address) => { document.querySelector("iframe").src = address; };
</script></html>"""


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the built packages and the host page; the address of the server."""
    root = tmp_path_factory.mktemp("site")
    for name in NAMES:
        with ZipFile(build(name, root)) as archive:
            archive.extractall(root / name)
    (root / "host.html").write_text(HOST, encoding="utf-8")
    handler = functools.partial(QuietHandler, directory=str(root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a fresh context, as a learner's own browser."""
    context = chromium.new_context(locale="ja-JP")
    yield context.new_page()
    context.close()


def open_sco(page: Page, site: str, path: str, **kept: str) -> FrameLocator:
    """Open the SCO in the host page, whose run-time already holds `kept`."""
    page.goto(f"{site}/host.html")
    page.evaluate("(values) => Object.assign(kept, values)", dict(kept))
    return reopen(page, path)


def reopen(page: Page, path: str) -> FrameLocator:
    page.evaluate("(path) => load(path)", path)
    frame = page.frame_locator("iframe")
    frame.locator("[data-steps]:not([hidden])").wait_for()
    return frame


def leave(page: Page) -> dict[str, str]:
    """Take the SCO away as a closed tab would; what the run-time has then been told."""
    page.evaluate("load('about:blank')")
    page.wait_for_function("calls.at(-1) === 'close'")
    return kept(page)


def kept(page: Page) -> dict[str, str]:
    values: dict[str, str] = page.evaluate("kept")
    return values


def turn_to(frame: FrameLocator, page_id: str) -> None:
    while not frame.locator(f"#{page_id}").is_visible():
        frame.get_by_role("button", name="次へ", exact=True).click()


def answer(frame: FrameLocator, *, wrong: int = 0) -> None:
    """Answer each question as its key says, but the first `wrong` ones with another choice."""
    for index, question in enumerate(frame.locator("fieldset").all()):
        correct = str(question.get_attribute("data-correct")).split(",")
        choices = question.locator("input")
        values = [str(choice.get_attribute("value")) for choice in choices.all()]
        others = [value for value in values if value not in correct]
        for value in others[:1] if index < wrong else correct:
            question.locator(f"input[value='{value}']").check()
    frame.get_by_role("button", name="採点する").click()


@pytest.mark.parametrize("name", NAMES)
def test_a_package_is_the_same_bytes_each_time(name: str, tmp_path: Path) -> None:
    first = build(name, tmp_path / "first").read_bytes()
    assert build(name, tmp_path / "second").read_bytes() == first


def test_a_name_that_is_no_sample_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="shared"):
        build("shared", tmp_path)


def test_the_command_builds_every_package(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 0
    expected = [tmp_path / f"{name}.zip" for name in NAMES]
    assert capsys.readouterr().out.split() == [str(path) for path in expected]
    assert all(path.is_file() for path in expected)


def test_the_command_without_a_folder_says_how_it_is_called(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 2
    assert "FOLDER" in capsys.readouterr().err


@pytest.mark.parametrize("name", EDITIONS)
def test_the_manifest_lists_what_the_package_holds_and_nothing_else(
    name: str, tmp_path: Path
) -> None:
    with ZipFile(build(name, tmp_path)) as archive:
        inside = archive.namelist()
        manifest = etree.fromstring(archive.read("imsmanifest.xml"))
    listed = [str(file.get("href")) for file in manifest.iter("{*}file")]
    assert sorted([*listed, "imsmanifest.xml"]) == sorted(inside)
    assert manifest.xpath("string(//*[local-name()='schemaversion'])") == EDITIONS[name]
    scos = "//*[local-name()='resource'][@*[local-name()='scormtype' or local-name()='scormType']"
    assert manifest.xpath(f"{scos}='sco']/@href") == SCOS[name]


def test_a_course_structure_is_without_fault(tmp_path: Path) -> None:
    with ZipFile(build("evacuation_guide", tmp_path)) as archive:
        course, found = structure.read(archive.read("cmi5.xml"), archive.namelist())
    assert found == []
    assert [unit.url for unit in course.units] == SCOS["evacuation_guide"]


@pytest.mark.parametrize("name", NAMES)
def test_pages_hold_no_script_of_their_own_and_name_no_other_host(name: str) -> None:
    for inside, path in members(name).items():
        if not inside.endswith(".html"):
            continue
        page = html.document_fromstring(path.read_bytes())
        assert (
            page.xpath("//script[not(@src)]|//style|//@style|//@*[starts-with(name(),'on')]") == []
        )
        addresses = [
            str(element.get(name))
            for element in page.iter("*")
            for name in ("src", "href", "action")
            if element.get(name)
        ]
        assert addresses
        assert [address for address in addresses if ":" in address or "//" in address] == []


@pytest.mark.browser
def test_a_learner_who_fails_comes_back_to_the_same_page_and_passes(page: Page, site: str) -> None:
    path = "security_basics/index.html"
    frame = open_sco(page, site, path, **{"cmi.core.lesson_status": "not attempted"})
    turn_to(frame, "carrying")
    record = leave(page)
    assert record["cmi.core.lesson_status"] == "incomplete"
    assert record["cmi.core.lesson_location"] == "carrying"
    assert record["cmi.core.exit"] == "suspend"

    frame = reopen(page, path)
    expect(frame.locator("#carrying")).to_be_visible()
    turn_to(frame, "quiz")
    answer(frame, wrong=2)
    expect(frame.locator("[data-sign]")).to_contain_text("不合格")
    record = leave(page)
    assert record["cmi.core.lesson_status"] == "failed"
    assert record["cmi.core.score.raw"] == "60"
    assert record["cmi.interactions.0.result"] == "wrong"
    assert record["cmi.interactions.4.student_response"] == "b"

    frame = reopen(page, path)
    frame.get_by_role("button", name="もう一度テストを受ける").click()
    answer(frame, wrong=1)
    expect(frame.locator("[data-sign]")).to_contain_text("合格")
    record = leave(page)
    assert record["cmi.core.lesson_status"] == "passed"
    assert record["cmi.core.score.raw"] == "80"
    assert record["cmi.interactions.9.result"] == "correct"


@pytest.mark.browser
def test_marking_waits_for_every_answer(page: Page, site: str) -> None:
    frame = open_sco(page, site, "security_basics/index.html")
    turn_to(frame, "quiz")
    frame.get_by_role("button", name="採点する").click()
    expect(frame.locator("fieldset:first-of-type .error")).to_be_visible()
    expect(frame.locator("fieldset:first-of-type input").first).to_be_focused()
    assert "cmi.core.score.raw" not in leave(page)


@pytest.mark.browser
@pytest.mark.parametrize("sco", ["intro.html", "words.html", "sentences.html"])
def test_a_lesson_is_completed_by_its_last_page_and_asks_for_the_next(
    page: Page, site: str, sco: str
) -> None:
    frame = open_sco(
        page, site, f"plain_japanese/{sco}", **{"adl.nav.request_valid.continue": "true"}
    )
    assert kept(page)["cmi.completion_status"] == "incomplete"
    while frame.get_by_role("button", name="次へ", exact=True).is_visible():
        frame.get_by_role("button", name="次へ", exact=True).click()
    frame.get_by_role("button", name="次へ進む").click()
    record = leave(page)
    assert record["cmi.completion_status"] == "completed"
    assert record["cmi.progress_measure"] == "1.0000"
    assert record["cmi.exit"] == "normal"
    assert record["adl.nav.request"] == "continue"


@pytest.mark.browser
def test_a_passed_test_that_is_opened_again_is_still_passed(page: Page, site: str) -> None:
    path = "plain_japanese/test.html"
    frame = open_sco(page, site, path, **{"adl.data.0.id": "memory", "adl.data.0.store": ""})
    turn_to(frame, "questions")
    answer(frame, wrong=1)
    expect(frame.locator("[data-sign]")).to_contain_text("合格")
    record = leave(page)
    assert record["cmi.score.scaled"] == "0.80"
    assert record["cmi.success_status"] == "passed"
    assert record["cmi.exit"] == "normal"
    assert record["cmi.interactions.2.learner_response"] == "a[,]c"
    assert record["cmi.interactions.1.type"] == "true-false"

    # a new attempt of the activity knows only what the course has kept for it
    again = {"adl.data.0.id": "memory", "adl.data.0.store": record["adl.data.0.store"]}
    frame = open_sco(page, site, path, **again)
    expect(frame.locator("#guide")).to_be_visible()
    record = leave(page)
    assert record["cmi.success_status"] == "passed"
    assert record["cmi.completion_status"] == "completed"
    assert record["cmi.score.scaled"] == "0.80"


@pytest.mark.browser
@pytest.mark.parametrize(
    "path",
    ["security_basics/index.html", "plain_japanese/intro.html", "evacuation_guide/guide.html"],
)
def test_without_a_run_time_the_page_says_that_nothing_is_recorded(
    page: Page, site: str, path: str
) -> None:
    page.goto(f"{site}/{path}")
    expect(page.get_by_role("status")).to_contain_text("記録されません")
    page.get_by_role("button", name="次へ", exact=True).click()
    expect(page.locator("[data-place]")).to_contain_text("2 /")


@pytest.mark.browser
@pytest.mark.skipif(not AXE.is_file(), reason="the browser's packages are not installed")
@pytest.mark.parametrize("path", [f"{name}/{sco}" for name in NAMES for sco in SCOS[name]])
def test_axe_finds_no_violation_on_any_page(page: Page, site: str, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}/{path}")
    page.add_script_tag(path=AXE)
    for page_id in page.eval_on_selector_all(".page", "all => all.map((one) => one.id)"):
        page.evaluate("(id) => pages.show(id)", page_id)
        report = page.evaluate("axe.run()")
        assert report["passes"]
        assert [rule["id"] for rule in report["violations"]] == [], page_id
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page_id

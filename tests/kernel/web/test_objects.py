"""One object as an answer: ranges, conditions, and who sends it."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import flask
import pytest
from flask.testing import FlaskClient

from app.kernel.errors import KenshuError
from app.kernel.objects import objects_of
from app.kernel.settings import Settings
from app.kernel.web import objects as web
from tests.kernel.objects.conftest import (
    bucket,
    free_port,
    s3_server,
    s3_settings,
    source,
    store_settings,
)

__all__ = ["bucket", "s3_server", "s3_settings", "source", "store_settings"]

FILM = "video/1/720.mp4"
DIGITS = b"0123456789"


def site(settings: Settings) -> flask.Flask:
    """Return an application that answers with any object."""
    app = flask.Flask("site", static_folder=None)

    def answer(key: str) -> flask.Response:
        return web.answer(objects_of(settings), key, settings=settings, seconds=60)

    def refused(error: KenshuError) -> tuple[str, int]:
        return error.code, error.status

    app.add_url_rule("/<path:key>", "answer", answer)
    app.register_error_handler(KenshuError, refused)
    return app


Fill = Callable[[Settings], FlaskClient]


@pytest.fixture
def filled(source: Path) -> Fill:
    """Return a function that puts a film into a store, and opens a browser on it."""

    def fill(settings: Settings) -> FlaskClient:
        objects_of(settings).put(FILM, source, "video/mp4")
        return site(settings).test_client()

    return fill


@pytest.fixture
def browser(filled: Fill, store_settings: Settings) -> FlaskClient:
    """A browser on either store."""
    return filled(store_settings)


def test_the_whole_is_sent(browser: FlaskClient) -> None:
    answer = browser.get(f"/{FILM}")
    assert (answer.status_code, answer.data) == (200, DIGITS)
    assert answer.content_type == "video/mp4"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Length"] == "10"
    assert answer.headers["Cache-Control"] == "private, max-age=3600"


@pytest.mark.parametrize(
    ("field", "told", "body"),
    [
        ("bytes=0-0", "bytes 0-0/10", b"0"),
        ("bytes=2-4", "bytes 2-4/10", b"234"),
        ("bytes=7-", "bytes 7-9/10", b"789"),
        ("bytes=-3", "bytes 7-9/10", b"789"),
        ("bytes=8-100", "bytes 8-9/10", b"89"),
    ],
)
def test_a_part_is_sent(browser: FlaskClient, field: str, told: str, body: bytes) -> None:
    answer = browser.get(f"/{FILM}", headers={"Range": field})
    assert (answer.status_code, answer.headers["Content-Range"]) == (206, told)
    assert (answer.data, answer.headers["Content-Length"]) == (body, str(len(body)))


def test_a_part_behind_the_end_is_refused(browser: FlaskClient) -> None:
    answer = browser.get(f"/{FILM}", headers={"Range": "bytes=10-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */10")
    assert (answer.data, answer.headers["Content-Length"]) == (b"", "0")


@pytest.mark.parametrize("field", ["bytes=4-2", "bytes=1-2,4-5", "lines=1-2"])
def test_what_is_no_range_gets_the_whole(browser: FlaskClient, field: str) -> None:
    answer = browser.get(f"/{FILM}", headers={"Range": field})
    assert (answer.status_code, answer.data) == (200, DIGITS)


def test_the_head_is_told_without_a_body(browser: FlaskClient) -> None:
    whole = browser.head(f"/{FILM}")
    assert (whole.status_code, whole.data, whole.headers["Content-Length"]) == (200, b"", "10")
    part = browser.head(f"/{FILM}", headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.data, part.headers["Content-Length"]) == (206, b"", "3")


def test_what_the_browser_has_is_not_sent_again(browser: FlaskClient) -> None:
    tag = browser.get(f"/{FILM}").headers["ETag"]
    for field in (tag, f'"other", W/{tag}', "*"):
        answer = browser.get(f"/{FILM}", headers={"If-None-Match": field, "Range": "bytes=1-2"})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)
    assert browser.get(f"/{FILM}", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_part_of_what_has_changed_is_not_mixed_with_the_old(browser: FlaskClient) -> None:
    tag = browser.get(f"/{FILM}").headers["ETag"]
    for field, status in ((tag, 206), ('"other"', 200), (f"W/{tag}", 200)):
        headers = {"If-Range": field, "Range": "bytes=1-2"}
        assert browser.get(f"/{FILM}", headers=headers).status_code == status


def test_an_empty_object_is_sent(store_settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    objects_of(store_settings).put("note.vtt", tmp_path / "empty", "text/vtt; charset=utf-8")
    answer = site(store_settings).test_client().get("/note.vtt")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.content_type == "text/vtt; charset=utf-8"


def test_what_is_not_there_is_not_found(browser: FlaskClient) -> None:
    answer = browser.get("/video/1/1080.mp4")
    assert (answer.status_code, answer.text) == (404, "not_found")


def test_nginx_is_told_which_file_to_send(filled: Fill, settings: Settings) -> None:
    browser = filled(replace(settings, accel_path="/kenshu-objects/"))
    answer = browser.get(f"/{FILM}", headers={"Range": "bytes=2-4"})
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["X-Accel-Redirect"] == f"/kenshu-objects/{FILM}"
    assert answer.content_type == "video/mp4"
    assert answer.headers["Cache-Control"] == "private, max-age=3600"
    missing = browser.get("/video/2/720.mp4")
    assert missing.status_code == 404
    assert "X-Accel-Redirect" not in missing.headers


def test_what_lies_elsewhere_is_not_asked_of_nginx(filled: Fill, s3_settings: Settings) -> None:
    answer = filled(replace(s3_settings, accel_path="/kenshu-objects/")).get(f"/{FILM}")
    assert answer.data == DIGITS
    assert "X-Accel-Redirect" not in answer.headers


def test_a_browser_is_sent_to_the_store(filled: Fill, s3_settings: Settings) -> None:
    direct = replace(s3_settings, object_store_direct=True)
    answer = filled(direct).get(f"/{FILM}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (307, "no-store")
    request = urllib.request.Request(answer.headers["Location"], headers={"Range": "bytes=2-4"})
    with urllib.request.urlopen(request) as found:
        assert (found.status, found.read()) == (206, b"234")
    assert web.origin(objects_of(direct)) == s3_settings.object_store_endpoint


def test_without_signed_addresses_a_page_needs_no_other_origin(store_settings: Settings) -> None:
    assert web.origin(objects_of(store_settings)) == ""


def test_a_store_that_is_gone_is_told_so(s3_settings: Settings) -> None:
    gone = replace(s3_settings, object_store_endpoint=f"http://127.0.0.1:{free_port()}")
    answer = site(gone).test_client().get(f"/{FILM}")
    assert (answer.status_code, answer.text) == (503, "object_store_unreachable")

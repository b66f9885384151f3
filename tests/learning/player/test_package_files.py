"""The package's files, straight out of its ZIP, under the launch's token."""

from __future__ import annotations

import gzip
from urllib.parse import quote

import pytest

from tests.learning.player.conftest import FILM, PAGE, Window


def test_a_deflated_file_is_answered_as_gzip_without_being_packed_again(window: Window) -> None:
    response = window.get("content/index.html", Accept_Encoding="gzip")
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.data) == PAGE
    assert response.mimetype == "text/html"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert int(response.headers["Content-Length"]) == len(response.data)


def test_whoever_takes_no_gzip_gets_the_file_as_it_was(window: Window) -> None:
    response = window.get("content/index.html")
    assert response.data == PAGE
    assert "Content-Encoding" not in response.headers


def test_a_part_of_a_film_is_answered_as_that_part(window: Window) -> None:
    response = window.get("content/sound.mp3", Range="bytes=100-199")
    assert response.status_code == 206
    assert response.data == FILM[100:200]
    assert response.headers["Content-Range"] == f"bytes 100-199/{len(FILM)}"


def test_a_part_beyond_the_end_is_refused(window: Window) -> None:
    response = window.get("content/sound.mp3", Range="bytes=9999-")
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{len(FILM)}"


def test_a_file_that_is_known_is_not_sent_again(window: Window) -> None:
    first = window.get("content/index.html", Accept_Encoding="gzip")
    again = window.get("content/index.html", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"]


def test_a_kept_file_is_kept_in_this_browser_alone(window: Window) -> None:
    assert window.get("content/index.html").headers["Cache-Control"] == "private, max-age=3600"


@pytest.mark.parametrize(
    "name",
    ["図/表紙.html", "資料.txt", "INDEX.HTML"],
    ids=["a name in UTF-8", "a name in CP932", "another case"],
)
def test_a_file_is_found_by_its_name_however_it_is_written(window: Window, name: str) -> None:
    response = window.get("content/" + quote(name))
    assert response.status_code == 200
    assert response.data in (PAGE, b"cp932")


def test_a_file_that_is_missing_is_told_in_japanese_with_its_name(window: Window) -> None:
    response = window.get("content/" + quote("図/ない.html"))
    assert response.status_code == 404
    html = response.get_data(as_text=True)
    assert "教材の中に、このファイルがありません" in html
    assert "図/ない.html" in html
    assert response.headers["X-Request-Id"] in html
    assert response.headers["Cache-Control"] == "no-store"


def test_a_missing_name_with_markup_is_shown_as_text(window: Window) -> None:
    html = window.get("content/" + quote("<script>alert(1)</script>")).get_data(as_text=True)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.requirement("SEC-12")
@pytest.mark.parametrize(
    "name",
    ["../secret.key", "..%2f..%2fsecret.key", "%2e%2e/secret.key", "/etc/passwd", "a%00b", "%ff"],
)
def test_no_name_leads_out_of_the_package(window: Window, name: str) -> None:
    assert window.get(f"content/{name}").status_code in (404, 308)


def test_head_answers_the_same_without_the_file(window: Window) -> None:
    path = window.address.partition(":8000")[2] + "content/index.html"
    origin = window.address.removesuffix(window.address.partition(":8000")[2])
    response = window.client.head(path, base_url=origin)
    assert response.status_code == 200
    assert response.data == b""
    assert response.headers["Content-Length"] == str(len(PAGE))

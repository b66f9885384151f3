"""Readers that have stopped to read, as a film's page does: the server answers the others."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.kernel.settings import Settings
from content_packages import ranges
from tests.browser import serving
from tests.conformance.installation import Office, prepared
from tests.content_packages.made import File, zip_of
from tests.scorm import made

FILM = 3 * ranges.PIECE


@pytest.fixture
def film(tmp_path: Path) -> Iterator[str]:
    """The address of a film in the package that a learner has launched."""
    path = tmp_path / "package.zip"
    page = File(b"index.html", b"<!doctype html><title>film</title>")
    film = File(b"film.mp4", bytes(FILM), method=0)
    path.write_bytes(zip_of(File(b"imsmanifest.xml", made.text().encode()), page, film))
    with prepared([path]) as played, serving.served(played.environment, "serve"):
        [assignment] = played.assignments.values()
        yield f"{Office(played).launch(assignment)}content/film.mp4"


def test_who_has_stopped_to_read_keeps_nobody_waiting(film: str) -> None:
    at = urlsplit(film)
    asked = f"GET {at.path} HTTP/1.1\r\nHost: {at.netloc}\r\nRange: bytes=0-\r\n\r\n"
    with ExitStack() as held:
        for _ in range(2 * Settings.threads):
            reader = socket.create_connection(("127.0.0.1", at.port), timeout=10)
            held.enter_context(reader)
            reader.sendall(asked.encode())
            told = reader.recv(4096)
            assert told.startswith(b"HTTP/1.1 206 ")
            assert f"bytes 0-{ranges.PIECE - 1}/{FILM}".encode() in told
        with urllib.request.urlopen(f"http://localhost:{at.port}/sign-in", timeout=10) as answer:
            assert answer.status == 200

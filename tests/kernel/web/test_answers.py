"""How an answer is handed to the server: whole where it is small, else as it is read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.kernel.web.application import Response
from content_packages import ranges


class Pieces:
    """A body that comes in pieces, and knows whether it was let go."""

    def __init__(self) -> None:
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield from (b"ab", b"cd")

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "PIECE", 4)


@pytest.mark.parametrize(
    ("length", "is_whole"),
    [({}, False), ({"Content-Length": "4"}, True), ({"Content-Length": "5"}, False)],
)
def test_what_is_small_is_read_and_let_go_at_once(length: dict[str, str], is_whole: bool) -> None:
    pieces = Pieces()
    body = Response(pieces, headers=length).get_app_iter({"REQUEST_METHOD": "GET"})
    assert isinstance(body, list) is is_whole
    assert pieces.is_closed is is_whole
    assert b"".join(body) == b"abcd"


def test_a_text_is_whole_however_long_it_is() -> None:
    assert Response("架空").get_app_iter({"REQUEST_METHOD": "GET"}) == ["架空".encode()]


def test_a_head_has_no_body() -> None:
    headers = {"Content-Length": "4"}
    assert list(Response(Pieces(), headers=headers).get_app_iter({"REQUEST_METHOD": "HEAD"})) == []

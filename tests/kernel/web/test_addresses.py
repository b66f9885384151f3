"""Which addresses a browser may be led to."""

from __future__ import annotations

import pytest

from app.kernel.web.addresses import web_host


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://Other.example.jp/course?at=7", "other.example.jp"),
        ("http://[::1]:8000/", "::1"),
        ("https:///course", ""),
        ("https://[other/course", ""),
        ("javascript:alert(1)", ""),
        ("//other.example.jp/", ""),
        ("/course", ""),
        ("", ""),
    ],
)
def test_an_address_of_the_web_has_a_host_and_no_other_text_has(address: str, host: str) -> None:
    assert web_host(address) == host

"""The line to platforms: only where it may go, with an end in time and in size."""

from __future__ import annotations

import io
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest

from lti import http
from lti.errors import LineRefused
from lti.http import Line

LOOPBACK = (ip_network("127.0.0.0/8"),)


class Answering(BaseHTTPRequestHandler):
    """A platform that answers by the path that is asked for."""

    def do_GET(self) -> None:
        body = b"x" * (http.MOST + 1 if self.path == "/long" else 10)
        self.send_response(302 if self.path == "/elsewhere" else 200)
        self.send_header("Location", "/other")
        self.send_header("Set-Agent", self.headers["User-Agent"])
        self.send_header("Set-Cookie", "session=1; Path=/")
        self.send_header("Cookies", self.headers.get("Cookie", "none"))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        length = self.headers["Content-Length"]
        came = len(self.rfile.read(int(length)))
        told = {"length": length, "type": self.headers["Content-Type"], "came": came}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.fixture
def platform() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def refused(call: Callable[[], object]) -> str:
    """Return the code that a call is refused by."""
    with pytest.raises(LineRefused) as told:
        call()
    return told.value.code


def test_a_platform_in_a_network_that_is_named_is_reached(platform: str) -> None:
    with Line({"127.0.0.1"}, networks=LOOPBACK) as line:
        answer = line.get(f"{platform}/")
    assert (answer.status_code, answer.content) == (200, b"x" * 10)
    assert answer.headers["Set-Agent"] == "Kenshu"


def test_nothing_is_followed(platform: str) -> None:
    with Line({"127.0.0.1"}, networks=LOOPBACK) as line:
        assert line.get(f"{platform}/elsewhere", allow_redirects=True).status_code == 302


def test_an_answer_has_an_end(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Line({"127.0.0.1"}, networks=LOOPBACK) as line:
        assert refused(lambda: line.get(f"{platform}/long")) == "answer_too_long"
        monkeypatch.setattr(http, "WHOLE", -1.0)
        assert refused(lambda: line.get(f"{platform}/")) == "answer_too_slow"


def test_who_says_so_waits_longer_for_an_answer(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "WHOLE", -1.0)
    monkeypatch.setattr(http, "PATIENCE", (3.0, -1.0))
    with Line({"127.0.0.1"}, networks=LOOPBACK, seconds=(5.0, 10.0)) as line:
        assert line.get(f"{platform}/").status_code == 200
    with Line({"127.0.0.1"}, networks=LOOPBACK, seconds=(5.0, -1.0)) as line:
        assert refused(lambda: line.get(f"{platform}/")) == "answer_too_slow"


def test_a_body_that_is_read_bit_by_bit_is_sent_with_its_headers(platform: str) -> None:
    body = io.BytesIO(b"y" * 100_000)
    with Line({"127.0.0.1"}, networks=LOOPBACK) as line:
        answer = line.post(f"{platform}/", data=body, headers={"Content-Type": "text/plain"})
    assert answer.json() == {"length": "100000", "type": "text/plain", "came": 100_000}


def test_no_cookie_is_kept(platform: str) -> None:
    with Line({"127.0.0.1"}, networks=LOOPBACK) as line:
        said = [line.get(f"{platform}/").headers["Cookies"] for _ in range(2)]
        assert said == ["none", "none"]
        assert not line.cookies


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("ftp://platform.example.com/", "address_unusable"),
        ("file:///etc/passwd", "address_unusable"),
        ("https://user@platform.example.com/", "address_unusable"),
        ("https://elsewhere.example.com/", "host_not_registered"),
        ("https://platform.example.com.elsewhere.example/", "host_not_registered"),
        ("https:///", "host_not_registered"),
    ],
)
def test_only_hosts_of_the_agreement_are_called(address: str, code: str) -> None:
    with Line({"platform.example.com"}, networks=LOOPBACK) as line:
        assert refused(lambda: line.get(address)) == code


@pytest.mark.parametrize(
    "place",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "::1", "fe80::1%1", "fd00::1",
     "::ffff:10.1.2.3", "0.0.0.0", "224.0.0.1"],  # noqa: S104 - nobody listens there
)  # fmt: skip
def test_a_name_that_leads_inside_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def found(*_asked: object, **_more: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, 443))]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    with Line({"platform.example.com"}) as line:
        assert refused(lambda: line.get("https://platform.example.com/")) == "address_not_allowed"
        assert refused(lambda: line.get("http://platform.example.com/")) == "not_sealed"


def test_what_is_open_to_all_is_called_by_tls_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    called = []

    def found(*_asked: object, **_more: object) -> list[tuple[object, ...]]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443)),
        ]

    def connect(address: tuple[str, int], *_given: object, **_more: object) -> socket.socket:
        called.append(address)
        raise TimeoutError

    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    with Line({"platform.example.com"}) as line:
        assert refused(lambda: line.get("https://platform.example.com/")) == "line_broken"
        assert refused(lambda: line.get("http://platform.example.com/")) == "not_sealed"
    assert called == [("8.8.8.8", 443)], "the name is not looked up a second time"

"""The real nginx sends what lies in the folder, as deploy/nginx-objects.conf tells it to."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.error import HTTPError

import flask
import pytest
from werkzeug.serving import make_server

from app.kernel.objects import objects_of
from app.kernel.settings import Settings
from tests.kernel.objects.conftest import free_port, source
from tests.kernel.web.test_objects import DIGITS, FILM, site

__all__ = ["source"]

DEPLOYED = Path(__file__).parents[3] / "deploy" / "nginx-objects.conf"
CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://127.0.0.1:{behind}; }}
{location}
    }}
}}
"""


@contextmanager
def served(app: flask.Flask) -> Iterator[int]:
    """Serve an application; yield its port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def internal_location(folder: Path) -> str:
    """Return the deployed location, with another folder in it."""
    text = DEPLOYED.read_text()
    [alias] = re.findall(r"alias (\S+);", text)
    return text.replace(alias, f"{folder}/")


@pytest.fixture
def front(settings: Settings, source: Path, tmp_path: Path) -> Iterator[str]:
    """The address of nginx before a site whose store holds one film."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        pytest.skip("no nginx on this machine: apt-get install nginx-light")
    objects_of(settings).put(FILM, source, "video/mp4")
    app = site(replace(settings, accel_path="/kenshu-objects/"))

    @app.after_request
    def protect(response: flask.Response) -> flask.Response:
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    with served(app) as behind:
        port = free_port()
        text = CONFIGURATION.format(
            folder=tmp_path,
            port=port,
            behind=behind,
            location=internal_location(settings.objects_folder),
        )
        (tmp_path / "nginx.conf").write_text(text)
        words = [program, "-e", "stderr", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
        with (tmp_path / "nginx.log").open("wb") as log:
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}", process, tmp_path / "nginx.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=10)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/{FILM}", timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())


def get(address: str, **fields: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, header and body."""
    headers = {name.replace("_", "-"): value for name, value in fields.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def test_nginx_sends_the_file_in_ranges(front: str) -> None:
    status, headers, body = get(f"{front}/{FILM}")
    assert (status, body) == (200, DIGITS)
    assert headers["Content-Type"] == "video/mp4"
    assert headers["Cache-Control"] == "private, max-age=3600"
    assert headers["Accept-Ranges"] == "bytes"
    status, told, body = get(f"{front}/{FILM}", Range="bytes=2-4")
    assert (status, told["Content-Range"], body) == (206, "bytes 2-4/10", b"234")
    assert get(f"{front}/{FILM}", Range="bytes=10-")[0] == 416
    assert get(f"{front}/{FILM}", If_None_Match=headers["ETag"])[::2] == (304, b"")


def test_what_protects_an_answer_is_not_lost_on_the_way(front: str) -> None:
    for fields in ({}, {"Range": "bytes=2-4"}):
        _, headers, _ = get(f"{front}/{FILM}", **fields)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_nobody_asks_nginx_itself_for_a_file(front: str, settings: Settings) -> None:
    assert get(f"{front}/kenshu-objects/{FILM}")[::2] != (200, DIGITS)
    assert get(f"{front}/kenshu-objects/{FILM}")[0] == 404
    (settings.instance / "secret.key").write_text("secret")
    for path in ("../secret.key", "..%2fsecret.key", "video/../../secret.key"):
        assert b"secret" not in get(f"{front}/kenshu-objects/{path}")[2]
    assert get(f"{front}/video/2/720.mp4")[0] == 404

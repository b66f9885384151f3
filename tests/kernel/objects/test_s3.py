"""The object store: nothing but the settings counts, and what it fails in is one error of ours."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import boto3
import flask
import pytest

from app.kernel.errors import Unavailable
from app.kernel.objects import Objects, objects_of
from app.kernel.objects.s3 import S3
from app.kernel.settings import Settings
from tests.kernel.objects.conftest import KEY, SECRET, free_port

FILM = "video/1/720.mp4"


def contents(settings: Settings, bucket: str) -> list[str]:
    """Return what really lies in a bucket."""
    client = boto3.client(
        "s3",
        endpoint_url=settings.object_store_endpoint,
        region_name="us-east-1",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
    )
    found = client.list_objects_v2(Bucket=bucket)
    uploads = client.list_multipart_uploads(Bucket=bucket)
    client.close()
    assert not uploads.get("Uploads"), "a part of an upload was left"
    return [entry["Key"] for entry in found.get("Contents", ())]


@pytest.fixture
def stored(s3_settings: Settings) -> Objects:
    """The store."""
    return objects_of(s3_settings)


def test_objects_lie_below_the_prefix(
    stored: Objects, s3_settings: Settings, bucket: str, source: Path
) -> None:
    assert isinstance(stored, S3)
    stored.put(FILM, source, "video/mp4")
    assert contents(s3_settings, bucket) == [f"kenshu/films/{FILM}"]
    assert stored.local(FILM) is None


@pytest.mark.parametrize("end", ["", "/", "/x", "/x/"])
def test_a_prefix_may_be_written_with_its_slash_or_be_missing(
    s3_settings: Settings, bucket: str, source: Path, end: str
) -> None:
    found = objects_of(replace(s3_settings, object_store=f"s3://{bucket}{end}"))
    found.put(FILM, source, "video/mp4")
    below = "x/" if "x" in end else ""
    assert contents(s3_settings, bucket) == [below + FILM]
    assert list(found.keys("video/")) == [FILM]


def test_two_installations_share_a_bucket_by_their_prefixes(
    s3_settings: Settings, bucket: str, source: Path
) -> None:
    one, other = (
        objects_of(replace(s3_settings, object_store=f"s3://{bucket}/{name}"))
        for name in ("one", "other")
    )
    one.put(FILM, source, "video/mp4")
    assert list(other.keys("")) == []
    assert other.remove("video/") == 0
    assert one.read(FILM) == b"0123456789"


def test_the_store_says_what_kind_of_thing_it_is(stored: Objects, source: Path) -> None:
    stored.put("video/1/sound.mp4", source, "audio/mp4")
    about = stored.about("video/1/sound.mp4")
    assert about is not None
    assert about.content_type == "audio/mp4"


def test_more_keys_than_a_page_holds_are_found_and_removed(
    stored: Objects,
    source: Path,
    s3_settings: Settings,
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "10")  # real ones send a thousand at once
    for number in range(35):
        stored.put(f"work/{number:04}", source, "video/mp4")
    assert len(list(stored.keys("work/"))) == 35
    assert stored.remove("work/") == 35
    assert contents(s3_settings, bucket) == []


def test_browsers_are_sent_to_the_store_only_where_the_settings_say_so(
    s3_settings: Settings, stored: Objects, source: Path
) -> None:
    stored.put(FILM, source, "video/mp4")
    assert stored.address(FILM, 60) is None
    direct = objects_of(replace(s3_settings, object_store_direct=True))
    address = direct.address(FILM, 60)
    assert address is not None
    asked = parse_qs(urlsplit(address).query)
    assert asked["X-Amz-Expires"] == ["60"]
    assert SECRET not in address
    request = urllib.request.Request(address, headers={"Range": "bytes=2-4"})
    with urllib.request.urlopen(request) as answer:
        assert (answer.status, answer.read()) == (206, b"234")


def test_amazons_own_variables_change_nothing(
    s3_settings: Settings, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody-else")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    direct = objects_of(replace(s3_settings, object_store_direct=True, launch_hours=1))
    direct.put(FILM, source, "video/mp4")
    address = direct.address(FILM, 60) or ""
    assert address.startswith(f"{s3_settings.object_store_endpoint}/")
    assert parse_qs(urlsplit(address).query)["X-Amz-Credential"][0].startswith(f"{KEY}/")
    amazons = replace(
        s3_settings,
        object_store_endpoint="",
        object_store_region="ap-northeast-1",
        object_store_direct=True,
    )
    place = urlsplit(objects_of(amazons).address(FILM, 60) or "")
    assert place.scheme == "https"
    assert place.netloc.startswith("films-")
    assert place.netloc.endswith(".amazonaws.com")


def test_a_store_that_is_gone_is_one_error_within_seconds(
    s3_settings: Settings, source: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    gone = objects_of(replace(s3_settings, object_store_endpoint=address))
    asks = (
        lambda: gone.put(FILM, source, "video/mp4"),
        lambda: gone.fetch(FILM, tmp_path / "fetched"),
        lambda: gone.read(FILM),
        lambda: gone.stream(FILM),
        lambda: gone.about(FILM),
        lambda: next(gone.keys("video/")),
        lambda: gone.remove("video/"),
    )
    for ask in asks:
        began = time.monotonic()
        with caplog.at_level(logging.ERROR), pytest.raises(Unavailable) as told:
            ask()
        assert told.value.code == "object_store_unreachable"
        assert time.monotonic() - began < 15
    assert list(tmp_path.glob("fetched*")) == []
    assert [record.getMessage() for record in caplog.records] == 7 * ["object_store.failed"]
    assert SECRET not in caplog.text


class BreakingOff(BaseHTTPRequestHandler):
    """A store that promises ten megabytes, sends one, and is gone."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "10000000")
        self.end_headers()
        self.wfile.write(bytes(1_000_000))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_line_that_breaks_in_the_middle_is_told_and_not_taken_for_the_end(
    s3_settings: Settings, tmp_path: Path
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BreakingOff) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            address = f"http://127.0.0.1:{server.server_port}"
            breaking = objects_of(replace(s3_settings, object_store_endpoint=address))
            with pytest.raises(Unavailable):
                breaking.read(FILM)
        finally:
            server.shutdown()
            thread.join()


def test_whoever_leaves_off_in_the_middle_keeps_no_connection(
    stored: Objects, tmp_path: Path
) -> None:
    (tmp_path / "large").write_bytes(bytes(5_000_000))
    stored.put(FILM, tmp_path / "large", "video/mp4")
    for _ in range(30):  # more than there are connections
        answer = flask.Response(stored.stream(FILM))
        assert len(next(answer.iter_encoded())) > 0
        answer.close()
    assert len(stored.read(FILM)) == 5_000_000


def test_a_bucket_that_is_not_there_is_the_stores_fault(
    s3_settings: Settings, source: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = objects_of(replace(s3_settings, object_store="s3://no-such-bucket"))
    for ask in (
        lambda: other.put(FILM, source, "video/mp4"),
        lambda: other.read(FILM),
        lambda: list(other.keys("")),
    ):
        with pytest.raises(Unavailable):
            ask()
    told = [vars(record) for record in caplog.records if record.levelname == "ERROR"]
    assert [line["operation"] for line in told] == ["put", "stream", "keys"]
    assert [line["code"] for line in told[1:]] == ["NoSuchBucket", "NoSuchBucket"]


def test_a_file_that_is_not_there_is_not_the_stores_fault(stored: Objects, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        stored.put(FILM, tmp_path / "nowhere", "video/mp4")
    assert stored.about(FILM) is None


def test_without_its_package_the_settings_say_what_to_install(
    s3_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(ValueError, match="bin/setup s3"):
        replace(s3_settings, object_store_direct=True)


def test_whoever_has_a_folder_needs_no_package(settings: Settings) -> None:
    script = (
        "import sys; sys.modules['boto3'] = None\n"
        "from pathlib import Path\n"
        "from app.kernel.objects import objects_of\n"
        "from app.kernel.settings import Settings\n"
        "print(list(objects_of(Settings(instance=Path(sys.argv[1]))).keys('')))"
    )
    command = [sys.executable, "-c", script, str(settings.instance)]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"[]\n"

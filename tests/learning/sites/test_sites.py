"""Which size a site plays, and how many may watch there at once."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.kernel import sites
from app.kernel.errors import Unavailable
from app.kernel.settings import Settings, SettingsError
from app.learning.sites import service
from tests.launcher.processes import within

BRANCH = "10.1.0.7"


@pytest.fixture(scope="module")
def queue() -> Iterator[str]:
    server = shutil.which("redis-server") or shutil.which("valkey-server")
    assert server is not None, "neither redis-server nor valkey-server is installed"
    folder = Path(tempfile.mkdtemp())  # short: a socket's path has at most 107 bytes
    socket = folder / "redis.sock"
    arguments = ("--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder))
    process = subprocess.Popen([server, *arguments], stdout=subprocess.DEVNULL)
    assert within(10, socket.exists)
    yield f"unix://{socket}"
    process.terminate()
    process.wait()
    shutil.rmtree(folder)


def with_sites(tmp_path: Path, queue: str, figures: str, height: int = 0) -> Settings:
    """Return settings with one branch of that name's own."""
    name = uuid.uuid4().hex
    return Settings(
        instance=tmp_path,
        redis_url=queue,
        video_height=height,
        video_sites=f"本庁=10.9.0.0/16;0;0;0 {name}=10.1.0.0/24,192.0.2.7;{figures}",
    )


@pytest.mark.parametrize(
    ("figures", "everywhere", "address", "height"),
    [
        ("480;0;0", 0, BRANCH, 480),
        ("480;0;0", 360, BRANCH, 360),
        ("480;0;0", 720, "10.9.1.1", 720),
        ("480;0;0", 0, "10.9.1.1", None),
        ("0;0;0", 0, BRANCH, None),
        ("480;0;0", 0, "203.0.113.1", None),
        ("480;0;0", 0, "192.0.2.7", 480),
        ("480;0;0", 0, "no address", None),
    ],
)
@pytest.mark.requirement("VID-07")
def test_the_lowest_limit_rules(
    tmp_path: Path,
    queue: str,
    now: datetime,
    figures: str,
    everywhere: int,
    address: str,
    height: int | None,
) -> None:
    settings = with_sites(tmp_path, queue, figures, everywhere)
    assert service.height_for(settings, address, uuid.uuid4(), now) == height


@pytest.mark.requirement("VID-07")
def test_a_busy_site_plays_the_smallest_size_and_a_full_one_asks_to_come_later(
    tmp_path: Path, queue: str, now: datetime
) -> None:
    settings = with_sites(tmp_path, queue, "720;2;3")
    viewers = [uuid.uuid4() for _ in range(4)]
    assert service.height_for(settings, BRANCH, viewers[0], now) == 720
    assert service.height_for(settings, BRANCH, viewers[1], now) == 1
    assert service.height_for(settings, BRANCH, viewers[2], now) == 1
    with pytest.raises(Unavailable, match="site_full"):
        service.height_for(settings, BRANCH, viewers[3], now)
    # Who watches already goes on; who has not said a word for a minute has gone.
    assert service.height_for(settings, BRANCH, viewers[0], now + timedelta(seconds=50)) == 1
    later = now + timedelta(seconds=service.GONE + 1)
    assert service.height_for(settings, BRANCH, viewers[3], later) == 1


def test_without_redis_everybody_may_watch(
    tmp_path: Path, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    settings = with_sites(tmp_path, f"unix://{tmp_path}/none.sock", "720;1;1")
    assert service.height_for(settings, BRANCH, uuid.uuid4(), now) == 720
    assert [line.getMessage() for line in caplog.records] == ["viewers.uncounted"]


@pytest.mark.parametrize(
    "text",
    ["出張所", "出張所=10.1.0.0/24", "=10.1.0.0/24;1;1;1", "a=;1;1;1", "a=10.1.0.0/24;x;1;1"],
)
def test_what_names_no_site_is_told_before_anything_starts(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="KENSHU_VIDEO_SITES"):
        replace(Settings(instance=tmp_path), video_sites=text)


def test_a_site_is_read_as_it_is_written() -> None:
    (site,) = sites.parse("出張所=10.1.0.0/24,2001:db8::/32;480;20;40")
    assert (site.name, site.height, site.busy, site.most) == ("出張所", 480, 20, 40)
    assert sites.of_address([site], "2001:db8::1") is site

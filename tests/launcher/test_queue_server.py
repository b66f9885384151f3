"""The launcher's own Redis."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from app.kernel.settings import Settings
from app.launcher import queue_server
from app.launcher.children import Children
from app.launcher.errors import LaunchError


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    instance = tmp_path / "instance"
    instance.mkdir()
    before = Settings(instance=instance)
    return replace(before, redis_url=queue_server.address(before))


def test_what_was_queued_is_there_after_a_restart(settings: Settings) -> None:
    for expected in (None, b"kept"):
        with Children(os.environ, settings.instance) as children:
            queue_server.start(children, settings)
            with redis.Redis.from_url(settings.redis) as server:
                assert server.get("key") == expected
                server.set("key", "kept")
    queue_server.forget(settings.redis, settings)


def test_nobody_else_can_open_its_socket(settings: Settings) -> None:
    with Children(os.environ, settings.instance) as children:
        queue_server.start(children, settings)
        socket = Path(settings.redis.removeprefix("unix://"))
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        with redis.Redis.from_url(settings.redis) as server:
            assert server.config_get("port") == {"port": "0"}
    queue_server.forget(settings.redis, settings)


def test_a_long_folder_gets_a_short_socket_that_is_tidied_away(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path / ("長い名前" * 10))
    address = queue_server.address(settings)
    socket = Path(address.removeprefix("unix://"))
    assert len(bytes(socket)) <= queue_server.LONGEST_SOCKET
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    queue_server.forget(address, settings)
    assert not socket.parent.exists()


def test_a_short_folder_keeps_the_socket() -> None:
    settings = Settings(instance=Path("/srv/kenshu"))
    assert queue_server.address(settings) == "unix:///srv/kenshu/redis.sock"


def test_a_machine_without_redis_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LaunchError, match="apt-get install redis-server"):
        queue_server.program()


def test_valkey_serves_as_well(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    valkey = tmp_path / "valkey-server"
    valkey.touch(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert queue_server.program() == str(valkey)

"""`kenshu serve` as an operator runs it: pages answer, and nothing is left when it ends."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.kernel.settings import Settings
from app.launcher import serve, web_server
from app.launcher.errors import LaunchError
from tests.launcher.processes import alive, children, command_line, descendants, within

#: Words of the command lines of what it starts; the worker has a process of its own besides.
PARTS = ("redis.sock", "-m workers ", "-m workers.listening", "granian")
COMMAND = [sys.executable, "-c", "from app.cli import main; main()", "serve"]
Start = Callable[[Path, int], subprocess.Popen[str]]


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _hear_interrupts() -> None:
    """Undo what a shell does to its background jobs, for the launcher keeps to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def start() -> Iterator[Start]:
    """Start servers, each on its folder and port; what a test leaves is stopped."""
    started = []

    def run(instance: Path, port: int) -> subprocess.Popen[str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("KENSHU_")}
        launcher = subprocess.Popen(
            COMMAND,
            cwd=serve.ROOT,
            env={**kept, "KENSHU_INSTANCE": str(instance), "KENSHU_PORT": str(port)},
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_hear_interrupts,  # noqa: PLW1509 - the suite has no thread here
        )
        started.append(launcher)
        return launcher

    yield run
    for launcher in started:
        launcher.terminate()
        launcher.communicate(timeout=60)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def started_family(launcher: subprocess.Popen[str], port: int) -> dict[int, str]:
    assert within(60, lambda: answers(port) or launcher.poll() is not None)
    assert launcher.poll() is None, launcher.stderr.read() if launcher.stderr else ""
    assert within(30, lambda: all(_runs(part, launcher.pid) for part in PARTS))
    return descendants(launcher.pid)


def _runs(part: str, launcher: int) -> bool:
    return any(part in line for line in descendants(launcher).values())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_when_it_is_stopped(
    start: Start, port: int, tmp_path: Path, number: signal.Signals
) -> None:
    launcher = start(tmp_path / "instance", port)
    family = started_family(launcher, port)
    launcher.send_signal(number)
    assert launcher.wait(60) == (-number if number == signal.SIGKILL else 0)
    assert within(20, lambda: not alive(family)), [command_line(pid) for pid in alive(family)]


@pytest.mark.parametrize("part", ["redis-server", "-m workers ", "granian"])
def test_what_is_killed_is_started_again_and_told(
    start: Start, port: int, tmp_path: Path, part: str
) -> None:
    launcher = start(tmp_path / "instance", port)
    started_family(launcher, port)
    [victim] = [pid for pid, line in children(launcher.pid).items() if part in line]
    os.kill(victim, signal.SIGKILL)
    assert within(30, lambda: any(part in line for line in children(launcher.pid).values()))
    family = started_family(launcher, port)
    assert victim not in family
    launcher.send_signal(signal.SIGINT)
    _, told = launcher.communicate(timeout=60)
    assert launcher.returncode == 0
    assert "was killed by signal 9; it is started again." in told
    assert within(20, lambda: not alive(family)), [command_line(pid) for pid in alive(family)]


def test_a_folder_is_served_once_at_a_time(start: Start, port: int, tmp_path: Path) -> None:
    first = start(tmp_path / "instance", port)
    started_family(first, port)
    second = start(tmp_path / "instance", port)
    _, told = second.communicate(timeout=60)
    assert second.returncode == 1
    assert "being served" in told
    assert "KENSHU_INSTANCE" in told
    assert answers(port)


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(instance=tmp_path / "instance", port=taken.getsockname()[1])
        with pytest.raises(LaunchError, match="KENSHU_PORT=8010 bin/run"):
            serve.serve(settings, lambda _: None)
    assert not list(settings.instance.glob("*.sqlite3*"))


def test_children_read_exactly_the_launchers_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KENSHU_PORT", "8009")
    monkeypatch.setenv("KENSHU_LANGUAGE", "en")
    settings = Settings(instance=tmp_path, port=8010, demo=True, organisation="架空区")
    assert Settings.from_environment(serve.environment(settings)) == settings


@pytest.mark.parametrize("field", ["office_origin", "content_origin"])
def test_another_port_moves_the_addresses_that_are_not_set(field: str) -> None:
    moved = Settings.from_environment({"KENSHU_PORT": "8010"})
    assert getattr(moved, field).endswith("localhost:8010")
    name = f"KENSHU_{field.upper()}"
    kept = Settings.from_environment({"KENSHU_PORT": "8010", name: "https://a.example"})
    assert getattr(kept, field) == "https://a.example"


def test_idle_browsers_shut_nobody_out(tmp_path: Path) -> None:
    command = web_server.command(Settings(instance=tmp_path, threads=4), tmp_path)
    assert int(command[command.index("--backpressure") + 1]) >= 1000


def test_no_launch_token_reaches_a_log(tmp_path: Path) -> None:
    assert "--no-access-log" in web_server.command(Settings(instance=tmp_path), tmp_path)

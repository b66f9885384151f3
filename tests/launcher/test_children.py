"""Children end with their parent, whichever way it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.launcher.children import Children
from app.launcher.errors import LaunchError
from tests.launcher.processes import alive, descendants, within

FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]
#: Does not listen to SIGTERM, says so on its output, and has a child of its own.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "w").close()
time.sleep(600)
"""


@pytest.fixture
def children(tmp_path: Path) -> Children:
    return Children(os.environ, tmp_path)


def sleeping() -> list[int]:
    """Return the processes below this one that such a program has become."""
    return [pid for pid, line in descendants(os.getpid()).items() if "sleep(600)" in line]


def test_leaving_stops_all_of_them(children: Children) -> None:
    with children:
        children.start("one", FOREVER)
        children.start("two", FOREVER)
        assert within(10, lambda: len(sleeping()) == 2)
        running = sleeping()
    assert not alive(running)


def test_one_that_will_not_stop_is_killed_with_all_it_has_started(
    children: Children, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.launcher.children.STOP_SECONDS", 0.2)
    ready = tmp_path / "ready"
    with children:
        children.start("stubborn", [sys.executable, "-c", STUBBORN, str(ready)])
        children.until("stubborn", ready.exists, 10)
        assert within(10, lambda: len(sleeping()) == 2)
        running = sleeping()
    assert within(5, lambda: not alive(running))


def test_one_that_does_not_stay_up_takes_all_down_and_is_told_with_its_name_and_code(
    children: Children,
) -> None:
    with children:
        children.start("The web", FOREVER)
        children.start("The worker", [sys.executable, "-c", "raise SystemExit(3)"])
        with pytest.raises(LaunchError, match="The worker ended with code 3"):
            children.watch()


def test_a_child_killed_by_a_signal_is_told_as_that(children: Children) -> None:
    with children:
        children.start("one", [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"])
        with pytest.raises(LaunchError, match="one was killed by signal 9"):
            children.watch()


def test_waiting_ends_when_the_child_ends(children: Children) -> None:
    with children:
        children.start("one", [sys.executable, "-c", ""])
        with pytest.raises(LaunchError, match="one ended with code 0"):
            children.until("one", lambda: False, 30)


def test_waiting_ends_after_its_time(children: Children) -> None:
    with children:
        children.start("one", FOREVER)
        with pytest.raises(LaunchError, match="one did not answer within 0 seconds"):
            children.until("one", lambda: False, 0.2)


def test_a_ctrl_c_in_the_terminal_does_not_reach_them(children: Children) -> None:
    with children:
        children.start("one", FOREVER)
        assert within(10, lambda: len(sleeping()) == 1)
        [child] = sleeping()
        assert os.getpgid(child) == child


def test_they_end_when_the_launcher_is_killed(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, sys\n"
        "from app.launcher.children import Children\n"
        "with Children(os.environ, pathlib.Path(sys.argv[1])) as children:\n"
        f"    children.start('one', {FOREVER!r})\n"
        "    print('started', flush=True)\n"
        "    children.watch()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE
    ) as launcher:
        assert launcher.stdout
        assert launcher.stdout.readline() == b"started\n"
        running = descendants(launcher.pid)
        assert len(running) == 1
        launcher.send_signal(signal.SIGKILL)
    assert within(5, lambda: not alive(running))

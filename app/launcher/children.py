"""Child processes that cannot outlive their parent, whichever way it ends.

Each leads a process group of its own, so that a Ctrl-C in the terminal reaches the launcher alone,
and so that what a child has started can be ended with it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType

from app.kernel.processes import die_with
from app.launcher.errors import LaunchError

#: Seconds a child gets to end what is under way; the worker gives its own child ten of them.
STOP_SECONDS = 15.0
PAUSE_SECONDS = 0.05
#: A child that ends by itself is started again, but the so many-th end within so many seconds takes
#: all down: it would not stay up.
MOST_ENDS = 3
ENDS_SECONDS = 60.0


class Children:
    """The running children, in the order of their start; leaving the context stops them all."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        """Children run in `folder` with `environment`."""
        self._environment = dict(environment)
        self._folder = folder
        self._commands: dict[str, Sequence[str]] = {}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        #: When each child has ended by itself, lately.
        self._ends: dict[str, list[float]] = {}

    def __enter__(self) -> Children:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a child under a name that messages can use."""
        self._commands[name] = command
        self._running[name] = subprocess.Popen(  # noqa: S603 - commands are our own, no shell
            command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=partial(die_with, os.getpid(), signal.SIGTERM),  # noqa: PLW1509 - the launcher has one thread
        )

    def until(self, name: str, answers: Callable[[], bool], seconds: float) -> None:
        """Wait until a child answers; raises LaunchError when one ends, or after `seconds`."""
        deadline = time.monotonic() + seconds
        while not answers():
            self._check()
            if time.monotonic() > deadline:
                raise LaunchError(f"{name} did not answer within {seconds:.0f} seconds.")
            time.sleep(PAUSE_SECONDS)

    def watch(self, told: Callable[[str], None] = lambda _: None) -> None:
        """Start again what ends by itself, which `told` hears of.

        Raises LaunchError for a child that does not stay up.
        """
        while True:
            self._revive(told)
            # Sleeps until any child changes, and leaves its status for the check to read.
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)

    def stop(self) -> None:
        """Stop all, the last started first, with everything left in their groups."""
        while self._running:
            _, process = self._running.popitem()
            process.terminate()
            with suppress(subprocess.TimeoutExpired):  # killed below
                process.wait(STOP_SECONDS)
            with suppress(ProcessLookupError):  # nothing is left of the group
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _check(self) -> None:
        for name, process in self._running.items():
            if (code := process.poll()) is not None:
                raise LaunchError(f"{name} {_how(code)}; everything is being stopped.")

    def _revive(self, told: Callable[[str], None]) -> None:
        for name, process in list(self._running.items()):
            if (code := process.poll()) is None:
                continue
            now = time.monotonic()
            ends = [at for at in self._ends.get(name, []) if now - at < ENDS_SECONDS] + [now]
            self._ends[name] = ends
            if len(ends) >= MOST_ENDS:
                self._check()
            with suppress(ProcessLookupError):  # nothing is left of the group
                os.killpg(process.pid, signal.SIGKILL)
            told(f"{name} {_how(code)}; it is started again.")
            self.start(name, self._commands[name])


def _how(code: int) -> str:
    return f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"

"""What runs on this machine, read off /proc."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path


def _states() -> dict[int, tuple[str, int]]:
    """Return the state letter and the parent of every process."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
            continue
        found[int(stat.parent.name)] = (state, int(parent))
    return found


def descendants(pid: int) -> dict[int, str]:
    """Return the command line of every process below one, by its id."""
    states, family = _states(), {pid}
    while more := {each for each, (_, parent) in states.items() if parent in family} - family:
        family |= more
    return {each: command_line(each) for each in family - {pid}}


def children(pid: int) -> dict[int, str]:
    """Return the command line of every process that one has itself started, by its id."""
    return {each: command_line(each) for each, (_, parent) in _states().items() if parent == pid}


def command_line(pid: int) -> str:
    """Return a process's command line; empty once it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def alive(pids: Iterable[int]) -> set[int]:
    """Return those that still run; one that only waits to be reaped has ended."""
    states = _states()
    return {pid for pid in pids if pid in states and states[pid][0] != "Z"}


def within(seconds: float, done: Callable[[], bool]) -> bool:
    """Return whether something becomes true in time."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True

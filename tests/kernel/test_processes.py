"""Processes of ours keep out of each other's way."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Keeps to a processor, says which, and waits until it may end.
PROCESS = """
import os, sys
from app.kernel.processes import keep_to_a_processor
print(keep_to_a_processor(sys.argv[1]), sorted(os.sched_getaffinity(0)), flush=True)
sys.stdin.read()
"""


@contextmanager
def running(family: str) -> Iterator[str]:
    """Run a process that keeps to a processor; yield what it says of itself."""
    command = [sys.executable, "-c", PROCESS, family]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()


def test_each_process_has_a_processor_of_its_own_and_the_rest_go_anywhere() -> None:
    everywhere, family = sorted(os.sched_getaffinity(0)), str(uuid.uuid4())
    with ExitStack() as stack:
        said = [stack.enter_context(running(family)) for _ in range(len(everywhere) + 1)]
    assert said == [*(f"{number} [{number}]" for number in everywhere), f"None {everywhere}"]


def test_a_processor_is_free_again_when_its_process_is_gone() -> None:
    family = str(uuid.uuid4())
    with running(family) as first:
        pass
    with running(family) as second:
        assert second == first

"""From `bin/run` to the first page, on a second start."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks import servers
from benchmarks.figures import tell

ROOT = Path(__file__).parents[1]
LONGEST_SECONDS = 300


def measure() -> None:
    """Tell the seconds until the second start answers its first page."""
    with tempfile.TemporaryDirectory(prefix="kenshu-bench-") as folder:
        port = servers.free_port()
        environment = {**os.environ, "KENSHU_INSTANCE": folder, "KENSHU_PORT": str(port)}
        first, second = (_start(environment, port) for _ in range(2))
        tell("start.second", second, "s", first=round(first, 2))


def _start(environment: dict[str, str], port: int) -> float:
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(ROOT / "bin" / "run")],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.perf_counter() - began < LONGEST_SECONDS:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=2):
                    break
            except urllib.error.HTTPError:
                break  # it answers: by this name it is the content's origin
            except OSError:
                time.sleep(0.02)
        return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(timeout=60)

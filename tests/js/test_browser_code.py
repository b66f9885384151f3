"""The browser's code passes its own tests, which Node runs: `node --test tests/js/*.test.mjs`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path.name for path in Path(__file__).parent.glob("*.test.mjs"))


@pytest.mark.parametrize("name", FILES)
def test_the_browsers_code_passes_its_tests(name: str) -> None:
    node = shutil.which("node")
    assert node is not None, "Node is missing: bin/setup test installs it"
    done = subprocess.run(
        [node, "--test", f"tests/js/{name}"],
        cwd=ROOT,
        env={**os.environ, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr


def test_there_are_tests_of_the_browsers_code() -> None:
    assert len(FILES) >= 4

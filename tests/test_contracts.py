"""The contracts of setup.cfg do refuse what they are there to refuse."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("app", "content_packages", "lti", "scorm", "workers", "xapi")
LINTER = Path(sys.executable).with_name("lint-imports")

SEEDS = {
    "An arrow goes down only": ("scorm/navigation.py", "import content_packages.names"),
    "A wing knows only what stands below it": (
        "app/people/register/service.py",
        "import app.training.plans.models",
    ),
    "The standards know neither the web": ("content_packages/names.py", "import flask"),
    "A new room that is not on the plan": ("app/annex.py", "import os"),
}


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINTER, "--config", "setup.cfg", "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code, to spoil."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("static", "*.pyc")
        )
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    return tmp_path


def test_the_code_keeps_its_contracts(copy: Path) -> None:
    done = _lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seeded_violation_breaks_a_contract(copy: Path, seed: str) -> None:
    name, line = SEEDS[seed]
    path = copy / name
    before = path.read_text(encoding="utf-8") if path.exists() else '"""A stranger."""\n'
    path.write_text(before + f"\n{line}\n", encoding="utf-8")
    done = _lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    if not seed.startswith("A new room"):
        broken = [each for each in done.stdout.splitlines() if "BROKEN" in each]
        assert any(each.startswith(seed) for each in broken), done.stdout

"""Import in MB/s, and what the gate needs for 500 MB, beside `unzip -t` over the same package."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from app.content.imports import service
from app.content.materials import access
from app.kernel.settings import Settings
from benchmarks.figures import tell

PAGES = 2_000
PICTURES = 60
PICTURE_BYTES = 2_000_000
FILMS = 40
FILM_BYTES = 10_000_000
LARGE_PICTURES = 50
ROUNDS = 5
MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="bench" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="o"><organization identifier="o"><title>測定</title>
    <item identifier="i" identifierref="r"><title>測定</title></item></organization></organizations>
  <resources><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="p0.html">
  {files}</resource></resources></manifest>"""


def measure() -> None:
    """Tell how fast packages are checked, read and kept, and what one of 500 MB needs."""
    with tempfile.TemporaryDirectory(prefix="kenshu-bench-") as folder:
        _measure_speed(Path(folder))
        _measure_large(Path(folder))


def _measure_speed(folder: Path) -> None:
    """Tell how many MB of content a second are checked, read and kept."""
    path = folder / "package.zip"
    size = _package(path, pictures=PICTURES, films=0)
    settings = Settings(instance=folder / "instance")
    ours, theirs = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        examined = service.examine(path, settings, lambda _done, _total: None)
        service.keep(access.store(settings), path, examined.sha256)
        ours.append({"seconds": time.perf_counter() - began})
        theirs.append(_unzip(path))
    tell(
        "import",
        size / _median(ours, "seconds") / 1e6,
        "MB/s",
        **_peer(lambda: round(size / _median(theirs, "seconds") / 1e6, 1)),
        files=PAGES + PICTURES + 1,
        content_mb=round(size / 1e6),
    )


def _measure_large(folder: Path) -> None:
    """Tell time, processor and memory of the gate at 500 MB, then how often an import reads it."""
    path = folder / "large.zip"
    _package(path, pictures=LARGE_PICTURES, films=FILMS)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_alone(path))
        theirs.append(_unzip(path))
    size_mb = round(path.stat().st_size / 1e6)
    for name, key in (("gate.seconds", "seconds"), ("gate.processor", "processor_seconds")):
        value = _median(ours, key)
        peer = _peer(lambda key=key: round(_median(theirs, key), 3))  # type: ignore[misc] # bound now
        ratio = round(value / _median(theirs, key), 2) if theirs[0] else None
        tell(name, value, "s", **peer, ratio=ratio, archive_mb=size_mb)
    tell("gate.memory", max(each["peak_mb"] for each in ours), "MB", archive_mb=size_mb)
    whole = _alone(path, folder / "large-instance")
    tell(
        "import.times_read",
        whole["times_read"],
        "times",
        seconds=round(whole["seconds"], 3),
        peak_mb=round(whole["peak_mb"]),
        archive_mb=size_mb,
    )


def _alone(path: Path, *instance: Path) -> dict[str, float]:
    """Let a process of its own look at the package; return what it tells."""
    command = [sys.executable, "-m", "benchmarks.gate", str(path), *map(str, instance)]
    done = subprocess.run(command, check=True, capture_output=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _unzip(path: Path) -> dict[str, float]:
    """Let `unzip -t` test the package; return its seconds, nothing where it is not installed."""
    program = shutil.which("unzip")
    if program is None:
        return {}
    began = time.perf_counter()
    process = subprocess.Popen([program, "-tqq", str(path)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, program)
    return {
        "seconds": time.perf_counter() - began,
        "processor_seconds": usage.ru_utime + usage.ru_stime,
    }


def _peer(value: Callable[[], float]) -> dict[str, object]:
    if shutil.which("unzip") is None:
        return {"beside": "unzip is not installed"}
    return {"beside": "unzip -t", "beside_value": value()}


def _median(rounds: list[dict[str, float]], key: str) -> float:
    return sorted(each[key] for each in rounds)[len(rounds) // 2]


def _package(path: Path, *, pictures: int, films: int) -> int:
    """Write a package of pages and pictures, which are deflated, and films, which are stored.

    Returns its size unpacked, in bytes.
    """
    chance = random.Random(20261123)  # noqa: S311 - the same package each time, no secret
    words = ["研修", "職員", "記録", "教材", "受講", "確認", "報告", "所属"]
    names = [f"p{n}.html" for n in range(PAGES)] + [f"i{n}.jpg" for n in range(pictures)]
    names += [f"f{n}.mp4" for n in range(films)]
    files = "".join(f'<file href="{name}"/>' for name in names)
    total = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name in ("imsmanifest.xml", *names):
            method = zipfile.ZIP_STORED if name.endswith(".mp4") else zipfile.ZIP_DEFLATED
            if name.endswith(".xml"):
                data = MANIFEST.format(files=files).encode()
            elif name.endswith(".html"):
                data = " ".join(chance.choices(words, k=2_000)).encode()
            else:
                data = chance.randbytes(FILM_BYTES if name.endswith(".mp4") else PICTURE_BYTES)
            package.writestr(name, data, method)
            total += len(data)
    return total

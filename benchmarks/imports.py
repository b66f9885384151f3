"""Import in MB/s, beside `unzip -t` over the same package."""

from __future__ import annotations

import random
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path

from app.content.imports import service
from app.content.materials import access
from app.kernel.settings import Settings
from benchmarks.figures import tell

PAGES = 2_000
PICTURES = 60
PICTURE_BYTES = 2_000_000
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
    """Tell how many MB of content a second are checked, read and kept."""
    with tempfile.TemporaryDirectory(prefix="kenshu-bench-") as folder:
        path = Path(folder) / "package.zip"
        size = _package(path)
        settings = Settings(instance=Path(folder) / "instance")
        ours, theirs = [], []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            service.examine(path, settings, lambda _done, _total: None)
            service.keep(access.store(settings), path)
            ours.append(time.perf_counter() - began)
            began = time.perf_counter()
            subprocess.run(["unzip", "-tqq", str(path)], check=True)
            theirs.append(time.perf_counter() - began)
        best, beside = sorted(ours)[ROUNDS // 2], sorted(theirs)[ROUNDS // 2]
        tell(
            "import",
            size / best / 1e6,
            "MB/s",
            beside="unzip -t",
            beside_value=round(size / beside / 1e6, 1),
            files=PAGES + PICTURES + 1,
            content_mb=round(size / 1e6),
        )


def _package(path: Path) -> int:
    """Write a package of many pages and some pictures; return its size unpacked, in bytes."""
    chance = random.Random(20261123)  # noqa: S311 - the same package each time, no secret
    words = ["研修", "職員", "記録", "教材", "受講", "確認", "報告", "所属"]
    names = [f"p{n}.html" for n in range(PAGES)] + [f"i{n}.jpg" for n in range(PICTURES)]
    files = "".join(f'<file href="{name}"/>' for name in names)
    total = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name in ("imsmanifest.xml", *names):
            if name.endswith(".xml"):
                data = MANIFEST.format(files=files).encode()
            elif name.endswith(".html"):
                data = " ".join(chance.choices(words, k=2_000)).encode()
            else:
                data = chance.randbytes(PICTURE_BYTES)
            package.writestr(name, data)
            total += len(data)
    return total

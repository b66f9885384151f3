"""Content files out of the ZIP, in requests a second, beside nginx over the same files.

wrk asks for every file of a package in turn, as a browser that takes gzip.
"""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

from app.content.materials import access as materials
from app.kernel import clock
from app.learning.owners.models import Owner
from app.learning.player import service as player
from app.learning.player.access import Visit
from benchmarks import load, servers
from benchmarks.databases import installation
from benchmarks.figures import tell
from content_packages.archive import Archive

SECONDS = 8
CONNECTIONS = 16
SCRIPT = """
local paths = {{ {paths} }}
local place = 0
request = function()
  place = place % #paths + 1
  return wrk.format("GET", paths[place])
end
"""


def measure() -> None:
    """Tell the requests a second of our server, as it is set by default, and of nginx."""
    for program in ("wrk", "nginx"):
        if shutil.which(program) is None:
            raise SystemExit(f"this figure needs {program}: apt-get install {program}")
    now = clock.now()
    with installation("sqlite") as (fresh, database):
        settings = replace(fresh, port=servers.free_port())
        with database.unit_of_work() as session:
            people = load.staff(session, 1)
            version = load.material(session, settings, people[0], now)
            visit = Visit(Owner(people[0].id), "ja", "/")
            address = urlsplit(player.preview(session, version, visit, now=now, settings=settings))
        archive = materials.store(settings).open(version.sha256)
        names = [name for name in archive.entries if not name.endswith(".xml")]
        files = _extracted(archive, settings.instance / "files")
        with servers.kenshu(settings) as port:
            ours = _wrk(
                settings.instance, port, [f"{address.path}content/{quote(n)}" for n in names],
                address.netloc,
            )  # fmt: skip
        with servers.nginx(settings.instance, files) as port:
            theirs = _wrk(settings.instance, port, [f"/{quote(n)}" for n in names], "localhost")
    tell("content.files", ours, "requests/s", beside="nginx", beside_value=theirs, files=len(names))


def _extracted(archive: Archive, folder: Path) -> Path:
    for name in archive.entries:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = archive.read(name)
        path.write_bytes(data)
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(data))
    return folder


def _wrk(folder: Path, port: int, paths: list[str], host: str) -> float:
    script = folder / "paths.lua"
    script.write_text(SCRIPT.format(paths=", ".join(f'"{path}"' for path in paths)))
    done = subprocess.run(
        [
            "wrk",
            *("-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(script)),
            *("-H", f"Host: {host}", "-H", "Accept-Encoding: gzip"),
            f"http://127.0.0.1:{port}",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    if "Non-2xx" in done.stdout:
        raise SystemExit(done.stdout)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    return float(found.group(1)) if found else 0.0

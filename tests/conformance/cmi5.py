"""ADL's cmi5 suite for LMSs (CATAPULT, lts) against a running server.

`python -m tests.conformance.cmi5 SUITE [PATTERN]`: SUITE is a checkout of the suite's folder, with
its packages installed and its courses built. The server is the one that is run (granian) on an
empty PostgreSQL; the suite asks it by the programming interface, and plays the courses in Chromium.
Prints what fails, and closes with the counts.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.kernel import clock
from app.kernel.actor import Actor
from app.learning.clients import service as clients
from benchmarks import servers
from benchmarks.databases import installation
from benchmarks.load import staff
from tests.browser.window import program

_HERE = Path(__file__).parent


@contextmanager
def running(suite: Path) -> Iterator[dict[str, str]]:
    """Serve an empty installation; yield what the suite has to know of it."""
    with installation("postgresql") as (fresh, database):
        settings = servers.at_free_port(fresh)
        with database.unit_of_work() as session:
            by = Actor(person_id=staff(session, 1)[0].id)
            scopes = ["all", "content"]
            made = clients.make(session, "Suite", scopes, by=by, now=clock.now())
            key, secret = made.client.key, made.secret
        with servers.kenshu(settings) as port:
            yield {
                **os.environ,
                "KENSHU_ORIGIN": f"http://localhost:{port}",
                "KENSHU_KEY": key,
                "KENSHU_SECRET": secret,
                "KENSHU_SUITE": str(suite.resolve()),
                "KENSHU_CHROMIUM": program() or "",
                "CATAPULT_LMS": str(_HERE / "cmi5_adapter.cjs"),
                "JEST_PUPPETEER_CONFIG": str(_HERE / "cmi5_browser.cjs"),
            }


def _end_browsers(folder: str) -> None:
    """End the browsers that the suite has left: it does not wait for them (proc(5))."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended by itself
            if f"--user-data-dir={folder}" in file.read_text(errors="replace"):
                os.kill(int(file.parent.name), signal.SIGKILL)


def main(suite: Path, pattern: str = "") -> int:
    """Run the suite; return 0 where nothing fails."""
    with tempfile.TemporaryDirectory() as folder, running(suite) as environment:
        told = Path(folder) / "told.json"
        command = [
            *("npx", "jest", "--runInBand", "--forceExit", "--json", f"--outputFile={told}"),
            *(("-t", pattern) if pattern else ()),
        ]
        # Its browsers have their profiles under the folder, too, and are known by it.
        environment["TMPDIR"] = folder
        ended = subprocess.run(
            command, cwd=suite, env=environment, capture_output=True, text=True, check=False
        )
        _end_browsers(folder)
        if not told.is_file():
            raise SystemExit(ended.stdout[-2000:] + ended.stderr[-2000:])
        found = json.loads(told.read_text(encoding="utf-8"))
    for file in found["testResults"]:
        for case in file["assertionResults"]:
            if case["status"] == "failed":
                said = "\n".join(case["failureMessages"])[:500]
                print(f"{case['fullName']}: {said}")
    passed, total = found["numPassedTests"], found["numTotalTests"]
    # What was left out for a pattern has neither passed nor failed; a suite that broke has failed.
    left_out = found["numPendingTests"] if pattern else 0
    failed = total - passed - left_out + found["numRuntimeErrorTestSuites"]
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:3]))

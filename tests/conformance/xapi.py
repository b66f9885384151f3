"""ADL's LRS conformance suite against a running server: for 1.0.3, and for 2.0.

`python -m tests.conformance.xapi SUITE [PATTERN]`: SUITE is a checkout of the suite with its
packages installed. The server is the one that is run (granian) on an empty PostgreSQL. Prints what
fails, and closes with the counts over both.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.kernel import clock
from app.kernel.actor import Actor
from app.learning.clients import service as clients
from benchmarks import servers
from benchmarks.databases import installation
from benchmarks.load import staff

VERSIONS: Final = ("1.0.3", "2.0.0")
_SUMMARY: Final = re.compile(r'\{"total":.*\}')


@dataclass(frozen=True)
class Store:
    """A record store that answers, and who may do all in it."""

    endpoint: str
    key: str
    secret: str


@contextmanager
def running() -> Iterator[Store]:
    """Serve an empty record store."""
    with installation("postgresql") as (fresh, database):
        settings = servers.at_free_port(fresh)
        with database.unit_of_work() as session:
            by = Actor(person_id=staff(session, 1)[0].id)
            made = clients.make(session, "Suite", ["all"], by=by, now=clock.now())
            key, secret = made.client.key, made.secret
        with servers.kenshu(settings) as port:
            yield Store(f"http://localhost:{port}/xapi", key, secret)


def run(suite: Path, store: Store, version: str, pattern: str) -> dict[str, int]:
    """Run one battery; print what fails, and return its own counts."""
    command = [
        *("node", "bin/console_runner.js", "-e", store.endpoint, "-x", version),
        *("-a", "-u", store.key, "-p", store.secret, "-z"),
        *(("-g", pattern) if pattern else ()),
    ]
    logs = suite / "logs"
    before = set(logs.glob("*.log")) if logs.is_dir() else set()
    # Its exit code is the number of failures modulo 256: only its counts say how it went.
    ended = subprocess.run(command, cwd=suite, capture_output=True, text=True, check=False)
    found = _SUMMARY.findall(ended.stdout)
    if not found:
        raise SystemExit(ended.stdout[-2000:] + ended.stderr[-2000:])
    for path in sorted(set(logs.glob("*.log")) - before):
        for line in _failures(json.loads(path.read_text(encoding="utf-8")).get("log")):
            print(f"{version}: {line}")
        path.unlink()
    counts: dict[str, int] = json.loads(found[-1])
    return counts


def _failures(log: Any, above: str = "") -> Iterator[str]:
    """Return the failing cases of a log, each with its error."""
    if not log or log.get("status") != "failed":
        return
    title = f"{above} > {log.get('title', '')}".removeprefix(" > ")
    inner = [each for each in log.get("tests", []) if each]
    if not inner:
        yield f"{title}: {log.get('error')}"
    for each in inner:
        yield from _failures(each, title)


def main(suite: Path, pattern: str = "") -> int:
    """Run both batteries; return 0 where nothing fails."""
    passed = failed = 0
    for version in VERSIONS:
        with running() as store:
            counts = run(suite, store, version, pattern)
        print(f"{version}: {counts}")
        passed += counts["passed"]
        # A battery that ends early has passed less than its total.
        failed += counts["total"] - counts["passed"]
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:3]))

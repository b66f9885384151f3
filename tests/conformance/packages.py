"""Play every SCORM package of a folder in Chromium, and look whether all that it reports is kept.

`python -m tests.conformance.packages FOLDER` prints a line for each ZIP of the folder: what was
found in it, how its content got on with the API, whose errors there were, and what the record holds
after the first visit and after a second one; with `--details` also each error. What is refused, or
may not be published, is told with its code and does not fail. Exit code 1 where a package failed:
an error of ours, an API that was never found, a report that is not on the record.
"""

from __future__ import annotations

import re
import sys
import tempfile
import uuid
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from app.content.imports import service as imports
from app.kernel import db
from app.kernel.db import Database
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from scorm import structure
from tests.browser import window
from tests.browser.window import Window
from tests.conformance import reported
from tests.conformance.hurrying import MOST_ITEMS, Hurry, Stuck
from tests.conformance.installation import Office, Played, playing
from tests.conformance.reported import Kept
from tests.conformance.watching import Seen, Watch, first_of_each

SEVERITIES = ("error", "warning", "notice")
_SCRIPTS = (".htm", ".html", ".js", ".xhtml")
_LARGEST_SCRIPT = 8 * 1024**2
#: What content that means to talk to an LMS has in its pages or scripts.
_ASKS_FOR_API = re.compile(rb"API_1484_11|LMSInitialize|\.API\b")


@dataclass
class Package:
    """One ZIP, and what came of it."""

    path: Path
    #: Path below the folder that is played.
    name: str
    examined: imports.Examined | None = None
    #: Code of the reason why it is not played.
    refused: str = ""
    seen: Seen = field(default_factory=Seen)
    again: Seen = field(default_factory=Seen)
    kept: list[Kept] = field(default_factory=list)
    #: Why it has failed.
    failures: list[str] = field(default_factory=list)

    @property
    def leaves(self) -> list[structure.Item]:
        """What can be launched of it, in its order."""
        assert self.examined
        organization = structure.from_document(self.examined.manifest).organization
        assert organization
        return structure.leaves(organization)

    def __str__(self) -> str:
        """Return its line."""
        if not self.examined:
            return f"{self.name}: refused, {self.refused}"
        parts = [_counted(self.examined.findings)]
        if self.refused:
            return f"{self.name}: {parts[0]}; not published, {self.refused}"
        seen, again = self.seen, self.again
        parts += [
            f"{len(set(seen.delivered))} of {len(self.leaves)} items",
            self._api(),
            f"{seen.calls + again.calls} calls ({len(seen.refused + again.refused)} refused)",
            f"errors {len(seen.ours + again.ours)} ours {len(seen.theirs + again.theirs)} theirs",
            " → ".join(map(str, self.kept)) or "no record",
        ]
        failures = f"; FAILED: {' | '.join(self.failures)}" if self.failures else ""
        return f"{self.name}: {'; '.join(parts)}{failures}"

    def _api(self) -> str:
        scos = {item.identifier for item in self.leaves if item.resource_type == "sco"}
        if not scos:
            return "no SCO"
        found = len((self.seen.found | self.again.found) & scos)
        return f"API found by {found} of {len(scos)} SCOs"

    def details(self) -> Iterator[str]:
        """Yield what a reader may want to know of the errors."""
        for seen in (self.seen, self.again):
            for what, told in (
                ("call", seen.refused),
                ("ours", seen.ours),
                ("theirs", seen.theirs),
            ):
                for line in first_of_each(told):
                    yield f"    {what}: {line}"


def _counted(findings: Sequence[dict[str, Any]]) -> str:
    counts = Counter(finding["severity"] for finding in findings)
    told = [f"{counts[severity]} {severity}" for severity in SEVERITIES if counts[severity]]
    return f"findings {', '.join(told) or 'none'}"


def examine(folder: Path) -> list[Package]:
    """Return every ZIP below a folder, with the reason why it cannot be played, if there is one.

    Courses that speak for themselves (cmi5, Tin Can) are passed over: they have no SCO to play.
    """
    settings = Settings(instance=folder)  # nothing is written: only its limits count
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".zip")
    packages = [Package(path, path.relative_to(folder).as_posix()) for path in paths]
    for package in packages:
        try:
            package.examined = imports.examine(package.path, settings, lambda _done, _total: None)
        except Refused as refused:
            package.refused = refused.code
        else:
            errors = [f["code"] for f in package.examined.findings if f["severity"] == "error"]
            package.refused = ", ".join(dict.fromkeys(errors))
    return [each for each in packages if not each.examined or each.examined.kind == "scorm"]


def play(
    browser: Browser, packages: Sequence[Package], *, most_items: int = MOST_ITEMS
) -> Iterator[Package]:
    """Play what can be played, one after another on one server; yield each when it is done."""
    sound = [package for package in packages if not package.refused]
    with _served(sound) as (played, assignments):
        window = Window(browser, played.origin)
        hurry = Hurry(window, Office(played), Watch(window.context), most_items)
        database = db.connect(played.database)
        try:
            for package, assignment in zip(sound, assignments, strict=True):
                _play(package, assignment, hurry, database)
                yield package
        finally:
            database.engine.dispose()
            window.context.close()


@contextmanager
def _served(packages: Sequence[Package]) -> Iterator[tuple[Played, list[uuid.UUID]]]:
    """Serve packages: under names of their own, for two folders may have files of one name."""
    with tempfile.TemporaryDirectory(prefix="kenshu-play-") as folder:
        links = [Path(folder) / f"{at:04} {p.path.name}" for at, p in enumerate(packages)]
        for link, package in zip(links, packages, strict=True):
            link.symlink_to(package.path.resolve())
        with playing(links) as played:
            yield played, [played.assignments[link.name] for link in links]


def _play(package: Package, assignment: uuid.UUID, hurry: Hurry, database: Database) -> None:
    """Go through a package, come back once more, and note what has failed."""
    try:
        hurry.play(assignment, package.seen, through=True)
        package.kept.append(_kept(database, assignment))
        order = [item.identifier for item in package.leaves]
        package.failures += reported.missing(package.seen.told, package.kept[0], order)
        package.failures += reported.missummed(package.kept[0])
        hurry.play(assignment, package.again, through=False)
        package.kept.append(_kept(database, assignment))
        package.failures += reported.missing(package.again.told, package.kept[1], order)
        package.failures += package.kept[1].worse_than(package.kept[0])
    except Stuck as stuck:
        package.failures.append(str(stuck))
    seen = (package.seen, package.again)
    package.failures += first_of_each([error for each in seen for error in each.ours])
    if _is_api_missed(package):
        package.failures.append("the API was never found")


def _kept(database: Database, assignment: uuid.UUID) -> Kept:
    with database.reading() as session:
        return reported.kept(session, assignment)


def _is_api_missed(package: Package) -> bool:
    """Whether nobody has found the API, though there is a SCO, and its files ask for one."""
    assert package.examined
    is_found = package.seen.found or package.again.found
    return not is_found and package.examined.scos > 0 and _asks_for_api(package.path)


def _asks_for_api(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(
            _ASKS_FOR_API.search(archive.read(entry))
            for entry in archive.infolist()
            if entry.filename.lower().endswith(_SCRIPTS) and entry.file_size < _LARGEST_SCRIPT
        )


def main() -> int:
    """Play the folder that is named, and tell what came of it."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--details"]
    folder = Path(*arguments)
    executable = window.program()
    if not any(arguments) or not folder.is_dir():
        raise SystemExit("Name a folder of packages: make play PACKAGES=FOLDER")
    if executable is None:
        raise SystemExit("There is no Chromium on this machine: bin/test installs it.")
    packages = examine(folder)
    for package in packages:
        if package.refused:
            print(package, flush=True)
    with sync_playwright() as playwright:
        for package in play(window.start(playwright, executable), packages):
            details = package.details() if "--details" in sys.argv else ()
            print(package, *details, sep="\n", flush=True)
    done = [package for package in packages if not package.refused]
    failed = sum(bool(package.failures) for package in done)
    print(f"{len(done)} played, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())

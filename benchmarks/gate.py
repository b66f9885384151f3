"""One package looked at in a process of its own, so that time, memory and reading are its own.

`python -m benchmarks.gate PACKAGE` passes the gate alone; with a folder behind it, the package is
imported whole into that instance, as the worker's job does. Prints one JSON object.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from content_packages import intake


def main(package: Path, instance: Path | None) -> None:
    """Do it, and print how long it took and what it needed."""
    work = _gate(package) if instance is None else _import(package, instance)
    began, read = time.perf_counter(), _bytes_read()
    before = _processor()
    work()
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - began,
                "processor_seconds": _processor() - before,
                "peak_mb": _peak_mb(),
                "times_read": (_bytes_read() - read) / package.stat().st_size,
            }
        )
    )


def _gate(package: Path) -> Callable[[], object]:
    return lambda: intake.check(package)


def _import(package: Path, instance: Path) -> Callable[[], object]:
    from app.content.imports import service  # noqa: PLC0415 - the gate alone needs none of it
    from app.content.materials import access  # noqa: PLC0415
    from app.kernel.settings import Settings  # noqa: PLC0415

    settings = Settings(instance=instance)

    def work() -> None:
        examined = service.examine(package, settings, lambda _done, _total: None)
        service.keep(access.store(settings), package, examined.sha256)

    return work


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _bytes_read() -> int:
    """Return what this process has read so far, from the disk or from the system's memory of it."""
    return int(_lines("/proc/self/io")["rchar"])


def _peak_mb() -> float:
    """Return the most memory this program has had; ru_maxrss would count its starter's, too."""
    return int(_lines("/proc/self/status")["VmHWM"].removesuffix("kB")) / 1024


def _lines(path: str) -> dict[str, str]:
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return dict(line.split(":", 1) for line in lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)

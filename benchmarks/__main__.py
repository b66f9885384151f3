"""`make bench`: all figures, or those that are named (the keys of FIGURES)."""

from __future__ import annotations

import sys

from benchmarks import (
    certificates,
    commits,
    content,
    engine,
    imports,
    ordering,
    player,
    portals,
    register,
    report,
    reports,
    start,
    statements,
    video,
)

FIGURES = {
    "certificates": certificates.measure,
    "content": content.measure,
    "commits": commits.measure,
    "engine": engine.measure,
    "imports": imports.measure,
    "ordering": ordering.measure,
    "player": player.measure,
    "portals": portals.measure,
    "register": register.measure,
    "report": report.measure,
    "reports": reports.measure,
    "start": start.measure,
    "statements": statements.measure,
    "video": video.measure,
}

for name in sys.argv[1:] or FIGURES:
    FIGURES[name]()

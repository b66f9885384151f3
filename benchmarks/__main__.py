"""`make bench`: all figures, or those named: content, commits, imports, report, start."""

from __future__ import annotations

import sys

from benchmarks import commits, content, imports, report, start

FIGURES = {
    "content": content.measure,
    "commits": commits.measure,
    "imports": imports.measure,
    "report": report.measure,
    "start": start.measure,
}

for name in sys.argv[1:] or FIGURES:
    FIGURES[name]()

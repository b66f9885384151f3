"""Sound brought to one loudness (EBU R 128): measured as a whole, then made louder as one.

So speech keeps its own ups and downs, and it costs less than a filter that follows them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from workers.ffmpeg import commands
from workers.ffmpeg.ladder import Plan
from workers.ffmpeg.probe import Source
from workers.ffmpeg.running import run

#: Loudness for listening on a computer, in LUFS (EBU R 128 s2).
LOUDNESS: Final = -18.0
#: Softer than that is silence, and its noise is not made louder.
SILENCE: Final = -60.0
#: Decibels by which sound is made louder at most.
MOST: Final = 35.0
_INTEGRATED: Final = re.compile(r"I:\s+(-?[0-9.]+|-inf|nan) LUFS")


def gain(path: Path, source: Source, plan: Plan, *, limit: float) -> float:
    """Return the decibels that bring a film's sound to `LOUDNESS`; raises what `run` does."""
    return gain_of(run(commands.loudness(path, source, plan), limit=limit))


def gain_of(words: str) -> float:
    """Return the decibels that a measured loudness lacks; 0 for silence, or where there is none."""
    found = _INTEGRATED.findall(words)
    measured = float(found[-1]) if found else SILENCE
    if not measured > SILENCE:
        return 0.0
    return min(MOST, LOUDNESS - measured)

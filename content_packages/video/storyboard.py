"""The small pictures of a film, many on a sheet, as WebVTT tells players where each one stands.

A cue's text is the address of a sheet with a media fragment (W3C Media Fragments, 4.2.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Grid:
    """How the pictures lie on their sheets: one every `interval` seconds, row by row."""

    interval: float
    width: int
    height: int
    columns: int
    rows: int

    @property
    def on_a_sheet(self) -> int:
        """Return how many pictures a full sheet holds."""
        return self.columns * self.rows

    def pictures(self, duration: float) -> int:
        """Return how many pictures a film has; cues count in milliseconds, and none is shorter."""
        return max(1, ceil(round(duration, 3) / self.interval))


def webvtt(grid: Grid, sheets: Sequence[str], duration: float) -> str:
    """Return the cues of all pictures; `sheets` are the addresses of the sheets in order."""
    blocks = ["WEBVTT"]
    for number in range(grid.pictures(duration)):
        sheet, place = divmod(number, grid.on_a_sheet)
        row, column = divmod(place, grid.columns)
        start, stop = number * grid.interval, min((number + 1) * grid.interval, duration)
        where = f"{column * grid.width},{row * grid.height},{grid.width},{grid.height}"
        blocks.append(f"{_time(start)} --> {_time(stop)}\n{sheets[sheet]}#xywh={where}")
    return "\n\n".join([*blocks, ""])


def _time(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{milliseconds:03}"

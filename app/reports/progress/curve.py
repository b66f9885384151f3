"""How completions grew, day by day, until the due date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.kernel import clock

#: So many points a curve has at most.
MOST_POINTS = 60


@dataclass(frozen=True)
class Point:
    """How many had completed by the end of a day, and how many were to at an even pace."""

    day: date
    #: None on a day to come.
    done: int | None
    pace: int


def curve(
    moments: Iterable[datetime | None], asked: int, first: date, until: date, today: date
) -> list[Point]:
    """Return how completions grew from the first day on, at most so many points of even distance.

    It goes to the due date, and on to the last completion where that came later.
    """
    by_day = Counter(clock.today(moment) for moment in moments if moment is not None)
    last = max([until, *by_day])
    step = -(-((last - first).days + 1) // MOST_POINTS)
    days = [first + timedelta(days=place) for place in range(0, (last - first).days + 1, step)]
    if days[-1] != last:
        days.append(last)
    length = (until - first).days + 1
    found, done, known = [], 0, sorted(by_day.items())
    for day in days:
        while known and known[0][0] <= day:
            done += known.pop(0)[1]
        pace = min(asked, round(asked * ((day - first).days + 1) / length))
        found.append(Point(day, done if day <= today else None, pace))
    return found

"""Times of captions: WebVTT's way to write them, and seconds."""

import re
from typing import Final

#: A timestamp as WebVTT's parser takes it (6.3): hours of one digit, too, where 4.1 wants two.
#: More than four digits of hours are none of a film's.
PATTERN: Final = r"(?:[0-9]{1,4}:)?[0-5][0-9]:[0-5][0-9]\.[0-9]{3}"
_TIMESTAMP: Final = re.compile(PATTERN)


def is_timestamp(text: str) -> bool:
    """Say whether a text is a timestamp and nothing else."""
    return _TIMESTAMP.fullmatch(text) is not None


def seconds(timestamp: str) -> float:
    """Return what a timestamp says; it is one (`is_timestamp`)."""
    clock, _, thousandths = timestamp.partition(".")
    whole = 0
    for part in clock.split(":"):
        whole = whole * 60 + int(part)
    return (whole * 1000 + int(thousandths)) / 1000


def stamp(of: float, point: str = ".") -> str:
    """Return seconds as a timestamp with hours, rounded to thousandths."""
    whole, thousandths = divmod(round(of * 1000), 1000)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}{point}{thousandths:03}"

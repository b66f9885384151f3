"""Lengths of time as SCORM writes them, in whole hundredths of a second.

SCORM 1.2 (CMITimespan) knows hours, minutes and seconds; SCORM 2004 takes ISO 8601 periods, years
and months included. Adding needs one unit, so a year counts 365 days and a month 365/12 days,
which is exact in hundredths.
"""

import re
from typing import Final

from scorm.edition import Edition

SECOND: Final = 100
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
YEAR: Final = 365 * DAY
MONTH: Final = YEAR // 12

#: RTE 1.2, CMITimespan: hours of two to four digits.
TIMESPAN_PATTERN: Final = r"([0-9]{2,4}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,2}))?"
#: RTE 2004 4e, 4.1.1.7: at least one number, and a `T` only before one. Strict is two decimals at
#: most; content that subtracts two clock readings writes more, and they are cut off.
ISO_8601_PATTERN: Final = (
    r"P(?=[0-9T])(?:([0-9]{1,9})Y)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})(?:\.([0-9]+))?S)?)?"
)


class DurationError(ValueError):
    """The text is no length of time of that version."""


def parse(edition: Edition, text: str) -> int:
    """Return a time as the edition writes it in hundredths of a second; raises DurationError."""
    return parse_iso_8601(text) if edition.is_2004 else parse_timespan(text)


def write(edition: Edition, hundredths: int) -> str:
    """Return hundredths of a second as the edition writes them."""
    return format_iso_8601(hundredths) if edition.is_2004 else format_timespan(hundredths)


def parse_timespan(text: str) -> int:
    """Return a SCORM 1.2 timespan in hundredths of a second; raises DurationError.

    Minutes and seconds from 60 to 99 are taken, as the books give no range for them.
    """
    match = re.fullmatch(TIMESPAN_PATTERN, text, re.ASCII)
    if match is None:
        raise DurationError(text)
    hours, minutes, seconds, hundredths = match.groups()
    whole = int(hours) * HOUR + int(minutes) * MINUTE + int(seconds) * SECOND
    return whole + _hundredths(hundredths)


def parse_iso_8601(text: str) -> int:
    """Return a SCORM 2004 timeinterval in hundredths of a second; raises DurationError."""
    match = re.fullmatch(ISO_8601_PATTERN, text, re.ASCII)
    if match is None:
        raise DurationError(text)
    units = (YEAR, MONTH, DAY, HOUR, MINUTE, SECOND)
    numbers = match.groups()
    whole = sum(int(number or 0) * unit for number, unit in zip(numbers, units, strict=False))
    return whole + _hundredths(numbers[-1])


def format_timespan(hundredths: int) -> str:
    """Return `HHHH:MM:SS.SS`; a time beyond 9,999 hours stays at the largest that can be said."""
    hours, rest = divmod(min(hundredths, 10_000 * HOUR - 1), HOUR)
    minutes, rest = divmod(rest, MINUTE)
    return f"{hours:04d}:{minutes:02d}:{rest // SECOND:02d}.{rest % SECOND:02d}"


def format_iso_8601(hundredths: int) -> str:
    """Return a period in hours, minutes and seconds (no larger unit), as `PT1H2M3.04S`."""
    hours, rest = divmod(hundredths, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds, fraction = divmod(rest, SECOND)
    text = f"{hours}H" if hours else ""
    text += f"{minutes}M" if minutes else ""
    decimals = f".{fraction:02d}".rstrip("0") if fraction else ""
    if seconds or decimals or not text:
        text += f"{seconds}{decimals}S"
    return f"PT{text}"


def _hundredths(decimals: str | None) -> int:
    return int((decimals or "").ljust(2, "0")[:2])

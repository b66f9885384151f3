"""The values that statements are made of; each function raises Invalid for what is not one.

Data 4.0 of xAPI 1.0.3; IEEE 9274.1.1 (xAPI 2.0), 4.2.7. Strings are read by their letters alone:
nothing is fetched, and nothing is made nicer than it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from math import isfinite
from typing import Final

from xapi.errors import Invalid

Check = Callable[[object], None]

#: RFC 3987: a scheme, a colon, and nothing that may not stand in an IRI unescaped.
_IRI: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?!\Z)"
    r"[^\x00-\x20<>\"{}|\\^`\x7f-\x9f%]*(?:%[0-9A-Fa-f]{2}[^\x00-\x20<>\"{}|\\^`\x7f-\x9f%]*)*"
)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_MAILTO: Final = re.compile(
    r"mailto:[^@\s\x00-\x1f\x7f<>()\[\],;:\\\"]+@[^@\s\x00-\x1f\x7f<>()\[\],;:\\\"]+"
)
_SHA1: Final = re.compile(r"[0-9a-fA-F]{40}")
_SHA2: Final = re.compile(r"[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128}")
_MEDIA: Final = re.compile(
    r"[\w!#$&^.+-]{1,127}/[\w!#$&^.+-]{1,127}(?:[ \t]*;[^\x00-\x08\x0a-\x1f\x7f]*)?", re.A
)
#: RFC 5646: langtag, private use, and the tags that are older than it.
_LANGUAGE: Final = re.compile(
    r"(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?)|x(?:-[a-z0-9]{1,8})+"
    r"|en-gb-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)"
    r"|sgn-(?:be-fr|be-nl|ch-de)|art-lojban|cel-gaulish|no-(?:bok|nyn)|zh-(?:guoyu|hakka|min(?:-nan)?|xiang)",
    re.IGNORECASE | re.ASCII,
)
_NUMBER: Final = r"[0-9]+(?:[.,][0-9]+)?"
#: ISO 8601, 4.4.3.2: the lowest component alone may have a fraction.
_DURATION: Final = re.compile(
    rf"P(?!.*[.,][0-9]+[A-Z].)(?:{_NUMBER}W|(?=[0-9T])(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}D)?"
    rf"(?:T(?=[0-9])(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?)",
    re.ASCII,
)
_TIMESTAMP: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?"
    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?",
    re.IGNORECASE | re.ASCII,
)


def text(value: object) -> None:
    """Take a string."""
    if type(value) is not str:
        raise Invalid("string", value)


def boolean(value: object) -> None:
    """Take true or false; no string of these words."""
    if type(value) is not bool:
        raise Invalid("boolean", value)


def number(value: object) -> None:
    """Take a number that a double holds."""
    try:
        fits = isinstance(value, int | float) and type(value) is not bool and isfinite(value)
    except OverflowError:  # more digits than a double has room for
        fits = False
    if not fits:
        raise Invalid("number", value)


def natural(value: object) -> None:
    """Take a whole number from 0 on."""
    if type(value) is not int or value < 0:
        raise Invalid("integer", value)


def _matching(pattern: re.Pattern[str], rule: str) -> Check:
    match = pattern.fullmatch

    def check(value: object) -> None:
        if type(value) is not str or match(value) is None:
            raise Invalid(rule, value)

    return check


#: An IRI with its scheme (RFC 3987); URIs, IRLs and URLs are no more for us.
iri: Final = _matching(_IRI, "iri")
uuid: Final = _matching(_UUID, "uuid")
mailto: Final = _matching(_MAILTO, "mailto")
sha1: Final = _matching(_SHA1, "sha1")
sha2: Final = _matching(_SHA2, "sha2")
media_type: Final = _matching(_MEDIA, "media_type")
language: Final = _matching(_LANGUAGE, "language")
duration: Final = _matching(_DURATION, "duration")


def timestamp(value: object) -> None:
    """Take a time of ISO 8601 (RFC 3339); its zone may not be `-00`."""
    moment(value)


def moment(value: object) -> datetime:
    """Return the time that a timestamp says, in UTC, to the microsecond.

    One without a zone is taken for UTC: nothing better is known.
    """
    found = _TIMESTAMP.fullmatch(value) if type(value) is str else None
    if found is None:
        raise Invalid("timestamp", value)
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    if zone and zone.replace(":", "") in ("-00", "-0000"):
        raise Invalid("timestamp_zone", value)
    try:
        return datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            59 if second == "60" else int(second or 0),  # a leap second is the one before it
            int((fraction or "")[:6].ljust(6, "0")),
            tzinfo=_zone(zone),
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("timestamp", value) from None


def _zone(said: str | None) -> timezone:
    if not said or said in "Zz":
        return UTC
    digits = said[1:].replace(":", "").ljust(4, "0")
    if digits[2] > "5":
        raise ValueError(said)
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-away if said[0] == "-" else away)


def written(at: datetime) -> str:
    """Return a time as we write it: UTC, to the microsecond, `Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"

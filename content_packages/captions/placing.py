"""Settings of a cue (WebVTT 4.4): where on the picture its text stands."""

import re
from collections.abc import Iterator
from typing import Final

_PERCENTAGE: Final = r"(?:100(?:\.0+)?|[0-9]{1,2}(?:\.[0-9]{1,6})?)%"
#: Each setting's value. A region has none: regions are not kept.
_VALUES: Final = {
    "vertical": re.compile(r"rl|lr"),
    "line": re.compile(rf"(?:{_PERCENTAGE}|-?[0-9]{{1,4}})(?:,(?:start|center|end))?"),
    "position": re.compile(rf"{_PERCENTAGE}(?:,(?:line-left|center|line-right))?"),
    "size": re.compile(_PERCENTAGE),
    "align": re.compile(r"start|center|end|left|right"),
}
_SPACES: Final = re.compile(r"[ \t\n\f\r]+")


def canonical(settings: str) -> str:
    """Return those that there are, one space between two; of a name the last counts (6.3)."""
    kept = {}
    for each in _SPACES.split(settings):
        name, _, value = each.partition(":")
        if _is_known(name, value):
            kept[name] = value
    return " ".join(f"{name}:{value}" for name, value in kept.items())


def unknown(settings: str) -> Iterator[str]:
    """Yield the settings that `canonical` leaves out because there are no such."""
    for each in filter(None, _SPACES.split(settings)):
        name, _, value = each.partition(":")
        if not _is_known(name, value):
            yield each


def _is_known(name: str, value: str) -> bool:
    return name in _VALUES and _VALUES[name].fullmatch(value) is not None

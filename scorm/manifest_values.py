"""Values of a manifest's attributes, read leniently: what is outside its type says nothing."""

import re
from typing import Final
from urllib.parse import unquote

from lxml import etree

from scorm.xml import attribute

_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]{1,15}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})")


def name(element: etree._Element, written: str) -> str:
    """Return a name: two spellings of one address are one name (xs:anyURI)."""
    return " ".join(unquote(attribute(element, written) or "").split())


def boolean(text: str | None) -> bool | None:
    """Return what a manifest's boolean says, None where it says nothing."""
    return {"true": True, "1": True, "false": False, "0": False}.get((text or "").lower())


def number(text: str | None, low: float, high: float) -> float | None:
    """Return a number within its bounds, None for anything else."""
    if text is None or _NUMBER.fullmatch(text) is None:
        return None
    found = float(text)
    return found if low <= found <= high else None

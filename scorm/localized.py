"""Language tags, and text that may begin with one: `{lang=en}Yes` (RTE 2004 4e, 4.1.1.2)."""

import re
from typing import Final

from scorm.languages import LANGUAGES

_TAG: Final = re.compile(r"([A-Za-z]{1,3})((?:-[A-Za-z0-9]{1,8})*)")
_LANGUAGE: Final = re.compile(r"\{lang=([^}]*)\}")


def is_tag(tag: str) -> bool:
    """Return whether a tag begins with a known language, or with i- or x- and a name."""
    found = _TAG.fullmatch(tag)
    if found is None:
        return False
    first, rest = found[1].lower(), found[2]
    return first in LANGUAGES or (first in ("i", "x") and rest != "")


def is_localized(text: str) -> bool:
    """Return whether the language that a text is said to be in, if any, is one."""
    found = _LANGUAGE.match(text)
    return found is None or is_tag(found[1])


def plain(text: str) -> str:
    """Return a text without the language it begins with."""
    return _LANGUAGE.sub("", text, count=1) if _LANGUAGE.match(text) else text

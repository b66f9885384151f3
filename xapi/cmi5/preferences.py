"""What a learner likes, as a document that every content of theirs can read (cmi5, 11)."""

from __future__ import annotations

from typing import Any, Final

from xapi.errors import Invalid
from xapi.values import language

_AUDIO: Final = ("on", "off")


def document(languages: str) -> dict[str, str]:
    """Return what is known of somebody who has said nothing: languages, with commas between."""
    return {"languagePreference": languages, "audioPreference": "on"}


def are_sound(said: Any) -> bool:
    """Whether a document says the languages, as tags, and whether there is to be sound."""
    if not isinstance(said, dict) or said.get("audioPreference") not in _AUDIO:
        return False
    languages = said.get("languagePreference")
    if not isinstance(languages, str):
        return False
    try:
        for each in languages.split(","):
            language(each.strip())
    except Invalid:
        return False
    return True

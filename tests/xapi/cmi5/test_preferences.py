"""What a learner likes is a document that every content of theirs can read and write."""

from __future__ import annotations

from typing import Any

import pytest

from xapi.cmi5.preferences import are_sound, document


@pytest.mark.parametrize("languages", ["ja", "en", "ja,en-US"])
def test_who_has_said_nothing_has_languages_and_sound(languages: str) -> None:
    """11.0."""
    found = document(languages)
    assert found == {"languagePreference": languages, "audioPreference": "on"}
    assert are_sound(found)


@pytest.mark.parametrize(
    ("parts", "is_sound"),
    [
        ({}, True),
        ({"audioPreference": "off"}, True),
        ({"audioPreference": "loud"}, False),
        ({"audioPreference": "ON"}, False),
        ({"audioPreference": True}, False),
        ({"audioPreference": None}, False),
        ({"audioPreference": ["on"]}, False),
        ({"languagePreference": "en-US,fr-FR,fr-BE"}, True),
        ({"languagePreference": "ja, en"}, True),
        ({"languagePreference": "zh-Hant-TW"}, True),
        ({"languagePreference": "日本語"}, False),
        ({"languagePreference": "ja;en"}, False),
        ({"languagePreference": "ja,,en"}, False),
        ({"languagePreference": "ja,"}, False),
        ({"languagePreference": "ja en"}, False),
        ({"languagePreference": ""}, False),
        ({"languagePreference": None}, False),
        ({"languagePreference": ["ja"]}, False),
        ({"https://example.org/more": 1}, True),
    ],
)
def test_preferences_are_languages_as_tags_and_sound_on_or_off(
    parts: dict[str, Any], is_sound: bool
) -> None:
    """11.1 and 11.2."""
    assert are_sound({"languagePreference": "ja", "audioPreference": "on", **parts}) is is_sound


@pytest.mark.parametrize(
    "said",
    [None, "ja", 1, [], {}, {"languagePreference": "ja"}, {"audioPreference": "on"}, [{"x": 1}]],
)
def test_what_is_no_document_of_both_is_not_sound(said: Any) -> None:
    assert not are_sound(said)

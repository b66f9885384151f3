"""Japanese is the source; the English catalogue has every sentence, filled in the same way."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message

from tests import catalogue

PLACE = re.compile(r"%\((\w+)\)")


def _texts(part: object) -> list[str]:
    return list(part) if isinstance(part, tuple | list) else [str(part)]


@pytest.fixture(scope="module")
def translated() -> dict[object, Message]:
    """The English messages by their Japanese."""
    return {message.id: message for message in catalogue.english() if message.id}


@pytest.mark.requirement("UIX-10")
def test_every_sentence_has_its_english(translated: dict[object, Message]) -> None:
    missing = [
        message.id
        for message in catalogue.template()
        if message.id
        and not (message.id in translated and all(_texts(translated[message.id].string)))
    ]
    assert missing == []


def test_no_translation_is_left_of_a_sentence_that_is_gone(
    translated: dict[object, Message],
) -> None:
    source = {message.id for message in catalogue.template()}
    assert [each for each in translated if each not in source] == []


def test_a_translation_is_filled_with_the_same_values(translated: dict[object, Message]) -> None:
    wrong = [
        message.id
        for message in translated.values()
        for text in _texts(message.string)
        if set(PLACE.findall(text)) - {"num"} != set(PLACE.findall(_texts(message.id)[0])) - {"num"}
    ]
    assert wrong == []


def test_no_japanese_is_left_in_the_english(translated: dict[object, Message]) -> None:
    japanese = re.compile(r"[぀-ヿ㐀-鿿]")
    left = [
        message.id
        for message in translated.values()
        for text in _texts(message.string)
        if japanese.search(re.sub(r"「[^」]*」", "", text))
    ]
    assert left == []

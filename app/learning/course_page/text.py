"""The words of a course's page, beside those that every player has."""

from __future__ import annotations

from flask_babel import force_locale

from app.kernel.language import Lazy, gettext, lazy
from app.learning.player import text as player

_WORDS: dict[str, Lazy] = {
    "review": lazy("復習（成績は変わりません）"),
    "offline_course": lazy("通信が切れています"),
    "open_again": lazy("もう一度開く"),
    "again_next": lazy("修了の条件をまだ満たしていません。もう一度開くと、続きから受講できます。"),
    "failed_to_open": lazy("教材を開けませんでした"),
    "failed_to_open_next": lazy(
        "通信を確かめて、目次から開き直してください。続くときは研修担当に連絡してください。"
    ),
}


def words(language: str) -> dict[str, str]:
    """Return every word of the page, in the language that the launch was made in."""
    with force_locale(language):
        own = {name: gettext(word.text) for name, word in _WORDS.items()}
    return {**player.player(language), **own}

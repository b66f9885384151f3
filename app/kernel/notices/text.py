"""The words of notices: each wing tells those of its kinds, and they are filled when shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.kernel.language import Lazy
from app.kernel.web import filters

#: kind → (title, text); both are filled with the notice's data.
WORDS: dict[str, tuple[Lazy, Lazy]] = {}


def tell(words: Mapping[str, tuple[Lazy, Lazy]]) -> None:
    """Add the words of a wing's kinds of notice."""
    WORDS.update(words)


def words(kind: str, data: Mapping[str, object]) -> tuple[str, str]:
    """Return the title and the text of a notice, in the reader's language.

    A value whose name ends with `_on` is a day (ISO 8601), and is written as days are on screen.
    """
    filled = {
        name: filters.day(date.fromisoformat(str(value))) if name.endswith("_on") else value
        for name, value in data.items()
    }
    title, text = WORDS[kind]
    return str(title) % filled, str(text) % filled

"""The two languages: Japanese is the source, English the catalogue; typed once here."""

from __future__ import annotations

from typing import cast

import flask
import flask_babel

LANGUAGES = {"ja": "日本語", "en": "English"}
COOKIE = "language"


class Lazy:
    """A sentence that is translated when it is read, not when it is written down."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        """Translate now."""
        return gettext(self.text)

    def __html__(self) -> str:
        """Escape nothing: sentences hold no markup, and Jinja escapes what they are filled with."""
        return str(self)


def gettext(text: str, **values: object) -> str:
    """Return a sentence in the reader's language, filled with `values` (%(name)s)."""
    return cast("str", flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """Return a sentence for a number of things, filled with `num` and `values`."""
    return cast("str", flask_babel.ngettext(one, many, num, **values))


def lazy(text: str) -> Lazy:
    """Mark a sentence for translation when it is shown."""
    return Lazy(text)


def current() -> str:
    """Return the language of the present request: `ja` or `en`."""
    locale = flask_babel.get_locale()
    return "en" if str(locale) == "en" else "ja"


def install(app: flask.Flask, default: str) -> None:
    """Choose by the person's own choice, then the browser's, then the installation's."""

    def choose() -> str:
        chosen = flask.request.cookies.get(COOKIE)
        if chosen in LANGUAGES:
            return chosen
        return flask.request.accept_languages.best_match(LANGUAGES, default) or default

    flask_babel.Babel(app, default_locale="ja", locale_selector=choose)

"""The reader's way to count years, on screen alone: 令和8年 or 2026年.

Mails, files of paper and whatever else has no reader's browser keep the era.
"""

from __future__ import annotations

import flask

from app.kernel.language import Lazy, lazy

JAPANESE, WESTERN = "japanese", "western"
YEARS: dict[str, Lazy] = {JAPANESE: lazy("和暦"), WESTERN: lazy("西暦")}
COOKIE = "years"


def current() -> str:
    """Return how years are counted for the present request: `japanese` or `western`."""
    if not flask.has_request_context():
        return JAPANESE
    return WESTERN if flask.request.cookies.get(COOKIE) == WESTERN else JAPANESE

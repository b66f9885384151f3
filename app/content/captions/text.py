"""The words of captions: languages, and what is wrong with a file or a text, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.kernel.language import Lazy, gettext, lazy
from content_packages.captions.cues import Problem

#: The languages that captions can be in, by their tags (BCP 47).
LANGUAGES: Final[dict[str, Lazy]] = {
    "ja": lazy("日本語"),
    "en": lazy("英語"),
    "zh": lazy("中国語"),
    "ko": lazy("韓国語"),
    "vi": lazy("ベトナム語"),
    "ne": lazy("ネパール語"),
    "fil": lazy("フィリピノ語"),
    "pt": lazy("ポルトガル語"),
    "es": lazy("スペイン語"),
}

#: So many problems are told one by one; the rest is counted.
MOST_LISTED: Final = 50

CAPTION_PROBLEMS: dict[str, tuple[Lazy, Lazy]] = {}


def problem(found: Problem) -> str:
    """Return in one line where something is wrong, what it is, and how to mend it."""
    what, mending = CAPTION_PROBLEMS[found.code]
    told = {"what": str(what) % found.data, "mending": str(mending) % found.data}
    if not found.line:
        return gettext("%(what)s。%(mending)s", **told)
    return gettext("%(line)s行目：%(what)s。%(mending)s", line=found.line, **told)


def listed(problems: Sequence[Problem]) -> list[str]:
    """Return the first problems in words, and how many more there are."""
    said = [problem(each) for each in problems[:MOST_LISTED]]
    if len(problems) > MOST_LISTED:
        rest = f"{len(problems) - MOST_LISTED:,}"
        said.append(gettext("ほかに%(count)s件あります。", count=rest))
    return said

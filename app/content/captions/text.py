"""The words of captions: languages, and what is wrong with a file or a text, line by line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from app.kernel.language import Lazy, gettext, lazy
from content_packages.captions import Problem

#: The languages that captions can be in, by their tags (BCP 47).
LANGUAGES: Final[dict[str, Lazy]] = {
    "ja": lazy("日本語"),
    "en": lazy("英語"),
    "zh": lazy("中国語"),
    "ko": lazy("韓国語"),
    "pt": lazy("ポルトガル語"),
    "es": lazy("スペイン語"),
    "vi": lazy("ベトナム語"),
    "ne": lazy("ネパール語"),
    "my": lazy("ミャンマー語"),
    "th": lazy("タイ語"),
    "tl": lazy("タガログ語"),
}

#: So many problems are told one by one; the rest is counted.
MOST_LISTED: Final = 50

#: Characters of a line that are quoted.
LONGEST_QUOTED: Final = 40
#: What ends a line of captions (WebVTT, 4.1).
_LINE_END: Final = re.compile(r"\r\n|\r|\n")

CAPTION_PROBLEMS: dict[str, tuple[Lazy, Lazy]] = {}


def problem(found: Problem, lines: Sequence[str] = ()) -> str:
    """Return in one line where something is wrong, what it is, and how to mend it.

    The line itself is quoted from `lines`, where they are given: nobody counts to 214.
    """
    what, mending = CAPTION_PROBLEMS[found.code]
    told = {"what": str(what) % found.data, "mending": str(mending) % found.data}
    if not found.line:
        return gettext("%(what)s。%(mending)s", **told)
    quoted = lines[found.line - 1].strip() if found.line <= len(lines) else ""
    if not quoted:
        return gettext("%(line)s行目：%(what)s。%(mending)s", line=found.line, **told)
    if len(quoted) > LONGEST_QUOTED:
        quoted = f"{quoted[:LONGEST_QUOTED]}…"
    return gettext(
        "%(line)s行目「%(quoted)s」：%(what)s。%(mending)s", line=found.line, quoted=quoted, **told
    )


def listed(problems: Sequence[Problem], typed: str = "") -> list[str]:
    """Return the first problems in words, and how many more there are.

    `typed` is the text that they were found in, as it stands on screen.
    """
    lines = _LINE_END.split(typed) if problems else ()
    said = [problem(each, lines) for each in problems[:MOST_LISTED]]
    if len(problems) > MOST_LISTED:
        rest = f"{len(problems) - MOST_LISTED:,}"
        said.append(gettext("ほかに%(count)s件あります。", count=rest))
    return said

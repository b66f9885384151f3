"""Names that everybody sees to be invented: the only ones a trial installation takes."""

from __future__ import annotations

from app.kernel.folding import name_key

#: What names of the demonstration begin with: words for a sample, not names of families.
SURNAMES = (
    "見本",
    "架空",
    "例示",
    "試験",
    "仮名",
    "研修",
    "試作",
    "例文",
    "模擬",
    "想定",
    "架橋",
    "見出",
    "髙見本",
    "﨑例",
    "𠮷見本",
    "髙橋見本",
)
_KEYS = tuple(name_key(surname) for surname in SURNAMES)


def is_fictional(name: str) -> bool:
    """Whether a name begins as those of the demonstration do."""
    return name_key(name).startswith(_KEYS)

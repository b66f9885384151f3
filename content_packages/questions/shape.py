"""The parts of a question.

Identifiers of options must not give the answer away, since a page shows them: `names_for` makes
them of the texts, in whatever order the author wrote.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

#: Where the text of a fill_in leaves its blanks: [[1]], [[2]] …
MARKER: Final = re.compile(r"\[\[([0-9]{1,3})\]\]")
#: What no XML, no column and no page can hold, and the marks that the reader of GIFT sets itself.
_UNUSABLE: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    FILL_IN = "fill_in"
    ORDERING = "ordering"
    MATCHING = "matching"
    ESSAY = "essay"


@dataclass(frozen=True)
class Option:
    """One thing to choose or to put in order; `feedback` is said to whoever chose it."""

    id: str
    text: str
    is_right: bool = False
    feedback: str = ""


class Number(NamedTuple):
    """A number that is asked for, and how far off an answer may be, itself included."""

    value: float
    tolerance: float = 0.0


@dataclass(frozen=True)
class Blank:
    """What counts as right in one blank: any of the texts, or the number."""

    accepted: tuple[str, ...] = ()
    is_case_sensitive: bool = False
    number: Number | None = None


@dataclass(frozen=True)
class Pair:
    """Two sides that belong together; two pairs may share their right side."""

    id: str
    left: str
    right: str


@dataclass(frozen=True)
class Question:
    """A question of any kind; what a kind does not use stays as it is by default.

    Texts are plain, with line breaks. `options` of an ordering stand in the right order; a
    matching has none, until `arranging.arranged` puts its right-hand sides there to be shown.
    """

    id: str
    kind: Kind
    text: str
    points: float = 1.0
    #: said when the answer may be explained
    feedback: str = ""
    options: tuple[Option, ...] = ()
    #: of a fill_in, in the order of their markers' numbers
    blanks: tuple[Blank, ...] = ()
    pairs: tuple[Pair, ...] = ()
    #: right-hand sides of a matching that belong to nothing
    distractors: tuple[Option, ...] = ()
    is_shuffled: bool = True
    #: whether an answer that is right in part earns a part
    is_partial: bool = False
    #: characters of an essay
    most: int | None = None
    title: str = ""
    #: of a true_false
    answer: bool | None = None
    #: an essay as it should be, for those who mark
    model: str = ""


def tidy(text: str) -> str:
    """Return the text as it is kept: line feeds alone, no control characters, no space around."""
    one_break = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _UNUSABLE.sub("", one_break).strip()


def names_for(texts: Iterable[str]) -> list[str]:
    """Return an identifier for each text, made of it, so that its place tells nothing.

    The same text again gets a number behind it; no two identifiers are the same.
    """
    seen: Counter[str] = Counter()
    names = []
    for text in texts:
        name = f"o{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return names

"""The data models looked up by edition and name, and exported as a table for the browser.

The keywords `_children` and `_count` are rows too, made of the others. Run as a program it prints
the table of an edition: `python -m scorm.element 2004-4 [--strict]`.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import cache
from typing import Any, Final

from scorm import elements_1_2, elements_2004
from scorm.edition import Edition
from scorm.languages import LANGUAGES
from scorm.row import Element
from scorm.value_types import PATTERNS

_INDEX: Final = re.compile(r"(?<=\.)[0-9]+(?=\.|$)")
_LETTER: Final = re.compile(r"(?<=\.)n(?=\.|$)")
#: What may follow these names is an identifier, which may hold dots and digits itself.
_TARGETED: Final = ("adl.nav.request_valid.choice", "adl.nav.request_valid.jump")


def pattern_of(name: str) -> str:
    """Return the name of the row that an element's name belongs to: `n` for every index."""
    for targeted in _TARGETED:
        if name.startswith(targeted + ".{target="):
            return targeted
    # The books write "n" for an index; in a name that content gives, it is none.
    return _INDEX.sub("n", _LETTER.sub("?", name))


@cache
def rows(edition: Edition, *, strict: bool = False) -> dict[str, Element]:
    """Return the rows of an edition by name; `strict` takes every limit as the book has it."""
    listed: tuple[Element, ...]
    parents: tuple[str, ...]
    if edition is Edition.SCORM_12:
        listed, parents = elements_1_2.ELEMENTS, elements_1_2.PARENTS
    elif edition is Edition.SCORM_2004_4:
        listed = elements_2004.ELEMENTS + elements_2004.ELEMENTS_4TH
        parents = elements_2004.PARENTS
    else:
        listed, parents = elements_2004.ELEMENTS, elements_2004.PARENTS[:-1]
    if strict:
        listed = tuple(_strict(row) for row in listed)
    return {row.name: row for row in (*listed, *_keywords(listed, parents))}


def _strict(row: Element) -> Element:
    return replace(row, limit=row.spm) if row.limit and row.spm else row


def _keywords(listed: tuple[Element, ...], parents: tuple[str, ...]) -> Iterator[Element]:
    names = [row.name.split(".") for row in listed]
    for parent in parents:
        above = parent.split(".")
        below = [name[len(above) :] for name in names if name[: len(above)] == above]
        children = dict.fromkeys(part[1] if part[0] == "n" else part[0] for part in below)
        yield Element(f"{parent}._children", "keyword", "r", default=",".join(children))
    collections = dict.fromkeys(
        ".".join(name[:place]) for name in names for place, part in enumerate(name) if part == "n"
    )
    for collection in collections:
        yield Element(f"{collection}._count", "count", "r")


def find(edition: Edition, name: str) -> Element | None:
    """Return the element that a name, with its indexes, speaks of; None for none."""
    return rows(edition).get(pattern_of(name))


def export(edition: Edition, *, strict: bool = False) -> dict[str, Any]:
    """Return the table of an edition as plain values that JSON can hold.

    `elements` are the rows; `patterns` the regular expressions, to match the whole value, of the
    types that are no more than that; `languages` the codes that a language tag may begin with.
    """
    return {
        "edition": edition.value,
        "elements": [asdict(row) for row in rows(edition, strict=strict).values()],
        "patterns": dict(PATTERNS),
        "languages": sorted(LANGUAGES) if edition.is_2004 else [],
    }


def main(arguments: list[str]) -> None:
    """Print the table of the edition that is named."""
    table = export(Edition(arguments[0]), strict="--strict" in arguments)
    json.dump(table, sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main(sys.argv[1:])

"""How an object is checked: a table of its names, each with what may stand there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from xapi.errors import Invalid
from xapi.values import Check, iri, language, text

Object = dict[str, object]


class Shape:
    """An object with these names and no others, each of its kind; null is of no kind."""

    def __init__(
        self,
        required: Mapping[str, Check] | None = None,
        optional: Mapping[str, Check] | None = None,
        also: Check | None = None,
    ) -> None:
        self.required: Final = dict(required or {})
        self.checks: Final = {**self.required, **(optional or {})}
        #: What is asked of the object as a whole, once each part is of its kind.
        self._also = also

    def __call__(self, value: object) -> None:
        """Raise Invalid for what is not of this shape."""
        if type(value) is not dict:
            raise Invalid("object", value)
        for name, part in value.items():
            check = self.checks.get(name)
            if check is None:
                raise Invalid("unknown").within(name)
            try:
                check(part)
            except Invalid as found:
                found.rule = "null" if part is None else found.rule
                found.within(name)
                raise
        if not self.required.keys() <= value.keys():
            raise Invalid("missing").within(min(self.required.keys() - value.keys()))
        if self._also:
            self._also(value)


def listed(check: Check, least: int = 0) -> Check:
    """Return a check of a list whose entries all pass another."""

    def check_list(value: object) -> None:
        if type(value) is not list:
            raise Invalid("list", value)
        if len(value) < least:
            raise Invalid("too_few")
        for place, part in enumerate(value):
            try:
                check(part)
            except Invalid as found:
                found.within(place)
                raise

    return check_list


def mapped(key: Check, check: Check | None) -> Check:
    """Return a check of an object whose names and values each pass another; None lets all pass."""

    def check_map(value: object) -> None:
        if type(value) is not dict:
            raise Invalid("object", value)
        for name, part in value.items():
            try:
                key(name)
                if check:
                    check(part)
            except Invalid as found:
                found.within(name)
                raise

    return check_map


def one_of(*words: str) -> Check:
    """Return a check of a string that is one of these."""

    def check_word(value: object) -> None:
        if value not in words or type(value) is not str:
            raise Invalid("one_of", value)

    return check_word


#: Words by the language that they are in (Data 4.2).
language_map: Final = mapped(language, text)
#: Anything at all, by IRIs (Data 4.1).
extensions: Final = mapped(iri, None)

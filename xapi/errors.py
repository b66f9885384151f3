"""What does not obey the specification: one rule, and the place where it is broken."""

from __future__ import annotations

from typing import Self


class Invalid(ValueError):
    """A broken rule. No sentence stands here: who answers says it in the reader's language.

    `rule` is a code of `xapi.rules.CLAUSES`; `place` are the names and numbers that lead to it,
    from the outside in; `found` is what was there, cut.
    """

    def __init__(self, rule: str, found: object = None) -> None:
        super().__init__(rule)
        self.rule = rule
        self.found = _cut(found)
        self.place: tuple[str | int, ...] = ()

    def within(self, name: str | int) -> Self:
        """Return itself, its place one step further out."""
        self.place = (name, *self.place)
        return self

    @property
    def path(self) -> str:
        """Return the place as one writes it in JavaScript: `context.team.member[1].mbox`."""
        path = "".join(
            f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.place
        ).removeprefix(".")
        return path[:_LONGEST]


_LONGEST = 200


def _cut(found: object) -> str:
    if found is None:
        return ""
    text = found if isinstance(found, str) else repr(found)
    text = text[: _LONGEST + 1].encode(errors="backslashreplace").decode()  # half letters
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

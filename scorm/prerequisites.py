"""SCORM 1.2's adlcp:prerequisites: AICC's script over the statuses of items (CAM 1.2, 2.3.5).

`A1` is true when A1 is passed or completed. `&` and, `|` or, `~` not, `=` and `<>` compare a status
(`A1="passed"`), `2*{A1, A2, A3}` asks for so many of them, a list in braces alone for all.
Common tools write AND, OR and NOT for the signs.
A script that cannot be read locks nothing: its package says so in a finding.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

_TOKEN: Final = re.compile(r"\s*(<>|[&|~=(){},*]|\"[^\"]*\"|[^\s&|~=(){},*<>\"]+)")
_WORDS: Final = {"and": "&", "or": "|", "not": "~"}
_MOST_TOKENS: Final = 2_000
_DONE: Final = frozenset({"passed", "completed"})
#: The statuses as scripts write them, and their first letters, which AICC allows.
_STATUSES: Final = {
    "p": "passed",
    "c": "completed",
    "f": "failed",
    "i": "incomplete",
    "b": "browsed",
    "n": "not attempted",
}

Check = Callable[[Mapping[str, str]], bool]


class ScriptError(ValueError):
    """The text is no script; the message is what stands where something else was expected."""


def parse(script: str) -> Check:
    """Return the check of a script over the statuses of items; raises ScriptError."""
    reader = _Reader(script)
    check = reader.alternatives()
    reader.expect("")
    return check


def names(script: str) -> set[str]:
    """Return the items that a script speaks of; raises ScriptError."""
    reader = _Reader(script)
    reader.alternatives()
    reader.expect("")
    return reader.names


def allows(script: str | None, statuses: Mapping[str, str]) -> bool:
    """Return whether an item with this script may be entered."""
    if not script or not script.strip():
        return True
    try:
        return parse(script)(statuses)
    except ScriptError:
        return True


def _tokens(script: str) -> Iterator[str]:
    at = 0
    script = script.strip()
    while at < len(script):
        found = _TOKEN.match(script, at)
        if found is None:
            raise ScriptError(script[at : at + 20])
        yield _WORDS.get(found[1].lower(), found[1])
        at = found.end()
    yield ""


class _Reader:
    """Reads one script by descent; deep nesting is refused as a script that nobody writes."""

    def __init__(self, script: str) -> None:
        self._tokens = list(_tokens(script))
        if len(self._tokens) > _MOST_TOKENS:
            raise ScriptError(script[:20])
        self._at = 0
        self._depth = 0
        self.names: set[str] = set()

    @property
    def _next(self) -> str:
        return self._tokens[self._at]

    def _take(self) -> str:
        token = self._next
        self._at += 1
        return token

    def expect(self, token: str) -> None:
        if self._next != token:
            raise ScriptError(self._next)
        self._at = min(self._at + 1, len(self._tokens) - 1)

    def alternatives(self) -> Check:
        self._depth += 1
        if self._depth > 50:
            raise ScriptError("(")
        parts = [self._conditions()]
        while self._next == "|":
            self._take()
            parts.append(self._conditions())
        self._depth -= 1
        return lambda statuses: any(part(statuses) for part in parts)

    def _conditions(self) -> Check:
        parts = [self._condition()]
        while self._next == "&":
            self._take()
            parts.append(self._condition())
        return lambda statuses: all(part(statuses) for part in parts)

    def _condition(self) -> Check:
        negated = False
        while self._next == "~":
            self._take()
            negated = not negated
        check = self._term()
        return (lambda statuses: not check(statuses)) if negated else check

    def _term(self) -> Check:
        if self._next == "(":
            self._take()
            check = self.alternatives()
            self.expect(")")
            return check
        if self._next == "{":
            return self._set(None)
        word = self._word()
        if self._next == "*" and word.isascii() and word.isdigit():
            self._take()
            return self._set(int(word))
        return self._comparison(word)

    def _word(self) -> str:
        token = self._take()
        if token in {"", "&", "|", "~", "=", "<>", ")", "(", "{", "}", ",", "*"}:
            raise ScriptError(token)
        return token.strip('"')

    def _comparison(self, name: str) -> Check:
        self.names.add(name)
        if self._next not in {"=", "<>"}:
            return lambda statuses: statuses.get(name) in _DONE
        is_equal = self._take() == "="
        written = self._word().lower()
        wanted = _STATUSES.get(written[:1], written) if len(written) == 1 else written
        return lambda statuses: (statuses.get(name, "not attempted") == wanted) is is_equal

    def _set(self, count: int | None) -> Check:
        self.expect("{")
        parts = [self.alternatives()]
        while self._next == ",":
            self._take()
            parts.append(self.alternatives())
        self.expect("}")
        needed = len(parts) if count is None else count
        return lambda statuses: sum(part(statuses) for part in parts) >= needed

"""The words of notices: each wing tells those of its kinds, and the office may word them anew.

Words of the office place a value as `{研修名}`, by the closed list of the kind: they can tell no
more than its wing has meant to be told, and of people nothing but the reader's own name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.kernel import clock
from app.kernel.language import Lazy, lazy
from app.kernel.web import filters

_PLACED = re.compile(r"\{([^{}]*)\}")
#: What an office types for braces in the wide form.
_BRACES = str.maketrans("｛｝", "{}")


@dataclass(frozen=True)
class Placeholder:
    """A value that words may place."""

    #: What stands for it between braces, and is said of it.
    label: Lazy
    #: A value as the data has it, to show how the words will read.
    sample: Lazy | str


@dataclass(frozen=True)
class Kind:
    """What is told, with the words that come with the software."""

    #: What the office calls it.
    label: Lazy
    #: Title; places values by their names in the data: %(title)s.
    title: Lazy
    #: Text, in the same way.
    text: Lazy
    #: By the name in the data: all that words of this kind may place beside the reader's name.
    placeholders: Mapping[str, Placeholder] = field(default_factory=dict)


@dataclass(frozen=True)
class Wording:
    """Words of the office's own, with placeholders in braces."""

    title: str
    text: str


@dataclass(frozen=True)
class Fault:
    """What is wrong with placeholders: one that there is not, or a brace that stands alone."""

    code: str
    placed: str


NAME: Final = "name"
READER: Final = Placeholder(lazy("氏名"), lazy("研修 太郎"))

#: What every mail has around a notice's own words.
SUBJECT = lazy("【研修】%(title)s")
SUBJECT_OF_TRIAL = lazy("【試送】%(subject)s")
GREETING = lazy("%(name)s 様")
CLOSING = lazy("このメールは自動で送信しています。返信しても届きません。")

#: By the code of a notice's kind.
KINDS: dict[str, Kind] = {}


def tell(kinds: Mapping[str, Kind]) -> None:
    """Add a wing's kinds of notice."""
    KINDS.update(kinds)


def placeholders(code: str) -> dict[str, Placeholder]:
    """Return all that words of a kind may place, by the name in the data."""
    return {NAME: READER, **KINDS[code].placeholders}


def words(
    code: str, data: Mapping[str, object], *, name: str, wording: Wording | None = None
) -> tuple[str, str]:
    """Return the title and the text of a notice to `name`, in the reader's language.

    A value whose name ends with `_on` is a day (ISO 8601), and is written as days are on screen.
    """
    kind = KINDS[code]
    values = {key: _shown(key, value) for key, value in data.items()}
    if wording is None:
        return str(kind.title) % values, str(kind.text) % values
    return _fill(code, wording, {**values, NAME: name})


def _shown(key: str, value: object) -> object:
    return filters.day(_day(value)) if key.endswith("_on") else value


def source_words(
    code: str, data: Mapping[str, object], *, name: str, wording: Wording | None = None
) -> tuple[str, str]:
    """Return the same in the source's language, whoever reads it, for what is kept on paper."""
    kind = KINDS[code]
    values = {
        key: clock.era_date(_day(value)) if key.endswith("_on") else value
        for key, value in data.items()
    }
    if wording is None:
        return kind.title.text % values, kind.text.text % values
    return _fill(code, wording, {**values, NAME: name})


def _day(value: object) -> date:
    return date.fromisoformat(str(value))


def _fill(code: str, wording: Wording, values: Mapping[str, object]) -> tuple[str, str]:
    """Fill what the office wrote; what the kind has lost since then stays as it was written."""
    filled = {
        placeholder.label.text: str(values.get(key, ""))
        for key, placeholder in placeholders(code).items()
    }

    def fill(text: str) -> str:
        return _PLACED.sub(lambda found: filled.get(found[1], found[0]), text)

    return fill(wording.title), fill(wording.text)


def built_in(code: str) -> Wording:
    """Return the words that come with the software as the office would write them."""
    kind = KINDS[code]
    braced = {key: braces(each) for key, each in placeholders(code).items()}
    return Wording(str(kind.title) % braced, str(kind.text) % braced)


def braces(placeholder: Placeholder) -> str:
    """Return what places a value: {研修名}."""
    return f"{{{placeholder.label.text}}}"


def sample(code: str, wording: Wording, name: str | None = None) -> tuple[str, str]:
    """Return how words will read, filled with examples, and to `name`, where one is given."""
    data = {key: str(each.sample) for key, each in KINDS[code].placeholders.items()}
    return words(code, data, name=name or str(READER.sample), wording=wording)


def subject(title: str) -> str:
    """Return the subject of a mail, in one line."""
    return str(SUBJECT) % {"title": " ".join(title.split())}


def letter(name: str, body: str, address: str) -> str:
    """Return the text of a mail to `name`: greeting, words, where they lead, closing."""
    lines = (str(GREETING) % {"name": name}, "", body, "", address, "", str(CLOSING))
    return "\n".join(lines) + "\n"


def examples(code: str) -> list[tuple[str, str, str]]:
    """Return all that words of a kind may place: how it is written, what it is, an example."""
    return [
        (braces(each), str(each.label), str(_shown(key, str(each.sample))))
        for key, each in placeholders(code).items()
    ]


def tidied(text: str) -> str:
    """Return words with placeholders as they are meant: ｛ 研修名 ｝ is {研修名}."""
    return _PLACED.sub(lambda found: f"{{{found[1].strip()}}}", text.translate(_BRACES))


def faults(code: str, text: str) -> list[Fault]:
    """Return what is wrong with the placeholders of words that are tidied."""
    known = {each.label.text for each in placeholders(code).values()}
    placed = dict.fromkeys(_PLACED.findall(text))
    unknown = [Fault("placeholder_unknown", f"{{{each}}}") for each in placed if each not in known]
    alone = re.findall(r"[{}]", _PLACED.sub("", text))
    return unknown + [Fault("brace_alone", each) for each in dict.fromkeys(alone)]

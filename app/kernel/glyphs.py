"""Which characters a font can draw, read from its `cmap` table (OpenType 1.9, "cmap").

Only the two subtables are read that modern fonts have: format 12 (characters) and format 14
(variation sequences). A font without them is refused: it cannot hold the names of a register.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: Characters that are set by their place and not by a glyph.
_SPACES = frozenset("\n\t \u3000")
_COLLECTION = b"ttcf"


@dataclass(frozen=True)
class Coverage:
    """The characters of one font, and the characters whose shape a selector may choose."""

    characters: frozenset[int]
    #: Selector → characters it can follow.
    variations: dict[int, frozenset[int]]

    def missing(self, text: str) -> Iterator[str]:
        """Yield what the font cannot draw: a character, or one with its variation selector."""
        for place, letter in enumerate(text):
            if letter in _SPACES:
                continue
            if is_selector(letter):
                before = text[place - 1] if place else ""
                if not before or ord(before) not in self.variations.get(ord(letter), frozenset()):
                    yield before + letter
            elif ord(letter) not in self.characters:
                yield letter


def is_selector(letter: str) -> bool:
    """Whether a character only chooses the shape of the one before."""
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"


def name_of(letters: str) -> str:
    """Return the code points with the character's name: U+1F600 GRINNING FACE."""
    codes = " ".join(f"U+{ord(letter):04X}" for letter in letters)
    return f"{codes} {unicodedata.name(letters[0], '')}".strip()


@cache
def coverage(path: Path, index: int) -> Coverage:
    """Return what the font of this number in a file covers; raises ValueError for one without."""
    data = path.read_bytes()
    characters: set[int] = set()
    variations: dict[int, frozenset[int]] = {}
    for start in _subtables(data, _table(data, index)):
        kind = struct.unpack_from(">H", data, start)[0]
        if kind == 12:
            characters.update(_characters(data, start))
        elif kind == 14:
            variations.update(_variations(data, start))
    if not characters:
        raise ValueError(
            f"{path.name} has no table of Unicode's characters beyond the first 65,536"
        )
    return Coverage(frozenset(characters), variations)


def _table(data: bytes, index: int) -> int:
    """Return where the font's cmap begins."""
    start = struct.unpack_from(">I", data, 12 + 4 * index)[0] if data[:4] == _COLLECTION else 0
    for place in range(struct.unpack_from(">H", data, start + 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * place)
        if tag == b"cmap":
            return int(offset)
    raise ValueError("the font has no cmap")


def _subtables(data: bytes, start: int) -> set[int]:
    count = struct.unpack_from(">H", data, start + 2)[0]
    places = (struct.unpack_from(">HHI", data, start + 4 + 8 * at)[2] for at in range(count))
    return {start + place for place in places}


def _characters(data: bytes, start: int) -> Iterator[int]:
    for at in range(struct.unpack_from(">I", data, start + 12)[0]):
        first, last, _ = struct.unpack_from(">III", data, start + 16 + 12 * at)
        yield from range(first, last + 1)


def _variations(data: bytes, start: int) -> Iterator[tuple[int, frozenset[int]]]:
    for at in range(struct.unpack_from(">I", data, start + 6)[0]):
        record = data[start + 10 + 11 * at :][:11]
        selector = int.from_bytes(record[:3], "big")
        usual, other = struct.unpack(">II", record[3:])
        found = set(_ranges(data, start + usual) if usual else ())
        found.update(_mapped(data, start + other) if other else ())
        yield selector, frozenset(found)


def _ranges(data: bytes, start: int) -> Iterator[int]:
    for at in range(struct.unpack_from(">I", data, start)[0]):
        place = start + 4 + 4 * at
        first = int.from_bytes(data[place : place + 3], "big")
        yield from range(first, first + data[place + 3] + 1)


def _mapped(data: bytes, start: int) -> Iterator[int]:
    for at in range(struct.unpack_from(">I", data, start)[0]):
        place = start + 4 + 5 * at
        yield int.from_bytes(data[place : place + 3], "big")

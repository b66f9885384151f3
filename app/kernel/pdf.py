"""Paper: a template of typst, filled with plain data, becomes a PDF.

One compiler a process is used again and again (7 ms a page instead of 83). A character that the
fonts lack is an error that names it, never a box; text of strangers is `spelled` first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from app.kernel.errors import Refused
from app.kernel.glyphs import Coverage, coverage, is_selector, name_of

#: Folder of the templates, a file `<name>.typ` each; `page.typ` is what they have in common.
TEMPLATES = Path(__file__).parents[1] / "templates" / "pdf"
#: The family that text is set in: the one whose glyphs are looked up.
FAMILY = "Noto Sans CJK JP"
#: The family of papers of honour; where it is not installed, or lacks a character, `FAMILY` is.
SERIF = "Noto Serif CJK JP"
#: So many missing characters are named at most.
_MOST_NAMED = 5
_WEIGHTS = (400, 700)

_lock = Lock()


def render(template: str, data: Mapping[str, Any], *, now: datetime, fonts: str = "") -> bytes:
    """Return the PDF of a template and what fills it.

    `fonts` is a folder of fonts; empty means the system's. Raises Refused("font_missing") where
    the family is not installed, and Refused("glyph_missing", characters=…) where it lacks some.
    """
    refuse_missing(data, fonts)
    with _lock:
        # One template at a time: the compiler keeps what it has read for the next.
        made = _compiler(fonts).compile(
            input=str(TEMPLATES / f"{template}.typ"),
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards="ua-1",
            timestamp=now.replace(microsecond=0),
        )
    if not isinstance(made, bytes):
        raise TypeError("one PDF was asked for")
    return made


def pictures(template: str, data: Mapping[str, Any], *, ppi: float, fonts: str = "") -> list[bytes]:
    """Return the pages of a template as PNG, of `ppi` dots an inch; raises what `render` does."""
    refuse_missing(data, fonts)
    with _lock:
        made = _compiler(fonts).compile(
            input=str(TEMPLATES / f"{template}.typ"),
            format="png",
            ppi=ppi,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    if made is None:
        raise TypeError("pages were asked for")
    return [made] if isinstance(made, bytes) else made


def family_for(data: object, fonts: str = "") -> str:
    """Return the family that a paper of honour with this data is set in."""
    try:
        known = _coverage(fonts, SERIF)
    except Refused:
        return FAMILY
    missing = any(True for text in _texts(data) for _ in known.missing(text))
    return FAMILY if missing else SERIF


def refuse_missing(data: object, fonts: str = "") -> None:
    """Raise Refused("glyph_missing") with the names of characters that cannot be printed."""
    known = _coverage(fonts)
    missing = {letters for text in _texts(data) for letters in known.missing(text)}
    if missing:
        named = [f"「{letters}」（{name_of(letters)}）" for letters in sorted(missing)]
        raise Refused("glyph_missing", characters="、".join(named[:_MOST_NAMED]))


def spelled(text: str, fonts: str = "") -> str:
    """Return a text in which each character that cannot be printed is named: 〔U+1F600 …〕.

    For what learners and materials have written: one odd sign in it must not keep back the rest.
    A variation selector that the font does not know is left out.
    """
    known = _coverage(fonts)
    missing = set(known.missing(text))
    if not missing:
        return text
    kept = []
    for place, letter in enumerate(text):
        before = text[place - 1] if place else ""
        if is_selector(letter):
            kept.append("" if before + letter in missing else letter)
        else:
            kept.append(f"〔{name_of(letter)}〕" if letter in missing else letter)
    return "".join(kept)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for held in value.values():
            yield from _texts(held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from _texts(held)


@cache
def _compiler(fonts: str) -> typst.Compiler:
    return typst.Compiler(
        root=str(TEMPLATES),
        font_paths=[fonts] if fonts else [],
        ignore_system_fonts=bool(fonts),
    )


@cache
def _coverage(fonts: str, family: str = FAMILY) -> Coverage:
    """Return what every weight of a family can draw."""
    found = typst.Fonts(
        include_system_fonts=not fonts,
        include_embedded_fonts=False,
        font_paths=[fonts] if fonts else [],
    )
    faces = [
        coverage(Path(face.path), face.index)
        for face in found.fonts()
        if face.family == family and face.path and face.weight in _WEIGHTS
    ]
    if not faces:
        raise Refused("font_missing", family=family)
    characters = frozenset.intersection(*(face.characters for face in faces))
    selectors = set.intersection(*(set(face.variations) for face in faces))
    return Coverage(
        characters,
        {
            one: frozenset.intersection(*(face.variations[one] for face in faces))
            for one in selectors
        },
    )

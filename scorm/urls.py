"""URLs inside a package: joined with xml:base, given parameters, and found among its files.

Every lenient step has content that needs it: Windows authors write backslashes and any case,
macOS archives decompose か + ゛, tools write spaces raw, and some start paths with a slash.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote, unquote, unquote_to_bytes

#: How a name differs from what an href says; "exact" covers percent-encoding, which is right.
Spelling = Literal["exact", "separator", "unicode_form", "case"]

#: The folder of the player's page under which a package's files are answered.
CONTENT: Final = "content/"

#: In characters. A name in a package has at most 1,024; without a bound, a manifest of a few
#: megabytes could repeat one long xml:base before each of its files, and take gigabytes.
LONGEST: Final = 2_000

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")


def scheme(href: str) -> str | None:
    """Return the scheme of an absolute URL in lower case ("" for `//host/…`), None for a path."""
    if href.startswith("//"):
        return ""
    # One letter before the colon is a Windows drive, which no URL scheme is.
    match = _SCHEME.match(href)
    return match.group(1).lower() if match else None


def join(base: str, href: str) -> str:
    """Return `href` under `base`, cut at LONGEST; an absolute URL stays as it is.

    Strict (RFC 3986) would drop the last segment of a base without a slash at its end;
    authors who forget that slash always mean a folder.
    """
    if not base or not href or scheme(href) is not None:
        return (href or base)[:LONGEST]
    return f"{base.rstrip('/')}/{href.lstrip('/')}"[:LONGEST]


def append_parameters(href: str, parameters: str | None) -> str:
    """Return a launch URL with an item's parameters (CAM 4e, 3.4.1.10), cut at LONGEST."""
    rest = (parameters or "").strip().lstrip("?&")
    if not rest:
        return href
    if rest.startswith("#"):
        return href if "#" in href else (href + rest)[:LONGEST]
    return f"{href}{'&' if '?' in href else '?'}{rest}"[:LONGEST]


def path_of(href: str) -> str:
    """Return a URL without its parameters and fragment."""
    return re.split("[?#]", href, maxsplit=1)[0]


def launch_address(href: str) -> str:
    """Return a launch URL relative to the player's page; an absolute http(s) URL stays as it is.

    The path is decoded and encoded anew as UTF-8, so that a browser can follow what Windows tools
    write; parameters and fragment stay as they are. Whatever leads out of the package, or has
    another scheme, becomes the name of a file that no package holds.
    """
    if scheme(href) in {"", "http", "https"}:
        return href
    path = path_of(href)
    return CONTENT + quote(normalise(_unquote(path)) or "") + href[len(path) :]


@dataclass(frozen=True)
class Found:
    """The real name that an href means, and how it is spelt differently."""

    name: str
    spelling: Spelling


class NameIndex:
    """The file names of one package (relative to its manifest, with `/`), to look hrefs up in."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)
        ordered = sorted(self._names)
        self._composed = {_composed(name): name for name in reversed(ordered)}
        # Names that differ in case alone are no answer to a third spelling.
        times = Counter(_composed(name).casefold() for name in ordered)
        folds = ((_composed(name).casefold(), name) for name in ordered)
        self._folded = {fold: name for fold, name in folds if times[fold] == 1}
        self._has_marks = any("?" in name or "#" in name for name in self._names)
        self._found: dict[str, Found | None] = {}

    def find(self, href: str) -> Found | None:
        """Return the file that an href means; None where it is absent, external or outside."""
        if scheme(href) is not None:
            return None
        found = self._find(href) if self._has_marks else None
        return found or self._find(path_of(href))

    def _find(self, text: str) -> Found | None:
        """Look in every way at one text; many items ask for the same, with other parameters."""
        if text not in self._found:
            ways = dict.fromkeys((text, unquote(text), _unquote_cp932(text)))
            found = (self._look_up(path) for path in ways)
            self._found[text] = next((each for each in found if each is not None), None)
        return self._found[text]

    def _look_up(self, path: str) -> Found | None:
        name = normalise(path)
        if not name:
            return None
        if name in self._names:
            return Found(name, "separator" if "\\" in path else "exact")
        composed = _composed(name)
        if composed in self._composed:
            return Found(self._composed[composed], "unicode_form")
        folded = self._folded.get(composed.casefold())
        return Found(folded, "case") if folded is not None else None


def resolve(href: str, names: Collection[str]) -> str | None:
    """Return the name among `names` that an href means; None where none is meant."""
    found = NameIndex(names).find(href)
    return found.name if found else None


def normalise(path: str) -> str | None:
    """Return a path without `.`, `..`, backslashes and a slash ahead; None if it leads outside."""
    parts: list[str] = []
    for part in path.replace("\\", "/").split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _unquote(text: str) -> str:
    """Undo percent-encoding of UTF-8 bytes, or else of cp932's."""
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return _unquote_cp932(text)


def _unquote_cp932(text: str) -> str:
    """Undo percent-encoding that was made from cp932 bytes, as old Windows tools did."""
    return unquote_to_bytes(text).decode("cp932", errors="replace")

"""What a request's JSON says, with the very letters of each part of a statement kept beside it.

Names that come twice, numbers that are none and letters that are not UTF-8 are refused: two
readers could take them for two things (Data 2.2).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isinf
from typing import Any, Final, NoReturn

from xapi.errors import Invalid
from xapi.shapes import Object


@dataclass(frozen=True)
class Read:
    """A statement as it came."""

    value: Any
    #: The letters of each part, by its name, in their order; empty for what is no object.
    parts: Mapping[str, str]


def _unique(pairs: list[tuple[str, object]]) -> Object:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise Invalid("same_name", next(name for name in names if names.count(name) > 1))
    return found


def _no_number(said: str) -> NoReturn:
    raise Invalid("json", said)


def _real(said: str) -> float:
    found = float(said)
    if isinf(found):  # it could not be written again
        raise Invalid("number", said)
    return found


_SCAN: Final = json.JSONDecoder(  # type: ignore[attr-defined] # of the standard library
    object_pairs_hook=_unique, parse_constant=_no_number, parse_float=_real
).scan_once
_STRING: Final = json.decoder.scanstring  # type: ignore[attr-defined] # of the standard library
_SPACE: Final = re.compile(r"[ \t\r\n]*")
#: Before the first name of an object, after a name, after a value: up to the next name or the end.
_OPENED: Final = re.compile(r'\{[ \t\r\n]*(?:(")|\})')
_COLON: Final = re.compile(r"[ \t\r\n]*:[ \t\r\n]*")
_THEN: Final = re.compile(r'[ \t\r\n]*(?:(,[ \t\r\n]*")|\})')
#: Half of a letter beyond the first 65536, as an escape: the other half may be missing.
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
#: How deep one thing may stand in others. Whoever reads it later has a stack as well.
_DEEPEST: Final = 200


def read(body: bytes) -> tuple[list[Read], bool]:
    """Return the statements of a body, and whether they came as a list. Raises Invalid."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Invalid("utf_8", f"{error.start}") from None
    try:
        return _read(text)
    except Invalid:
        raise
    except RecursionError:
        raise Invalid("json_depth") from None
    except StopIteration as error:
        raise Invalid("json", text[error.value :]) from None
    except json.JSONDecodeError as error:
        raise Invalid("json", text[error.pos :]) from None
    except ValueError:
        raise Invalid("json") from None  # a number of more digits than Python reads


def _read(text: str) -> tuple[list[Read], bool]:
    start = _past(text, 0)
    is_list = text.startswith("[", start)
    if is_list:
        found, end = _list(text, start + 1)
    else:
        one, end = _one(text, start)
        found = [one]
    if _past(text, end) < len(text):
        raise StopIteration(_past(text, end))
    return found, is_list


def value(body: bytes) -> Any:
    """Return what a JSON document says. Raises Invalid."""
    found, is_list = read(body)
    return [each.value for each in found] if is_list else found[0].value


def _past(text: str, at: int) -> int:
    """Return the place of the next letter that is no space."""
    found = _SPACE.match(text, at)
    assert found
    return found.end()


def _list(text: str, at: int) -> tuple[list[Read], int]:
    found: list[Read] = []
    at = _past(text, at)
    if text.startswith("]", at):
        return found, at + 1
    while True:
        try:
            one, at = _one(text, at)
        except Invalid as error:
            error.within(len(found))
            raise
        found.append(one)
        at = _past(text, at)
        if text.startswith("]", at):
            return found, at + 1
        if not text.startswith(",", at):
            raise StopIteration(at)
        at = _past(text, at + 1)


def _one(text: str, at: int) -> tuple[Read, int]:
    """Return what begins here, and where it ends; nothing that could not be written again."""
    found, end = _begun(text, at)
    if text.count("{", at, end) + text.count("[", at, end) > _DEEPEST and _is_deep(found.value):
        raise Invalid("json_depth")
    if _HALF.search(text, at, end):
        try:
            json.dumps(found.value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise Invalid("utf_8", f"U+{ord(error.object[error.start]):04X}") from None
    return found, end


def _is_deep(found: Any) -> bool:
    level = [found]
    for _ in range(_DEEPEST + 1):
        level = [
            part
            for each in level
            if isinstance(each, dict | list)
            for part in (each.values() if isinstance(each, dict) else each)
        ]
    return bool(level)


def _begun(text: str, at: int) -> tuple[Read, int]:
    if not text.startswith("{", at):
        found, at = _SCAN(text, at)
        return Read(found, {}), at
    pairs: list[tuple[str, object]] = []
    parts: dict[str, str] = {}
    then = _OPENED.match(text, at)
    while then and then[1]:
        name, at = _STRING(text, then.end())
        colon = _COLON.match(text, at)
        if colon is None:
            raise StopIteration(_past(text, at))
        start = colon.end()
        part, at = _SCAN(text, start)
        pairs.append((name, part))
        parts[name] = text[start:at]
        then = _THEN.match(text, at)
    if then is None:
        at = _past(text, at)
        is_more = text.startswith((",", "{"), at)
        raise StopIteration(_past(text, at + 1) if is_more else at)
    return Read(_unique(pairs), parts), then.end()

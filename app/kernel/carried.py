"""What a page carries from a check to its commit: plain data as one word, and back in bounds.

The server keeps nothing meanwhile. Whoever sends it back may have changed it: what it means is to
be checked again.
"""

from __future__ import annotations

import base64
import json
import zlib


def packed(value: object) -> str:
    """Return plain data as a page's form carries it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(text: str, most: int) -> list[object]:
    """Return the list that a form brought back, of `most` bytes unpacked at most.

    Raises ValueError for what `packed` has not made, TypeError for what it made of anything else.
    """
    unpacking = zlib.decompressobj()
    try:
        data = unpacking.decompress(base64.urlsafe_b64decode(text), most)
        value = json.loads(data) if unpacking.eof else None
    except (zlib.error, RecursionError) as error:
        raise ValueError(error) from error
    if not isinstance(value, list):
        raise TypeError("no list was packed")
    return value

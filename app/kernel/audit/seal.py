"""The seals of the audit: what each line's SHA-256 is taken over.

Version 1 covers the details themselves. Version 2 covers their salted hash, so that details can be
forgotten and the line still proves that, when and by whom it was written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

#: What the first line of all follows.
FIRST_HASH = "0" * 64
#: How new lines are sealed.
VERSION = 2

#: What a seal covers beside its version and the line's moment, in this order.
_COVERED: Mapping[int, tuple[str, ...]] = {
    1: ("action", "actor_id", "subject_kind", "subject_id", "details", "address", "reference"),
    2: (
        "action",
        "actor_id",
        "role",
        "for_id",
        "subject_kind",
        "subject_id",
        "details_hash",
        "address",
        "reference",
    ),
}

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: object) -> str:
    """Return the one JSON text of a value, whatever the order of its keys."""
    return _ENCODER.encode(value)


def hash_of_details(details: Mapping[str, Any], salt: str) -> str:
    """Return the SHA-256, in hexadecimal, over a salt and some details."""
    return hashlib.sha256((salt + canonical(details)).encode()).hexdigest()


def seal(line: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hexadecimal, over a line's columns and the hash of the one before."""
    version = line["seal_version"]
    content = [line["seq"], line["at"].isoformat(timespec="microseconds")]
    content += [_written(name, line[name]) for name in _COVERED[version]]
    content.append(line["previous_hash"])
    if version > 1:
        content.insert(0, version)
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def holds(line: Mapping[str, Any]) -> bool:
    """Whether a line and its details are what was sealed, or the details were forgotten whole."""
    if line["seal_version"] not in _COVERED or line["hash"] != seal(line):
        return False
    if line["seal_version"] == 1:  # what came later is not covered, and so must be empty
        return not any(line[name] for name in ("role", "for_id", "salt", "details_hash"))
    if line["details"] is None or line["salt"] is None:
        return line["details"] is None and line["salt"] is None
    return hash_of_details(line["details"], line["salt"]) == str(line["details_hash"])


def _written(name: str, value: object) -> object:
    return str(value or "") if name.endswith("_id") else value

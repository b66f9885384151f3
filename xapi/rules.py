"""The rules that a statement or a request can break, by their codes, and where they are written.

D is xAPI 1.0.3, part two (Data); C part three (Communication). IEEE 9274.1.1 (xAPI 2.0) keeps them.
"""

from __future__ import annotations

from typing import Final

CLAUSES: Final = {
    # JSON itself.
    "json": "D 2.2", "json_depth": "D 2.2", "utf_8": "C 1.4", "nul": "C 1.4", "same_name": "D 2.2",
    # Names.
    "missing": "D 2.2", "unknown": "D 2.2", "null": "D 2.2",
    # Kinds of values.
    "object": "D 2.2", "list": "D 2.2", "string": "D 2.2", "boolean": "D 2.2",
    "number": "D 2.2", "integer": "D 2.2", "one_of": "D 2.2", "range": "D 2.4.5.1",
    "too_few": "D 2.4.6",
    "iri": "D 4.0", "uuid": "D 4.0", "mailto": "D 2.4.2.3", "sha1": "D 2.4.2.3",
    "sha2": "D 2.4.11", "media_type": "D 2.4.11", "language": "D 4.2",
    "duration": "D 4.6", "timestamp": "D 4.5", "timestamp_zone": "D 4.5",
    # Who.
    "identifier": "D 2.4.2", "members": "D 2.4.2.2", "authority": "D 2.4.9",
    # What.
    "same_id": "D 2.4.4.1", "interaction_list": "D 2.4.4.1",
    "of_activities": "D 2.4.6", "voids": "D 2.3.2", "version": "C 3.3",
    # Attachments and signatures.
    "boundary": "C 1.5.2", "part": "C 1.5.2", "first_part": "C 1.5.2", "binary": "C 1.5.2",
    "hash": "C 1.5.2", "hash_differs": "C 1.5.2", "not_named": "C 1.5.2",
    "not_brought": "C 1.5.2", "not_mixed": "C 1.5.1",
    "signature_type": "D 2.6", "signature_form": "D 2.6", "signature_algorithm": "D 2.6",
    "signature_differs": "D 2.6", "signature_false": "D 2.6",
    # Requests.
    "beside_id": "C 2.1.3", "merge": "C 2.2", "other_id": "C 2.1.1", "content_type": "C 1.5",
}  # fmt: skip

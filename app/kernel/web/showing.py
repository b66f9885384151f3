"""What a page or a file shows of people is written down: who looked, and at whom."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from app.kernel.audit import service as audit
from app.kernel.web.routing import now, session
from app.kernel.web.rules import actor


def note(
    action: str, kind: str, key: uuid.UUID | None, details: Mapping[str, object] | None = None
) -> None:
    """Append to the audit what whoever is here has been shown.

    `kind` and `key` name what it is, no key a list; `details` as `audit.record` takes them.
    """
    audit.record(
        session(), action, by=actor().person_id, now=now(), subject=(kind, key), details=details
    )


def person(action: str, person_id: uuid.UUID) -> None:
    """Append to the audit that whoever is here has been shown one person's items."""
    note(action, "person", person_id, {"count": 1})

"""The words of the check pages: what a score says."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy
from app.portals.scores.service import COMPLETED, IN_PROGRESS

#: How far somebody is, as the portal is told.
PROGRESS: dict[str, Lazy] = {
    IN_PROGRESS: lazy("受講中"),
    COMPLETED: lazy("受講を終えた"),
}

#: Where a score stands.
SCORE_STATES: dict[str, tuple[Lazy, str]] = {
    "waiting": (lazy("送信待ち"), "waiting"),
    "retrying": (lazy("再送待ち"), "warning"),
    "sent": (lazy("送信済み"), "success"),
    "dropped": (lazy("送信しない（ポータルの値が新しい）"), "neutral"),
    "given_up": (lazy("送信できません"), "error"),
}

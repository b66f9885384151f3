"""The words of learners of portals."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "learner_is_linked": (
        lazy("この受講は、もうほかの職員に結び付いています"),
        lazy("思い当たらないときは、研修担当に連絡してください。"),
    ),
}

ACTS: dict[str, Act] = {
    "portal_learner.linked": Act(
        "learning", lazy("ポータルの受講者を職員に結び付け"), Manner.CHANGED
    ),
    "portal_learner.parted": Act(
        "learning", lazy("ポータルの受講者と職員の結び付けを解除"), Manner.CHANGED
    ),
}

"""What taking several people out says."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "run.ending_checked": Act(
        "training",
        lazy("受講者から外す人を確認"),
        Manner.LISTED,
        ("number", "name", "section", "history"),
    ),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "ended_already": (
        lazy("選んだ人は、すでに受講者から外れています"),
        lazy("ほかの担当が先に外したか、同じ操作を2回押しました。実施回の一覧で確かめてください。"),
    ),
}

"""What is written into the audit when notices are read to be handed out."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import lazy

ACTS: dict[str, Act] = {
    "notices.listed": Act(
        "people", lazy("メールのない職員のお知らせを表示"), Manner.LISTED, (*WHO, "history")
    ),
}

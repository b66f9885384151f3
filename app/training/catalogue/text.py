"""What the catalogue says from Python: how its reader stands to an offering."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy
from app.training.catalogue.queries import Standing

#: How a reader stands to an offering: the word, and the kind of its chip. Of who was put forward,
#: the candidacy says more.
STANDINGS: dict[str, tuple[Lazy, str]] = {
    Standing.SEATED: (lazy("決定済"), "success"),
    Standing.PUT_FORWARD: (lazy("申込済"), "progress"),
    Standing.OPEN: (lazy("申込できる"), "info"),
    Standing.BEFORE: (lazy("募集前"), "waiting"),
    Standing.CLOSED: (lazy("受付終了"), "neutral"),
    Standing.NAMED: (lazy("推薦・指名で受講"), "neutral"),
}

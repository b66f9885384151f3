"""What calendars say from Python: names of what stands in them, and acts."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import lazy

#: What a subscribed calendar is called.
NAME = lazy("研修の予定")
#: What the last day of e-learning is called.
DUE = lazy("受講の期限：%(title)s")

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "calendar.made": Act("learning", lazy("カレンダーの購読アドレスを作成")),
    "calendar.revoked": Act("learning", lazy("カレンダーの購読アドレスを取り消し")),
    "calendar.fetched": Act(
        "learning", lazy("購読アドレスで予定を取得"), Manner.EXPORTED, ("history",)
    ),
}

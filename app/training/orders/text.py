"""What orders say from Python: kinds, acts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.kernel.notices.text import Kind, Placeholder
from app.training.orders.models import OrderKind
from app.training.orders.service import ISSUED

#: The word of each kind of version.
KINDS: dict[str, Lazy] = {
    OrderKind.ORDER: lazy("研修命令"),
    OrderKind.CHANGE: lazy("変更命令"),
    OrderKind.REVOCATION: lazy("命令取消"),
}

#: What those who are ordered are told.
NOTICES: dict[str, Kind] = {
    ISSUED: Kind(
        lazy("研修命令の通知"),
        lazy("研修命令が出ました：%(title)s"),
        lazy("%(from_on)sから%(until_on)sまでに受講してください。"),
        {
            "title": Placeholder(lazy("研修名"), lazy("情報セキュリティ研修")),
            "from_on": Placeholder(lazy("受講開始日"), "2026-12-01"),
            "until_on": Placeholder(lazy("受講の期限"), "2026-12-25"),
        },
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "order.order": Act("training", lazy("研修命令を発行"), Manner.CHANGED, (*WHO, "history")),
    "order.change": Act("training", lazy("変更命令を発行"), Manner.CHANGED, (*WHO, "history")),
    "order.revocation": Act(
        "training", lazy("研修命令を取り消し"), Manner.CHANGED, (*WHO, "history")
    ),
    "order.acknowledged": Act("training", lazy("研修命令を受領"), Manner.CHANGED, ("history",)),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "order_needs_issuer": (
        lazy("命令者が入力されていません"),
        lazy("命令は発行されていません。命令者の職名を入力してください。"),
    ),
    "nobody_to_order": (
        lazy("命令を出す人がいません"),
        lazy("決定済みで、まだ命令を受けていない人がいるときに発行できます。"),
    ),
}

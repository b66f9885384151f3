"""What orders say from Python: kinds, acts, refusals."""

from __future__ import annotations

from datetime import date

from app.kernel import clock
from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.training.orders.models import Order, OrderKind
from app.training.orders.queries import OrderRow

#: The word of each kind of version.
KINDS: dict[str, Lazy] = {
    OrderKind.ORDER: lazy("研修命令"),
    OrderKind.CHANGE: lazy("変更命令"),
    OrderKind.REVOCATION: lazy("命令取消"),
}


def number(order: Order | OrderRow) -> str:
    """Return an order's number as a notice keeps it, whoever reads it: 令和8年度 第12号."""
    year = clock.era_year(date(order.fiscal_year, 4, 1))
    return f"{year}度 第{order.serial}号"


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

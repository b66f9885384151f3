"""What orders say from Python: kinds, numbers, acts, refusals."""

from __future__ import annotations

from datetime import date

from app.kernel import clock, language
from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, gettext, lazy
from app.training.orders.models import Order, OrderKind
from app.training.orders.queries import OrderRow

#: The word of each kind of version.
KINDS: dict[str, Lazy] = {
    OrderKind.ORDER: lazy("研修命令"),
    OrderKind.CHANGE: lazy("変更命令"),
    OrderKind.REVOCATION: lazy("命令取消"),
}

#: The chip of each kind of version.
SIGNS: dict[str, str] = {
    OrderKind.ORDER: "success",
    OrderKind.CHANGE: "warning",
    OrderKind.REVOCATION: "error",
}


def number(order: OrderRow | Order) -> str:
    """Return the number of a version as a page writes it: 研修命令 令和8年度 第12号（第2版）."""
    year = order.fiscal_year
    named = f"{clock.era_year(date(year, 4, 1))}度" if language.current() == "ja" else f"FY{year}"
    return gettext(
        "%(prefix)s %(year)s 第%(serial)s号（第%(version)s版）",
        prefix=order.document.get("prefix") or gettext("研修命令"),
        year=named,
        serial=order.serial,
        version=order.version,
    ).strip()


def source_number(order: OrderRow | Order) -> str:
    """Return the same in the source's language, whoever reads it: for notices, and on paper."""
    year = clock.era_year(date(order.fiscal_year, 4, 1))
    prefix = order.document.get("prefix") or "研修命令"
    return f"{prefix} {year}度 第{order.serial}号（第{order.version}版）"


#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "order.order": Act("training", lazy("研修命令を発行"), Manner.CHANGED, (*WHO, "history")),
    "order.change": Act("training", lazy("変更命令を発行"), Manner.CHANGED, (*WHO, "history")),
    "order.revocation": Act(
        "training", lazy("研修命令を取り消し"), Manner.CHANGED, (*WHO, "history")
    ),
    "order.acknowledged": Act("training", lazy("研修命令を受領"), Manner.CHANGED, ("history",)),
    "order.reminded": Act("training", lazy("研修命令の受領確認を督促"), Manner.CHANGED, WHO),
    "order.viewed": Act("training", lazy("研修命令を表示"), Manner.LISTED, (*WHO, "history")),
    "order.printed": Act(
        "training", lazy("研修命令書・名簿を出力"), Manner.EXPORTED, (*WHO, "history")
    ),
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
    "people_changed": (
        lazy("確認の後で、命令を出す人が変わりました"),
        lazy("命令は発行されていません。いまの一覧を確認して、もう一度発行してください。"),
    ),
    "all_acknowledged": (
        lazy("受領を確認していない人はいません"),
        lazy("督促は送られていません。全員が受領を確認したか、後の版に替わっています。"),
    ),
    "too_many_pages": (
        lazy("一度に印刷できる枚数（%(most)s枚）を超えています（%(count)s枚）"),
        lazy("所属を選んで、分けて印刷してください。"),
    ),
}

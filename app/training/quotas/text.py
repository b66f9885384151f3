"""What quotas say from Python: acts and refusals."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "offering.allotted": Act("training", lazy("割当を保存")),
    "offering.holders_viewed": Act(
        "training", lazy("割当を使っている人を表示"), Manner.LISTED, WHO
    ),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "quota_below_taken": (
        lazy("%(place)sの上限%(most)s人は、すでに使われている%(taken)s人より少なくなっています"),
        lazy(
            "何も保存されていません。上限を%(taken)s人以上にするか、先に推薦を取り下げてください。"
        ),
    ),
    "quotas_exceed_capacity": (
        lazy("割当の合計%(total)s人が、実施回の定員の合計%(capacity)s人を超えています"),
        lazy("まだ保存されていません。割当を減らすか、超えることを認めてから保存してください。"),
    ),
}

"""What the ledger of seats says from Python."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "quota_full": (
        lazy("%(section)sの割当（%(most)s人）は、すべて使われています"),
        lazy("何も保存されていません。ほかの人の推薦を取り下げるか、研修担当に相談してください。"),
    ),
    "run_full": (
        lazy("空いている席が足りません（残り%(left)s席、必要%(wanted)s席）"),
        lazy("何も保存されていません。ほかの回を選ぶか、定員を見直してください。"),
    ),
}

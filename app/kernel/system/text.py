"""Words of the read-only mode."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy
from app.kernel.system.models import Reason

REASONS: dict[str, Lazy] = {
    Reason.INCIDENT: lazy("事故などの調査と対応"),
    Reason.MAINTENANCE: lazy("保守の作業"),
    Reason.DRILL: lazy("訓練"),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "reason_unknown": (
        lazy("理由が選ばれていません"),
        lazy("一覧にある理由から選んでください。"),
    ),
    "is_read_only": (
        lazy("すでに、閲覧だけの状態です"),
        lazy("画面を開き直して確認してください。"),
    ),
}

#: What stands on top of every page meanwhile.
BANNER: tuple[Lazy, Lazy] = (
    lazy("いまは閲覧だけできます"),
    lazy(
        "理由は「%(reason)s」です。入力や申込みは保存できず、受講も始められません。"
        "受講画面に入力した内容は、受講画面が保存し、再開してから送ります。"
    ),
)

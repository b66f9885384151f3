"""What the home says from Python."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

#: Why a run cannot go on as it is.
TROUBLES: dict[str, Lazy] = {
    "not_opened": lazy("開始日を過ぎて、まだ始まっていません"),
    "too_few": lazy("最小催行人数に足りません"),
}

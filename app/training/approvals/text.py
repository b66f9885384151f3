"""What approvals say from Python."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "own_approval": (
        lazy("自分の申込みや変更は、自分では承認できません"),
        lazy("上位の所属長が承認します。急ぐときは研修担当に連絡してください。"),
    ),
    "reason_needed": (
        lazy("理由が選ばれていません"),
        lazy("何も保存されていません。理由を選んで、もう一度操作してください。"),
    ),
}

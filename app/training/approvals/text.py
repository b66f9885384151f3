"""What approvals say from Python."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

#: What somebody said, in a word.
STEPS: dict[str, Lazy] = {
    "submit": lazy("再提出"),
    "revise": lazy("作成中に戻す"),
    "nominate": lazy("承認"),
    "return": lazy("差戻し"),
    "decline": lazy("不承認"),
    "withdraw": lazy("取下げ"),
    "except": lazy("例外許可"),
}

#: What is said after a word to some candidacies.
DONE: dict[str, Lazy] = {
    "approve": lazy("%(count)s人を承認しました。"),
    "return": lazy("%(count)s人を差し戻しました。"),
    "decline": lazy("%(count)s人を不承認にしました。"),
}

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

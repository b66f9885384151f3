"""What make-ups say from Python: words, acts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy
from app.training.attendance.models import MakeUp

#: How far a make-up is: the word, and the kind of its chip.
STATES: dict[str, tuple[Lazy, str]] = {
    MakeUp.ASKED: (lazy("補講を希望"), "waiting"),
    MakeUp.GIVEN: (lazy("補講が決定"), "progress"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    f"make_up.{action}": Act("training", word, Manner.CHANGED, ("history",))
    for action, word in {
        "ask": lazy("補講を希望"),
        "give": lazy("補講を決定"),
        "refuse": lazy("補講の希望を不承認"),
        "withdraw": lazy("補講を取り消し"),
        "finish": lazy("補講の教材を終了"),
    }.items()
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "make_up_not_needed": (
        lazy("欠席ではないコマには、補講を割り当てられません"),
        lazy("何も保存されていません。欠席の連絡か、出欠の記録を確認してください。"),
    ),
    "make_up_elsewhere": (
        lazy("補講に使えないコマが選ばれています"),
        lazy("何も保存されていません。これから開催する別の回の、同じ番号のコマを選んでください。"),
    ),
    "make_up_material_needed": (
        lazy("補講の教材が選ばれていません"),
        lazy("何も保存されていません。公開中の教材を選んで、もう一度操作してください。"),
    ),
    "make_up_full": (
        lazy("選んだコマの席は、埋まりました"),
        lazy("何も保存されていません。別の回を選んでください。"),
    ),
}

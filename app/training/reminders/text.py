"""What reminding says from Python: acts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import Act
from app.kernel.language import Lazy, lazy

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "offering.reminders_set": Act("training", lazy("督促の決まりを変更")),
    "reminders.told": Act("training", lazy("その日の督促と予告を送信")),
    "run.reminded": Act("training", lazy("未受講者に督促を送信")),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "remind_too_many": (
        lazy("一度に督促できるのは%(most)s件までです"),
        lazy("何も送っていません。前の画面に戻り、研修や所属で絞り込んでから送ってください。"),
    ),
}

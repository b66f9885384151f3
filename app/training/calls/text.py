"""What calls say from Python: how far sections are, acts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import Act
from app.kernel.language import Lazy, lazy
from app.training.calls.queries import Stage

#: The word of each stage of a section's answer, and the kind of its chip.
STAGES: dict[str, tuple[Lazy, str]] = {
    Stage.NOTHING: (lazy("未提出"), "warning"),
    Stage.WRITING: (lazy("作成中"), "neutral"),
    Stage.ASKED: (lazy("所属長の承認待ち"), "waiting"),
    Stage.SENT: (lazy("提出済"), "success"),
    Stage.NOBODY: (lazy("該当なし"), "success"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "offering.answered": Act("training", lazy("推薦依頼への所属の回答を登録")),
    "offering.reminded": Act("training", lazy("推薦名簿が未提出の所属に督促")),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "preferences_needed": (
        lazy("希望する回が選ばれていないか、同じ回が重なっています"),
        lazy("何も保存されていません。希望する回を、%(most)s つまで、重ねずに選んでください。"),
    ),
    "apply_too_late": (
        lazy("第%(number)s回は、申込みを受け付けていません"),
        lazy("何も保存されていません。受付中の回を選ぶか、研修担当に連絡してください。"),
    ),
    "head_too_late": (
        lazy("所属長の決裁の締切を過ぎています"),
        lazy("何も変わっていません。必要なときは、研修担当に連絡してください。"),
    ),
}

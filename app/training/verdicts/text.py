"""What verdicts on attendance say from Python: words, reasons, acts."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy
from app.training.verdicts.queries import Verdict
from app.training.verdicts.service import OverrideReason

#: What the rule says of somebody: the word, and the kind of its chip.
VERDICTS: dict[str, tuple[Lazy, str]] = {
    Verdict.ENOUGH: (lazy("基準を満たす"), "success"),
    Verdict.NOT_ENOUGH: (lazy("基準を満たさない"), "error"),
    Verdict.OPEN: (lazy("未確定"), "neutral"),
}

#: Why the office says otherwise than the rule.
REASONS: dict[str, Lazy] = {
    OverrideReason.DUTY: lazy("公務による欠席"),
    OverrideReason.MADE_UP: lazy("別の方法で受講した"),
    OverrideReason.MISTAKE: lazy("出欠の記録の誤り"),
    OverrideReason.OTHER: lazy("その他"),
}

#: What is said once the office has said its word.
DECIDED: dict[str, Lazy] = {
    "enough": lazy("基準を満たすと判定しました。"),
    "not_enough": lazy("基準を満たさないと判定しました。"),
    "rule": lazy("判定を出欠の記録に戻しました。"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "attendance_override.decided": Act(
        "training", lazy("出席の判定を上書き"), Manner.CHANGED, ("history",)
    ),
}

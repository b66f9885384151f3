"""What forms of reports say from Python: acts, parts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import Act
from app.kernel.language import Lazy, lazy

#: What the audit calls what is changed of a form.
PARTS: dict[str, Lazy] = {"due_days": lazy("報告の期限（日数）")}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "training.report_form_set": Act("training", lazy("報告の様式を変更")),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "report_form_wrong": (
        lazy("この様式は保存できません"),
        lazy("何も保存されていません。ページを開き直して、もう一度入力してください。"),
    ),
}

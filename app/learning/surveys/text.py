"""What surveys say when they refuse."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "survey_submitted": (
        lazy("このアンケートには、もう回答しています"),
        lazy("回答は1回だけです。送った回答は変えられません。"),
    ),
    "survey_keeps_no_draft": (
        lazy("無記名のアンケートは、途中では保存できません"),
        lazy("最後まで答えてから、「回答を送る」を押してください。"),
    ),
}

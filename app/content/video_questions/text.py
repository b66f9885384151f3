"""What is said of a video's questions."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "video_question_gone": (
        lazy("この確認問題は、もう削除されています"),
        lazy("確認問題の一覧を開き直してください。"),
    ),
    "video_questions_too_many": (
        lazy("1つの動画に入れられる確認問題は、%(limit)s問までです"),
        lazy("使わない確認問題を削除するか、テストを作って研修に加えてください。"),
    ),
}

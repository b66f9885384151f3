"""What tests say from Python: words, refusals, acts."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy
from content_packages.questions.paper import Feedback

#: When explanations and right answers are shown, as who sits is told.
FEEDBACK: dict[str, Lazy] = {
    Feedback.NEVER: lazy("正答と解説は表示しません"),
    Feedback.EACH: lazy("提出するたびに表示します"),
    Feedback.PASSED: lazy("合格すると表示します"),
    Feedback.OVER: lazy("合格するか、受験できる回が終わると表示します"),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "exam_not_published": (
        lazy("このテストは、まだ受験できません"),
        lazy("公開されると受験できます。期限が近いときは、研修担当に連絡してください。"),
    ),
    "no_sittings_left": (
        lazy("受験できる回数に達しています"),
        lazy(
            "これまでの結果は残っています。もう一度受験したいときは、研修担当に連絡してください。"
        ),
    ),
    "sitting_submitted": (
        lazy("このテストは、もう提出されています"),
        lazy("テストのページで結果を確認してください。"),
    ),
    "sitting_over": (
        lazy("制限時間が終わりました"),
        lazy("それまでに保存した解答で提出されます。テストのページで確認してください。"),
    ),
    "answers_malformed": (
        lazy("送信された解答を読み取れません"),
        lazy("テストのページを開き直してください。続くときは研修担当に連絡してください。"),
    ),
    "sittings_left": (
        lazy("この人は、まだ受験できます"),
        lazy("受験できる回数が残っているため、増やす必要はありません。"),
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "sitting.begun": Act("learning", lazy("テストの受験を開始")),
    "record.sitting_allowed": Act(
        "learning", lazy("テストの再受験を許可"), Manner.CHANGED, ("history",)
    ),
}

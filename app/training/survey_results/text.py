"""What results of surveys say from Python: columns of files, acts."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy

#: The columns of the file of what was written.
TEXT_COLUMNS: tuple[Lazy, ...] = (lazy("研修"), lazy("回"), lazy("設問"), lazy("回答"))
#: And those that go before them where the answers have a name.
NAME_COLUMNS: tuple[Lazy, ...] = (lazy("職員番号"), lazy("氏名"))

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "survey.viewed": Act("training", lazy("アンケートの集計を表示")),
    "survey.answers_viewed": Act(
        "training", lazy("記名アンケートの回答を表示"), Manner.LISTED, ("number", "name", "answers")
    ),
    "survey.texts_exported": Act(
        "training", lazy("アンケートの文章の回答をCSVに出力"), Manner.EXPORTED, ("answers",)
    ),
    "survey.named_texts_exported": Act(
        "training",
        lazy("記名アンケートの文章の回答をCSVに出力"),
        Manner.EXPORTED,
        ("number", "name", "answers"),
    ),
}

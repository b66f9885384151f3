"""What lists of reports say from Python: columns, refusals, acts."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy

#: The columns of a run's file: states and days, never a word of a report.
COLUMNS: tuple[Lazy, ...] = (
    lazy("職員番号"),
    lazy("氏名"),
    lazy("所属"),
    lazy("職名"),
    lazy("報告の状態"),
    lazy("提出の期限"),
    lazy("最初の提出"),
    lazy("最後の提出"),
    lazy("版"),
    lazy("期限の後に提出"),
)

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "result_report.listed": Act("learning", lazy("受講結果報告の一覧を閲覧"), Manner.LISTED, WHO),
    "result_report.exported": Act(
        "learning", lazy("受講結果報告の状況をファイルに取り出し"), Manner.EXPORTED, WHO
    ),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "nothing_to_accept": (
        lazy("受理できる報告がありません"),
        lazy(
            "何も変わっていません。所属長が確認した報告を選ぶか、「所属長の確認を待たずに受理する」を選んでください。"
        ),
    ),
}

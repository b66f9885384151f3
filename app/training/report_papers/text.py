"""What papers of reports say from Python: acts and refusals."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "result_report.printed": Act(
        "learning", lazy("受講結果報告をPDFで取り出し"), Manner.EXPORTED, (*WHO, "report")
    ),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "no_reports": (
        lazy("提出された報告がありません"),
        lazy("報告が提出されると、PDFで取り出せます。"),
    ),
    "too_many_reports": (
        lazy("一度に取り出せる報告（%(most)s件）を超えています（%(count)s件）"),
        lazy("所属を選んで、分けて印刷してください。"),
    ),
}

"""What the report of a year says from Python: its columns, acts."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy
from app.reports.yearly.queries import YearLine

#: The columns of its files, and how wide they are in characters.
COLUMNS: tuple[tuple[Lazy, int], ...] = (
    (lazy("区分"), 14),
    (lazy("研修コード"), 12),
    (lazy("研修名"), 34),
    (lazy("回"), 5),
    (lazy("計画人数"), 9),
    (lazy("決定"), 9),
    (lazy("出席"), 9),
    (lazy("修了"), 9),
    (lazy("満足度"), 8),
    (lazy("延べ時間"), 11),
)

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "year.exported": Act("learning", lazy("年度実績報告を出力"), Manner.EXPORTED, ("history",)),
}


def row(line: YearLine) -> list[str | int | None]:
    """Return what stands under the columns; the time in hours, which a sheet adds up."""
    return [
        line.category,
        line.code,
        line.title,
        line.runs,
        line.planned,
        line.taken.decided,
        line.taken.attended,
        line.taken.completed,
        "" if line.satisfaction is None else f"{line.satisfaction:.1f}",
        round(line.taken.seconds / 3600),
    ]

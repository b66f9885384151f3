"""The words of the notices about result reports, by kind; none of them has a word of a report."""

from __future__ import annotations

from app.kernel.language import lazy
from app.kernel.notices.text import Kind, Placeholder

_TITLE = {"title": Placeholder(lazy("研修名"), lazy("新任係長研修"))}
_RUN = {**_TITLE, "run": Placeholder(lazy("回"), "1")}
_DUE = {**_RUN, "until": Placeholder(lazy("提出の期限"), lazy("12月4日（金）"))}

KINDS: dict[str, Kind] = {
    "report.asked": Kind(
        lazy("受講結果報告の依頼"),
        lazy("受講結果報告を提出してください：%(title)s"),
        lazy("第%(run)s回の受講が終わりました。%(until)sまでに、受講結果報告を提出してください。"),
        _DUE,
    ),
    "report.due": Kind(
        lazy("受講結果報告の督促"),
        lazy("受講結果報告の期限が近づいています：%(title)s"),
        lazy("第%(run)s回の受講結果報告が、まだ提出されていません。期限は%(until)sです。"),
        _DUE,
    ),
    "report.overdue": Kind(
        lazy("受講結果報告の期限超過の督促"),
        lazy("受講結果報告の期限を過ぎています：%(title)s"),
        lazy(
            "第%(run)s回の受講結果報告の期限は%(until)sでした。期限の後でも提出できます。"
            "いまからでも提出してください。"
        ),
        _DUE,
    ),
    "report.returned": Kind(
        lazy("受講結果報告の差戻し"),
        lazy("受講結果報告が差し戻されました：%(title)s"),
        lazy("コメントを読んで、直したものをもう一度提出してください。"),
        _TITLE,
    ),
    "report.accepted": Kind(
        lazy("受講結果報告の受理"),
        lazy("受講結果報告が受理されました：%(title)s"),
        lazy("研修担当が報告を受理しました。"),
        _TITLE,
    ),
    "report.waived": Kind(
        lazy("受講結果報告の免除"),
        lazy("受講結果報告は要りません：%(title)s"),
        lazy("研修担当が報告を免除しました。提出は要りません。"),
        _TITLE,
    ),
    "report.to_confirm": Kind(
        lazy("受講結果報告の確認の依頼"),
        lazy("受講結果報告の確認をお願いします：%(title)s"),
        lazy("所属の職員が受講結果報告を提出しました。読んで、確認するか差し戻してください。"),
        _TITLE,
    ),
}

"""What result reports say from Python: states, reasons, refusals, acts."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.training.results.service import WaiverReason
from app.training.results.states import ReportState

#: Stands for a report of which nothing was written yet.
NOTHING = "nothing"
#: The word of each state, and the kind of its chip.
STATES: dict[str, tuple[Lazy, str]] = {
    NOTHING: (lazy("未提出"), "waiting"),
    ReportState.DRAFT: (lazy("作成中"), "progress"),
    ReportState.SUBMITTED: (lazy("提出済み"), "info"),
    ReportState.CONFIRMED: (lazy("所属長確認済み"), "info"),
    ReportState.ACCEPTED: (lazy("受理"), "success"),
    ReportState.RETURNED: (lazy("差戻し"), "warning"),
    ReportState.WAIVED: (lazy("免除"), "neutral"),
}

#: Why no report is asked of somebody.
WAIVERS: dict[str, Lazy] = {
    WaiverReason.REPORTED_ELSEWHERE: lazy("別の様式で報告済み（復命書など）"),
    WaiverReason.PARTLY: lazy("一部のみの受講"),
    WaiverReason.AWAY: lazy("受講対象外期間"),
    WaiverReason.OTHER: lazy("その他"),
}

#: What was done to a report, in a word.
STEPS: dict[str, Lazy] = {
    "submit": lazy("提出"),
    "confirm": lazy("所属長が確認"),
    "accept": lazy("受理"),
    "return": lazy("差戻し"),
    "waive": lazy("免除"),
}

#: What is said once a word was said.
DONE: dict[str, Lazy] = {
    "confirm": lazy("報告を確認しました。研修担当が受理します。"),
    "accept": lazy("報告を受理しました。"),
    "return": lazy("報告を差し戻しました。本人に知らせます。"),
    "waive": lazy("報告を免除しました。本人に知らせます。"),
}

_REPORT = (*WHO, "report")
#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "result_report.submit": Act(
        "learning", lazy("受講結果報告を提出"), Manner.CHANGED, ("report",)
    ),
    "result_report.confirm": Act(
        "learning", lazy("受講結果報告を所属長が確認"), Manner.CHANGED, ("report",)
    ),
    "result_report.accept": Act(
        "learning", lazy("受講結果報告を受理"), Manner.CHANGED, ("report",)
    ),
    "result_report.return": Act(
        "learning", lazy("受講結果報告を差戻し"), Manner.CHANGED, ("report",)
    ),
    "result_report.waive": Act("learning", lazy("受講結果報告を免除"), Manner.CHANGED, ("report",)),
    "result_report.viewed": Act("learning", lazy("受講結果報告を閲覧"), Manner.SEEN, _REPORT),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "report_handed_in": (
        lazy("報告は、もう提出されています"),
        lazy("提出した報告は書き換えられません。直すときは、研修担当に差戻しを依頼してください。"),
    ),
    "report_closed": (
        lazy("この研修の報告は、いま受け付けていません"),
        lazy(
            "結果が確定したか、受講者から外れています。必要なときは、研修担当に連絡してください。"
        ),
    ),
    "report_too_early": (
        lazy("報告を書き始められる日の前です"),
        lazy("研修の初日から書けます。"),
    ),
    "report_incomplete": (
        lazy("必要な項目が空です"),
        lazy("提出されていません。必須の項目をすべて書いて、もう一度提出してください。"),
    ),
    "report_too_long": (
        lazy("書ける長さを超えています"),
        lazy("保存されていません。%(most)s文字以内にしてください。"),
    ),
    "report_comment_needed": (
        lazy("差し戻すには、コメントが必要です"),
        lazy("差し戻されていません。直してほしいところを書いて、もう一度操作してください。"),
    ),
    "report_unconfirmed": (
        lazy("所属長がまだ確認していない報告です"),
        lazy(
            "受理されていません。所属長の確認を待つか、「所属長の確認を待たずに受理する」を選んでください。"
        ),
    ),
    "report_not_handed_in": (
        lazy("報告は、まだ提出されていません"),
        lazy("提出されると、確認・受理できます。"),
    ),
    "report_changed": (
        lazy("表示していた間に、新しい版が提出されました"),
        lazy("何も変わっていません。ページを開き直して、新しい版を読んでください。"),
    ),
}

"""What the rule of completion says from Python: its elements, the need of a report, acts."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from app.content.materials.models import MaterialKind
from app.kernel.audit.text import Act
from app.kernel.language import Lazy, gettext, lazy
from app.learning.records.states import DONE
from app.training.completion.models import KINDS, Element, Facts, ReportNeed
from app.training.results.states import ReportState
from app.training.verdicts.text import VERDICTS

#: What each element asks for.
ELEMENTS: dict[str, Lazy] = {
    Element.ATTENDANCE: lazy("出席の基準を満たす"),
    Element.MATERIALS: lazy("必須の教材を終える"),
    Element.EXAM: lazy("必須のテストに合格する"),
    Element.SURVEY: lazy("必須のアンケートに答える"),
    Element.REPORT: lazy("受講結果報告を出す"),
}

#: Why somebody has not completed it.
UNMET: dict[str, Lazy] = {
    Element.ATTENDANCE: lazy("出席不足"),
    Element.MATERIALS: lazy("教材が未完了"),
    Element.EXAM: lazy("テストが未合格"),
    Element.SURVEY: lazy("アンケートが未回答"),
    Element.REPORT: lazy("受講結果報告が未提出"),
    Element.RECORDED: lazy("未修了と記録済み"),
}

#: What is still waited for.
OPEN: dict[str, Lazy] = {
    Element.ATTENDANCE: lazy("出欠が未記録"),
    Element.MATERIALS: lazy("教材が受講中"),
    Element.EXAM: lazy("テストの合格待ち"),
    Element.SURVEY: lazy("アンケートの回答待ち"),
    Element.REPORT: lazy("受講結果報告の提出・確認待ち"),
}

#: How far a report has to have come.
REPORT_NEEDS: dict[str, Lazy] = {
    ReportNeed.OFF: lazy("問わない"),
    ReportNeed.SUBMITTED: lazy("提出されている"),
    ReportNeed.CONFIRMED: lazy("所属長が確認している"),
    ReportNeed.ACCEPTED: lazy("研修担当が受理している"),
}

#: What the audit calls what is changed of a rule.
PARTS: dict[str, Lazy] = {
    "attendance": lazy("修了の条件：出席"),
    "materials": lazy("修了の条件：教材"),
    "exam": lazy("修了の条件：テスト"),
    "survey": lazy("修了の条件：アンケート"),
    "report": lazy("修了の条件：受講結果報告"),
    "version": lazy("版"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "offering.completion_set": Act("training", lazy("修了の条件を変更")),
}

#: How far a report is, as the facts of a decision tell it.
REPORTS: dict[str, Lazy] = {
    ReportState.DRAFT: lazy("作成中"),
    ReportState.SUBMITTED: lazy("提出済み"),
    ReportState.CONFIRMED: lazy("所属長確認済み"),
    ReportState.ACCEPTED: lazy("受理"),
    ReportState.RETURNED: lazy("差戻し"),
    ReportState.WAIVED: lazy("免除"),
}

#: Which materials count for what, in words.
PARTS_OF: dict[str, tuple[Lazy, tuple[MaterialKind, ...]]] = {
    Element.MATERIALS: (lazy("教材"), KINDS[Element.MATERIALS]),
    Element.EXAM: (lazy("テスト"), KINDS[Element.EXAM]),
    Element.SURVEY: (lazy("アンケート"), KINDS[Element.SURVEY]),
}


def why(unmet: Iterable[str], still: Collection[str]) -> str:
    """Return in words what is not fulfilled; what still may be is told as waited for."""
    words = (OPEN[each] if each in still else UNMET[each] for each in unmet)
    return gettext("、").join(str(word) for word in words)


def told(facts: Facts) -> list[tuple[str, str]]:
    """Return facts as terms and values; what a run has none of is left out."""
    found: list[tuple[str, str]] = []
    if facts.verdict is not None:
        missed = gettext("%(missed)s/%(total)s分を欠席", missed=facts.missed, total=facts.total)
        told_so = gettext(
            "%(verdict)s（%(missed)s）", verdict=str(VERDICTS[facts.verdict][0]), missed=missed
        )
        found.append((gettext("出席"), told_so))
    for word, kinds in PARTS_OF.values():
        parts = [part for part in facts.parts if part.kind in kinds]
        if parts:
            done = sum(part.status in DONE for part in parts)
            count = gettext("必須%(total)s件のうち%(done)s件", total=len(parts), done=done)
            scores = [f"{part.score:g}" for part in parts if part.score is not None]
            points = gettext("（得点%(scores)s）", scores=gettext("、").join(scores))
            found.append((str(word), count + (points if scores else "")))
    if facts.asks_report:
        state = str(REPORTS[facts.report]) if facts.report else gettext("未提出")
        found.append((gettext("受講結果報告"), state))
    return found

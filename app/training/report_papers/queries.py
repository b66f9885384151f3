"""What stands on the paper of a result report, as plain data for its template.

Papers are written in Japanese, whoever prints them. The same version with the same words said to
it is always the same paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.kernel import clock, pdf
from app.training.approvals.queries import Step
from app.training.results.queries import Report, Version

TITLE = "受講結果報告書"
#: What heads and the office said, as a row of the paper.
_SAID = {"confirm": "所属長の確認", "accept": "受理"}
NOTHING_WRITTEN = "（記入なし）"


def paper(
    reports: Sequence[tuple[Report, Version]], steps: Mapping[Any, Sequence[Step]], fonts: str
) -> dict[str, Any]:
    """Return 受講結果報告書 of some versions; `steps` has what was said, by report."""
    return {
        "title": TITLE,
        "footer": "",
        "reports": [
            _one(report, version, steps.get(report.report_id, ()), fonts)
            for report, version in reports
        ],
    }


def made_at(
    reports: Sequence[tuple[Report, Version]], steps: Mapping[Any, Sequence[Step]]
) -> datetime:
    """Return when the last thing happened that stands on a paper: it was made then."""
    moments = [version.submitted_at for _, version in reports]
    moments += [step.at for report, _ in reports for step in steps.get(report.report_id, ())]
    return max(moments)


def _one(report: Report, version: Version, steps: Sequence[Step], fonts: str) -> dict[str, Any]:
    answers = [
        (pdf.spelled(label, fonts), pdf.spelled(said, fonts) or NOTHING_WRITTEN)
        for label, said in version.pairs
    ]
    more = (("所属長のコメント", version.comment), ("研修担当のコメント", version.office_comment))
    answers += [(term, pdf.spelled(said, fonts)) for term, said in more if said]
    first, last = clock.era_date(report.learn_from), clock.era_date(report.learn_until)
    late = "（期限の後に提出）" if report.is_late else ""
    rows = [
        ("所属・職名", f"{report.section}　{report.title}"),
        ("氏名", report.name),
        ("職員番号", report.number),
        ("研修名", pdf.spelled(report.training, fonts)),
        ("実施回・期間", f"第{report.run_number}回　{first}から{last}まで"),
        ("版", f"第{version.number}版{late}"),
        *_words(version, steps),
    ]
    day = clock.era_day(clock.today(version.submitted_at))
    return {"day": day, "rows": rows, "answers": answers}


def _words(version: Version, steps: Sequence[Step]) -> list[tuple[str, str]]:
    """Return who confirmed a version and who took it in: what was said after it was handed in."""
    return [
        (_SAID[step.action], f"{clock.era_date(clock.today(step.at))}　{_doer(step)}")
        for step in steps
        if step.action in _SAID and step.at >= version.submitted_at
    ]


def _doer(step: Step) -> str:
    return f"{step.actor or ''}（{step.for_name}の代行）" if step.for_name else step.actor or ""

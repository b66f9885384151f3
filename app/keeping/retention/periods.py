"""How long each class is kept: the proposal, and the least that may be set.

The least is the schedule of the first group (修了認定、出席、報告、アンケート 3年、命令取消 5年):
shorter would destroy what a later question about a completion needs, so nobody can set it here.
Longer is the office's to decide, up to the longest class of the rules for documents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.kernel.holdings import RecordClass

#: Years that nothing about people is kept beyond.
LONGEST: Final = 30


@dataclass(frozen=True)
class Period:
    """The years that count where nobody has set others, and the least that may be set."""

    years: int
    least: int


PERIODS: dict[str, Period] = {
    RecordClass.COMPLETION: Period(3, 3),
    RecordClass.ATTENDANCE: Period(3, 3),
    RecordClass.REPORT: Period(3, 3),
    RecordClass.ANSWERS: Period(3, 3),
    RecordClass.REVOKED: Period(5, 5),
    RecordClass.HISTORY: Period(5, 5),
    RecordClass.REMAINS: Period(1, 1),
    RecordClass.SIGN_IN: Period(1, 1),
}

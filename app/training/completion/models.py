"""What the rule of completion is made of: the rule, the facts of one person, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from app.content.materials.models import MaterialKind


class Element(StrEnum):
    """What can be asked for: 出席, 教材, テスト, アンケート, 報告; and what was said before."""

    ATTENDANCE = "attendance"
    MATERIALS = "materials"
    EXAM = "exam"
    SURVEY = "survey"
    REPORT = "report"
    #: Another word was recorded before anybody decided here: an institute's 未修了.
    RECORDED = "recorded"


#: Which materials each element asks for.
KINDS = {
    Element.MATERIALS: (
        MaterialKind.PACKAGE,
        MaterialKind.VIDEO,
        MaterialKind.DOCUMENT,
        MaterialKind.LINK,
    ),
    Element.EXAM: (MaterialKind.EXAM,),
    Element.SURVEY: (MaterialKind.SURVEY,),
}


class ReportNeed(StrEnum):
    """How far a report has to have come: 問わない, 提出, 所属長の確認, 受理."""

    OFF = "off"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class Rule:
    """修了の条件: which elements are asked for; by how much may be missed says the offering."""

    attendance: bool = True
    materials: bool = True
    exam: bool = True
    survey: bool = True
    report: str = ReportNeed.CONFIRMED

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Rule:
        """Return what an offering keeps; what it says nothing of is as usual."""
        usual = cls().plain()
        return cls(**{name: plain.get(name, usual[name]) for name in usual})

    def plain(self) -> dict[str, Any]:
        """Return it as an offering keeps it."""
        return {**asdict(self), "report": str(self.report)}


@dataclass(frozen=True)
class Part:
    """One required material, with what came of it."""

    #: One of `MaterialKind`.
    kind: str
    #: One of `RecordStatus`.
    status: str
    score: float | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of one person in a run, as far as a rule may ask for it."""

    #: One of `Verdict`; None where the run has no sessions.
    verdict: str | None = None
    #: Minutes that were missed, and that there were.
    missed: int = 0
    total: int = 0
    #: The required materials, in the run's order.
    parts: tuple[Part, ...] = ()
    #: Whether the run asks for a report, and how far it is (`ReportState`); None: none begun.
    asks_report: bool = False
    report: str | None = None
    #: Whether nothing more can be taken, and no report handed in any more in time.
    is_over: bool = False
    is_report_over: bool = False
    #: Whether 未修了 was recorded before it was decided here.
    is_recorded_failed: bool = False

    def plain(self) -> dict[str, Any]:
        """Return them as a decision keeps them."""
        return {**asdict(self), "parts": [asdict(part) for part in self.parts]}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Facts:
        """Return what a decision has kept; what it says nothing of is as if there were none."""
        usual = asdict(cls())
        values = {name: plain.get(name, value) for name, value in usual.items()}
        return cls(**{**values, "parts": tuple(Part(**part) for part in values["parts"])})


@dataclass(frozen=True)
class Judgement:
    """What a rule says of facts."""

    #: Whether it is completed; None: it may still become so.
    is_completed: bool | None
    #: What is asked for and not fulfilled; empty exactly where it is completed.
    unmet: tuple[Element, ...] = ()
    #: Of these, what may still be fulfilled.
    open: frozenset[Element] = field(default_factory=frozenset)

"""What planning a run says from Python: what comes next, by how people come to it."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy
from app.training.offerings.models import APPLIED_FOR, NOMINATED_FOR, Obligation, Offering
from app.training.plans.models import Run, RunKind

_CALL = lazy("実施回を登録しました。次に、募集を始めてください。")
_LIMIT = lazy(
    "実施回を登録しました。次に、所属長の決裁の締切を決めて募集を始めるか、受講者を登録してください。"
)
_ORDER = lazy("実施回を登録しました。次に、対象者を決めて、全員に命令してください。")
_NAME = lazy("実施回を登録しました。次に、受講者を指名してください。")
_ENROL = lazy("実施回を登録しました。次に、受講者を登録してください。")


def planned(run: Run, offering: Offering) -> Lazy:
    """Return what is said of a run that was planned: what is to be done next."""
    if run.head_until is not None:
        return _CALL
    if offering.obligation == Obligation.MANDATORY and run.kind == RunKind.E_LEARNING:
        return _ORDER
    if offering.obligation == Obligation.NAMED:
        return _NAME
    return _LIMIT if offering.obligation in NOMINATED_FOR | APPLIED_FOR else _ENROL

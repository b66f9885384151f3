"""What a run's page says from Python: its steps and its parts."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy
from app.training.plans.models import ItemKind
from app.training.plans.states import RunState

#: What is said of the step at which a run stands, where the step's own word is not enough.
STEP_NOTES: dict[str, Lazy] = {
    RunState.CANCELLED: lazy("中止しました"),
    RunState.POSTPONED: lazy("延期しています"),
    RunState.ENDED: lazy("終了しました"),
    RunState.SETTLED: lazy("確定しました"),
}

#: What the parts of a run are called that are no material.
PARTS: dict[str, Lazy] = {
    ItemKind.SESSIONS: lazy("集合研修（コマ）"),
    ItemKind.REPORT: lazy("受講結果報告"),
}

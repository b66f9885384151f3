"""What deciding on completion says from Python: standings, reasons, acts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.kernel.notices.text import Kind, Placeholder
from app.training.decisions.queries import Standing
from app.training.decisions.service import DecisionReason

#: What was decided, or would be: the word, and the kind of its chip.
STANDINGS: dict[str, tuple[Lazy, str]] = {
    Standing.WOULD_COMPLETE: (lazy("修了案"), "info"),
    Standing.WOULD_FAIL: (lazy("未修了案"), "waiting"),
    Standing.OPEN: (lazy("未確定"), "neutral"),
    Standing.COMPLETED: (lazy("修了"), "success"),
    Standing.NOT_COMPLETED: (lazy("未修了"), "warning"),
}

#: Why it is decided otherwise than the rule says, or than before.
REASONS: dict[str, Lazy] = {
    DecisionReason.MADE_UP: lazy("別の方法で受講した"),
    DecisionReason.DUTY: lazy("公務の都合"),
    DecisionReason.MISTAKE: lazy("記録の誤り"),
    DecisionReason.LATE: lazy("記録があとから届いた"),
    DecisionReason.OTHER: lazy("その他"),
}

_TITLE = {"title": Placeholder(lazy("研修名"), lazy("新任係長研修"))}
#: What people are told: that there is a result, and never which (C34).
NOTICES: dict[str, Kind] = {
    "completion.decided": Kind(
        lazy("修了認定の結果"),
        lazy("修了認定の結果が出ました：%(title)s"),
        lazy("第%(run)s回の結果は、研修のページで確認してください。"),
        {**_TITLE, "run": Placeholder(lazy("回"), "1")},
    ),
    "completion.section": Kind(
        lazy("所属への修了認定の通知"),
        lazy("所属の職員の修了認定の結果が出ました：%(title)s"),
        lazy("所属の職員%(count)s人の結果が出ました。"),
        {**_TITLE, "count": Placeholder(lazy("人数"), "5")},
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "completion_decision.listed": Act(
        "training", lazy("修了認定の案を表示"), Manner.LISTED, (*WHO, "history")
    ),
    "completion_decision.viewed": Act(
        "training", lazy("個人の修了認定を表示"), Manner.SEEN, (*WHO, "history")
    ),
    "completion_decision.made": Act("training", lazy("修了を認定"), Manner.CHANGED, ("history",)),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "completion_too_early": (
        lazy("この回は、まだ修了を認定できません"),
        lazy("何も認定していません。受講を開始してから、認定してください。"),
    ),
    "nothing_to_decide": (
        lazy("認定できる人がいません"),
        lazy(
            "選んだ人は、認定済みか、まだ結果が決まっていません。認定済みの人の結果は、"
            "その人のページで訂正してください。"
        ),
    ),
    "decided_so_already": (
        lazy("もうその結果に認定されています"),
        lazy("何も変わっていません。いまの結果を確かめてください。"),
    ),
    "run_has_undecided": (
        lazy("修了か未修了かが決まっていない人が%(count)s人います"),
        lazy("修了認定を終えてから、実施回を確定してください。"),
    ),
}

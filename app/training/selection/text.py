"""What the selection says from Python: what was before, acts, refusals."""

from __future__ import annotations

from dataclasses import asdict

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, gettext, lazy
from app.training.proposals.queries import Before
from app.training.selection.service import Confirmed

#: What became of somebody before: the word, and the kind of its chip.
BEFORE: dict[str, tuple[Lazy, str]] = {
    Before.COMPLETED: (lazy("修了"), "success"),
    Before.NOT_COMPLETED: (lazy("未修了"), "warning"),
    Before.ABSENT: (lazy("欠席"), "warning"),
    Before.DECLINED: (lazy("辞退"), "neutral"),
    Before.PASSED_OVER: (lazy("前回選外"), "info"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "selection.viewed": Act("training", lazy("選考の一覧を表示"), Manner.LISTED, (*WHO, "history")),
    "selection.confirmed": Act("training", lazy("決定案を確定")),
    "selection.printed": Act(
        "training", lazy("決定通知書を出力"), Manner.EXPORTED, (*WHO, "history")
    ),
    "candidacy.moved_in_line": Act("training", lazy("補欠の順を変更"), Manner.CHANGED, WHO),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "nobody_chosen": (
        lazy("人が選ばれていません"),
        lazy("何も変わっていません。左の欄で選んでから、もう一度操作してください。"),
    ),
    "over_quota_waits": (
        lazy("割当を超えて推薦された%(count)s人は、決定にできません"),
        lazy("何も変わっていません。補欠にするか、割当を見直してください。"),
    ),
    "proposals_changed": (
        lazy("確認の後で、決定案が変わりました"),
        lazy("何も確定していません。いまの決定案を確認して、もう一度確定してください。"),
    ),
    "proposals_clash": (
        lazy("%(count)s人に、同じ時間のほかの研修があります"),
        lazy("何も確定していません。回を変えるか、重なりを承知で確定することを選んでください。"),
    ),
    "nothing_decided": (
        lazy("まだ、だれも決定されていません"),
        lazy("決定案を確定してから、決定通知書を取り出してください。"),
    ),
    "promotion_too_late": (
        lazy("繰上げの期限を過ぎています"),
        lazy("何も変わっていません。この回は、補欠から繰り上げません。"),
    ),
    "nobody_to_promote": (
        lazy("繰り上げられる人がいません"),
        lazy("何も変わっていません。空いている席と、所属の割当の残りを確認してください。"),
    ),
}


def confirmed(done: Confirmed) -> str:
    """Return what was confirmed, and what comes next."""
    counts = {name: f"{count:,}" for name, count in asdict(done).items()}
    if done.selected:
        return gettext(
            "決定%(selected)s人、補欠%(waitlisted)s人、選外%(not_selected)s人を確定しました。"
            "次に、研修命令を発行してください。",
            **counts,
        )
    return gettext("補欠%(waitlisted)s人、選外%(not_selected)s人を確定しました。", **counts)

"""What plans say from Python: states, actions, refusals."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.training.plans.states import RunState

#: The word of each state of a run, and the kind of its chip.
STATES: dict[str, tuple[Lazy, str]] = {
    RunState.DRAFT: (lazy("準備中"), "neutral"),
    RunState.OPEN: (lazy("実施中"), "progress"),
    RunState.ENDED: (lazy("終了"), "success"),
    RunState.CANCELLED: (lazy("開催中止"), "error"),
}

#: What is said of the step at which a run stands, where the step's own word is not enough.
STEP_NOTES: dict[str, Lazy] = {
    RunState.CANCELLED: lazy("中止しました"),
    RunState.ENDED: lazy("終了しました"),
}

#: What is said after an action on a run.
DONE: dict[str, Lazy] = {
    "open": lazy("受講を開始しました。受講者に知らせを送ります。"),
    "end": lazy("実施回を終了しました。"),
    "reopen": lazy("実施回を再開しました。"),
    "cancel": lazy("実施回を中止しました。"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "training.registered": Act("training", lazy("研修を登録")),
    "run.planned": Act("training", lazy("実施回を登録")),
    "run.rescheduled": Act("training", lazy("実施回の期間を変更")),
    "run.viewed": Act("training", lazy("実施回の受講者を表示"), Manner.LISTED, (*WHO, "history")),
    "run.open": Act("training", lazy("実施回の受講を開始")),
    "run.end": Act("training", lazy("実施回を終了")),
    "run.reopen": Act("training", lazy("実施回を再開")),
    "run.cancel": Act("training", lazy("実施回を中止")),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "training_code_taken": (
        lazy("研修コード %(taken)s は、ほかの研修で使われています"),
        lazy("何も保存されていません。別の研修コードを入力してください。"),
    ),
    "run_material_not_offered": (
        lazy("公開中でない教材が選ばれています"),
        lazy("何も保存されていません。公開中の教材を選び直してください。"),
    ),
    "run_has_no_material": (
        lazy("教材がないため、受講を開始できません"),
        lazy("実施回を作り直して、教材を選んでください。"),
    ),
    "run_material_unpublished": (
        lazy("教材「%(title)s」が公開されていないため、受講を開始できません"),
        lazy("教材を公開してから、もう一度操作してください。"),
    ),
    "run_has_nobody": (
        lazy("受講者がいないため、受講を開始できません"),
        lazy("受講者を登録してから、もう一度操作してください。"),
    ),
    "run_is_over": (
        lazy("受講の期限が過ぎているため、開始できません"),
        lazy("期間を変更してから、もう一度操作してください。"),
    ),
}

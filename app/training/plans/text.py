"""What plans say from Python: states, actions, refusals."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.training.plans.models import RunKind
from app.training.plans.states import RunReason, RunState

#: The word of each state of a run, and the kind of its chip.
STATES: dict[str, tuple[Lazy, str]] = {
    RunState.DRAFT: (lazy("準備中"), "neutral"),
    RunState.CALLING: (lazy("募集中"), "progress"),
    RunState.CLOSED: (lazy("募集締切"), "waiting"),
    RunState.DECIDED: (lazy("決定済"), "progress"),
    RunState.OPEN: (lazy("実施中"), "progress"),
    RunState.ENDED: (lazy("終了"), "success"),
    RunState.SETTLED: (lazy("確定"), "success"),
    RunState.CANCELLED: (lazy("開催中止"), "error"),
    RunState.POSTPONED: (lazy("延期"), "warning"),
}

#: The word of each kind of run.
KINDS: dict[str, Lazy] = {
    RunKind.E_LEARNING: lazy("eラーニング"),
    RunKind.CLASSROOM: lazy("集合研修"),
    RunKind.MIXED: lazy("集合＋eラーニング"),
}

#: Why a run was cancelled or postponed.
REASONS: dict[str, Lazy] = {
    RunReason.DISASTER: lazy("災害"),
    RunReason.TRANSPORT: lazy("交通障害"),
    RunReason.TOO_FEW: lazy("申込者不足"),
    RunReason.LECTURER: lazy("講師の都合"),
    RunReason.OTHER: lazy("その他"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "run.planned": Act("training", lazy("実施回を登録")),
    "run.rescheduled": Act("training", lazy("実施回を変更")),
    "run.went_online": Act("training", lazy("実施回をオンラインに切り替え")),
    "run.viewed": Act("training", lazy("実施回の受講者を表示"), Manner.LISTED, (*WHO, "history")),
    "run.call": Act("training", lazy("募集を開始")),
    "run.close": Act("training", lazy("募集を締切")),
    "run.call_again": Act("training", lazy("募集を再開")),
    "run.decide": Act("training", lazy("実施回を決定済にする")),
    "run.settle": Act("training", lazy("実施回を確定")),
    "run.restore": Act("training", lazy("実施回の中止を取り消し")),
    "run.postpone": Act("training", lazy("実施回を延期")),
    "run.resume": Act("training", lazy("実施回の延期を解く")),
    "run.open": Act("training", lazy("実施回の受講を開始")),
    "run.end": Act("training", lazy("実施回を終了")),
    "run.reopen": Act("training", lazy("実施回を再開")),
    "run.cancel": Act("training", lazy("実施回を中止")),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
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
    "run_has_no_sessions": (
        lazy("日時と会場が決まっていないため、先へ進めません"),
        lazy("コマ（日時・会場）を登録してから、もう一度操作してください。"),
    ),
    "call_needs_deadline": (
        lazy("所属長の決裁の締切が決まっていないため、募集を始められません"),
        lazy("締切を登録してから、もう一度操作してください。"),
    ),
    "call_deadline_over": (
        lazy("所属長の決裁の締切が過ぎているため、募集できません"),
        lazy("締切を先の日にしてから、もう一度操作してください。"),
    ),
    "call_deadlines_crossed": (
        lazy("本人の申込みの締切が、所属長の決裁の締切より後になっています"),
        lazy("本人の締切を、所属長の締切と同じ日かその前にしてください。"),
    ),
    "deadline_unreadable": (
        lazy("締切「%(text)s」を読み取れません"),
        lazy(
            "何も保存されていません。2026/7/1のような日か、2週間前の金曜、前開庁日17時のように"
            "入力してください。"
        ),
    ),
    "capacity_below": (
        lazy("受講者が%(taken)s人います。定員を%(capacity)s人にはできません"),
        lazy("何も保存されていません。先に、補欠にまわす人を選んでください。"),
    ),
    "capacity_crossed": (
        lazy("定員を、最小催行人数（%(least)s人）より少なくはできません"),
        lazy("何も保存されていません。先に、最小催行人数を変えてください。"),
    ),
    "session_has_attendance": (
        lazy("コマ%(number)sには出欠の記録があるため、削除できません"),
        lazy("何も保存されていません。日時や会場の変更はできます。"),
    ),
    "no_session_to_come": (
        lazy("これから行うコマがありません"),
        lazy("何も変わっていません。コマを登録してから、もう一度操作してください。"),
    ),
    "run_items_fixed": (
        lazy("準備中でない実施回の構成は、変えられません"),
        lazy("何も保存されていません。締切だけを変えてください。"),
    ),
    "run_needed": (
        lazy("実施回が選ばれていません"),
        lazy("何も保存されていません。実施回を選んで、もう一度操作してください。"),
    ),
    "run_is_over": (
        lazy("受講の期限が過ぎているため、開始できません"),
        lazy("期間を変更してから、もう一度操作してください。"),
    ),
}

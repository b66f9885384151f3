"""What the roster says from Python."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "run.list_checked": Act("training", lazy("受講者の名簿を照合"), Manner.LISTED, WHO),
    "run.enrolled": Act("training", lazy("受講者を登録"), Manner.CHANGED, ("history",)),
    "enrolment.revoke": Act(
        "training", lazy("受講者の登録を取り消し"), Manner.CHANGED, ("history",)
    ),
    "enrolment.restore": Act(
        "training", lazy("受講者の登録を元に戻す"), Manner.CHANGED, ("history",)
    ),
    "enrolment.start": Act("learning", lazy("受講中にする"), Manner.CHANGED, ("history",)),
    "enrolment.complete": Act("learning", lazy("修了にする"), Manner.CHANGED, ("history",)),
    "enrolment.order": Act("training", lazy("命令済にする"), Manner.CHANGED, ("history",)),
    "enrolment.finish": Act("learning", lazy("受講終了にする"), Manner.CHANGED, ("history",)),
    "enrolment.fail": Act("training", lazy("未修了にする"), Manner.CHANGED, ("history",)),
    "enrolment.move": Act("training", lazy("回変更済にする"), Manner.CHANGED, ("history",)),
    "enrolment.replace": Act("training", lazy("差替にする"), Manner.CHANGED, ("history",)),
    "enrolment.decline": Act("training", lazy("辞退にする"), Manner.CHANGED, ("history",)),
    "enrolment.exempt": Act("training", lazy("免除にする"), Manner.CHANGED, ("history",)),
    "enrolment.defer": Act("training", lazy("次年度へ変更にする"), Manner.CHANGED, ("history",)),
    "enrolment.suspend": Act("training", lazy("受講中止を命令"), Manner.CHANGED, ("history",)),
    "enrolment.cancel_run": Act("training", lazy("開催中止にする"), Manner.CHANGED, ("history",)),
    "enrolment.restore_run": Act(
        "training", lazy("開催中止から元に戻す"), Manner.CHANGED, ("history",)
    ),
    "enrolment.leave": Act("training", lazy("離職により終了にする"), Manner.CHANGED, ("history",)),
    "enrolment.reopen": Act("learning", lazy("受講中に戻す"), Manner.CHANGED, ("history",)),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "run_takes_nobody": (
        lazy("終了または中止した実施回には、受講者を登録できません"),
        lazy("登録は行われていません。実施回を再開するか、別の実施回を選んでください。"),
    ),
    "seated_already": (
        lazy("同じ実施回に、もう席があります"),
        lazy("何も変わっていません。受講者の一覧で確認してください。"),
    ),
    "too_many_lines": (
        lazy("一度に登録できる人数を超えています"),
        lazy("登録は行われていません。%(most)s行以内に分けて貼り付けてください。"),
    ),
}

"""What changes say from Python: kinds, states, reasons, acts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.training.changes.models import ChangeKind
from app.training.changes.queries import Outcome
from app.training.changes.states import ChangeReason, ChangeState
from app.training.orders.text import number as order_number

#: The word of each kind of change.
KINDS: dict[str, Lazy] = {
    ChangeKind.MOVE: lazy("参加回の変更"),
    ChangeKind.REPLACE: lazy("差替え"),
    ChangeKind.DECLINE: lazy("辞退"),
    ChangeKind.DEFER: lazy("受講年度の変更"),
    ChangeKind.EXEMPT: lazy("免除"),
}

#: The word of each state of a request, and the kind of its chip.
STATES: dict[str, tuple[Lazy, str]] = {
    ChangeState.REQUESTED: (lazy("申請中"), "waiting"),
    ChangeState.HEAD_APPROVED: (lazy("所属長承認"), "progress"),
    ChangeState.APPROVED: (lazy("承認"), "success"),
    ChangeState.REJECTED: (lazy("不承認"), "error"),
    ChangeState.WITHDRAWN: (lazy("取消"), "neutral"),
    ChangeState.AUTOMATIC: (lazy("自動承認"), "success"),
}

#: Why something is changed.
REASONS: dict[str, Lazy] = {
    ChangeReason.DUTY: lazy("公務"),
    ChangeReason.LEAVE: lazy("休暇等"),
    ChangeReason.TRANSFER: lazy("異動"),
    ChangeReason.OTHER: lazy("その他"),
}

#: What a change does, said before it is asked for.
CONSEQUENCES: dict[str, Lazy] = {
    ChangeKind.DECLINE: lazy(
        "承認されると席がなくなり、研修命令が出ているときは命令取消の版が発行されます。"
    ),
    ChangeKind.DEFER: lazy("承認されると、今年度の席はなくなり、次年度に受講します。"),
    ChangeKind.EXEMPT: lazy("承認されると、この研修の受講は不要になります。"),
}

#: The ways out of a run by the office's hand.
ENDS: dict[str, Lazy] = {
    "revoke": lazy("受講の取消"),
    "suspend": lazy("受講中止命令"),
    "exempt": lazy("免除"),
    "defer": lazy("次年度へ変更"),
}

#: What each of them does, said before it is done.
END_CONSEQUENCES: dict[str, Lazy] = {
    "revoke": lazy("席がなくなります。記録は残り、あとから元に戻せます。"),
    "suspend": lazy("受講をやめさせます。席と記録は残ります。元に戻せません。"),
    "exempt": lazy("受講が不要になります。元に戻せません。"),
    "defer": lazy("今年度の席がなくなり、次年度に受講します。元に戻せません。"),
}

#: What is said once it is done.
ENDED: dict[str, Lazy] = {
    "revoke": lazy("受講を取り消しました。記録は残っています。一覧から元に戻せます。"),
    "suspend": lazy("受講中止を命令しました。記録は残っています。"),
    "exempt": lazy("免除にしました。"),
    "defer": lazy("次年度へ変更しました。次年度の実施で、あらためて席を決めてください。"),
}

_TOLD: dict[str, Lazy] = {
    ChangeKind.MOVE: lazy("参加回を第%(number)s回に変更しました。"),
    ChangeKind.REPLACE: lazy("受講者を差し替えました。"),
    ChangeKind.DECLINE: lazy("辞退になりました。席は空きました。"),
    ChangeKind.DEFER: lazy("次年度への変更になりました。"),
    ChangeKind.EXEMPT: lazy("免除になりました。"),
}
_ORDERED = lazy("%(number)sを発行しました。")


def told(kind: str, outcome: Outcome) -> str:
    """Return what a granted request has made true: the seat, and the order's version."""
    words = str(_TOLD[kind]) % {"number": outcome.run_number}
    if outcome.order is None:
        return words
    return words + str(_ORDERED) % {"number": order_number(outcome.order)}


#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "change_request.listed": Act("training", lazy("変更の申請の一覧を閲覧"), Manner.LISTED, WHO),
    "change_request.successors": Act("training", lazy("差替えの候補を閲覧"), Manner.LISTED, WHO),
} | {
    f"change_request.{action}": Act("training", word, Manner.CHANGED, WHO)
    for action, word in {
        "approve_as_head": lazy("変更の申請を所属長承認"),
        "approve": lazy("変更の申請を承認"),
        "approve_at_once": lazy("変更の申請を自動承認"),
        "reject": lazy("変更の申請を不承認"),
        "withdraw": lazy("変更の申請を取消"),
    }.items()
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "change_pending": (
        lazy("この研修には、まだ結果の出ていない申請があります"),
        lazy("何も保存されていません。先の申請を取り消してから、もう一度申請してください。"),
    ),
    "change_too_late": (
        lazy("変更の期限を過ぎています"),
        lazy("何も変わっていません。研修担当に連絡してください。"),
    ),
    "only_mandatory": (
        lazy("受講年度の変更と免除は、必修の研修だけに申請できます"),
        lazy("何も保存されていません。辞退か、参加回の変更を選んでください。"),
    ),
    "clashes": (
        lazy("同じ時間に、ほかの研修が入っています"),
        lazy("何も保存されていません。別の回を選んでください。"),
    ),
    "successor_needed": (
        lazy("代わりに受講する人が選ばれていません"),
        lazy("何も保存されていません。代わりの人を選んで、もう一度操作してください。"),
    ),
    "other_section": (
        lazy("%(name)sさんは、同じ所属の人ではありません"),
        lazy("何も保存されていません。同じ所属から選んでください。"),
    ),
}

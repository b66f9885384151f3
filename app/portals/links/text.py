"""The words of the pages beside the player."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy
from app.learning.records.states import RecordStatus

#: Status of a record → its word and the kind of its chip.
STATUSES: dict[str, tuple[Lazy, str]] = {
    RecordStatus.NOT_STARTED: (lazy("未受講"), "neutral"),
    RecordStatus.IN_PROGRESS: (lazy("受講中"), "progress"),
    RecordStatus.COMPLETED: (lazy("完了"), "success"),
    RecordStatus.PASSED: (lazy("合格"), "success"),
    RecordStatus.FAILED: (lazy("不合格"), "error"),
}

_LATER = lazy("しばらくしてから、もう一度押してください。")

#: Why a portal's service did not answer → what to say, and what to do.
SERVICES: dict[str, tuple[Lazy, Lazy]] = {
    "service_unreachable": (lazy("ポータルから返事がありません"), _LATER),
    "service_failed": (lazy("ポータルで問題が起きています"), _LATER),
    "service_stale": (
        lazy("ポータルは、もっと新しい値をもっています"),
        lazy("何もする必要はありません。"),
    ),
    "service_refused": (
        lazy("ポータルが受け付けませんでした"),
        lazy("ポータルの管理者に、このツールに許したサービスを確認してください。"),
    ),
    "token_refused": (
        lazy("ポータルが、この研修システムの鍵を認めませんでした"),
        lazy("ポータルの管理者に、公開鍵のアドレス（JWKS URL）の設定を確認してください。"),
    ),
}

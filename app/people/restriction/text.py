"""Words of restriction."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy
from app.people.restriction.service import Reason

REASONS: dict[str, Lazy] = {
    Reason.REQUEST: lazy("本人の請求"),
    Reason.INQUIRY: lazy("内容の確認中"),
    Reason.DISPUTE: lazy("係争"),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "restriction_reason_unknown": (
        lazy("利用停止の理由を選んでください"),
        lazy("一覧にある理由から選んでください。"),
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "person.restricted": Act("people", lazy("利用を停止"), Manner.CHANGED),
    "person.restriction_ended": Act("people", lazy("利用を再開"), Manner.CHANGED),
}

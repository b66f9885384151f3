"""The words of the page of a portal's learners."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy
from app.kernel.tables.text import FINDINGS
from app.portals.learners.models import LinkedBy

#: How it was found who somebody is.
LINKED_BY: dict[str, Lazy] = {
    LinkedBy.SELF: lazy("本人がサインインして結び付けた"),
    LinkedBy.TABLE: lazy("対応表"),
}

#: What is wrong with a line of the table, and how to mend it.
FAULTS: dict[str, tuple[Lazy, Lazy]] = {
    **FINDINGS,
    "number_unknown": (
        lazy("この職員番号の職員が見つかりません"),
        lazy("いまの職員番号を、先頭の0も含めて入力してください。"),
    ),
}

ACTS: dict[str, Act] = {
    "portal_learners.listed": Act(
        "learning", lazy("ポータルの受講者の一覧を表示"), Manner.LISTED, ("number", "name")
    ),
}

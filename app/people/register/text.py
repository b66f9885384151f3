"""Sentences about the register."""

from __future__ import annotations

from app.kernel.audit.text import FIELDS, WHO, Act, Manner
from app.kernel.language import Lazy, lazy

#: The heads of the list of staff.
COLUMNS: dict[str, Lazy] = {
    key: FIELDS[key] for key in ("name", "number", "section", "title", "email")
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "people.listed": Act("people", lazy("職員の一覧を表示"), Manner.LISTED, WHO),
    "people.listed_with_email": Act(
        "people",
        lazy("職員の一覧をメールアドレスも含めて表示"),
        Manner.LISTED,
        (*WHO, "email"),
    ),
    "person.viewed": Act(
        "people",
        lazy("職員の登録内容を表示"),
        Manner.SEEN,
        (*WHO, "email", "roles", "sign_in"),
    ),
    "person.added": Act("people", lazy("職員を登録"), Manner.CHANGED),
    "person.changed": Act("people", lazy("職員の登録内容を変更"), Manner.CHANGED),
    "person.created_by_command": Act("people", lazy("コマンドで職員を登録"), Manner.CHANGED),
    "people.exported": Act(
        "people",
        lazy("職員の一覧をCSVに出力"),
        Manner.EXPORTED,
        (*WHO, "concurrent", "job_type", "duty", "email", "hired_on", "promoted_on"),
    ),
    "person.left": Act("people", lazy("職員の離職を登録"), Manner.CHANGED),
    "section.changed": Act("people", lazy("所属を変更")),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "whole_office_needed": (
        lazy("取り込みができるのは、全体を担当する研修管理者だけです"),
        lazy("全体の研修管理者に依頼してください。"),
    ),
}

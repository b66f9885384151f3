"""What the roster says from Python."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

#: What is said after an action on an enrolment.
DONE: dict[str, Lazy] = {
    "revoke": lazy("受講者の登録を取り消しました。記録は残っています。"),
    "restore": lazy("受講者の登録を元に戻しました。"),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "run_takes_nobody": (
        lazy("終了または中止した実施回には、受講者を登録できません"),
        lazy("登録は行われていません。実施回を再開するか、別の実施回を選んでください。"),
    ),
    "too_many_lines": (
        lazy("一度に登録できる人数を超えています"),
        lazy("登録は行われていません。%(most)s行以内に分けて貼り付けてください。"),
    ),
}

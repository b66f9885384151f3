"""What a month says from Python."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy
from app.training.months.queries import Mark

#: What is on a day that is no session.
MARKS: dict[str, Lazy] = {
    Mark.BEGINS: lazy("開始"),
    Mark.ENDS: lazy("期限"),
}

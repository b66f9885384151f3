"""What is said of copying a plan, from Python: its act."""

from __future__ import annotations

from app.kernel.audit.text import Act
from app.kernel.language import lazy

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "plan.copied": Act("training", lazy("年間計画を前年度から複写")),
}

"""What reminding says from Python: acts."""

from __future__ import annotations

from app.kernel.audit.text import Act
from app.kernel.language import lazy

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "offering.reminders_set": Act("training", lazy("督促の決まりを変更")),
    "reminders.told": Act("training", lazy("その日の督促と予告を送信")),
}

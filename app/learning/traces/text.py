"""The words of the debug log."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy
from app.learning.traces.service import CONTENT, SEQUENCER

#: Source of a line → its word and the kind of its chip.
SOURCES: dict[str, tuple[Lazy, str]] = {
    CONTENT: (lazy("教材の呼び出し"), "neutral"),
    SEQUENCER: (lazy("順序の判定"), "info"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "trace.viewed": Act("learning", lazy("動作の記録を表示"), Manner.SEEN, ("answers",)),
    "trace.exported": Act("learning", lazy("動作の記録を出力"), Manner.EXPORTED, ("answers",)),
}

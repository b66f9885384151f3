"""What item analysis says from Python: how a figure reads in words."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

HARD, EASY = 0.3, 0.9
WEAK, GOOD = 0.2, 0.4


def difficulty(value: float | None) -> tuple[Lazy, str] | None:
    """Return the word for a mean share of the points, and the kind of its chip."""
    if value is None:
        return None
    if value < HARD:
        return lazy("難しい"), "warning"
    return (lazy("やさしい"), "info") if value > EASY else (lazy("ふつう"), "neutral")


def discrimination(value: float | None) -> tuple[Lazy, str] | None:
    """Return the word for a correlation with all other questions, and the kind of its chip."""
    if value is None:
        return None
    if value < 0:
        return lazy("要確認"), "error"
    if value < WEAK:
        return lazy("低い"), "warning"
    return (lazy("高い"), "success") if value >= GOOD else (lazy("ふつう"), "neutral")

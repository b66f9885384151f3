"""Sentences about the register."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "whole_office_needed": (
        lazy("取り込みができるのは、全体を担当する研修管理者だけです"),
        lazy("全体の研修管理者に依頼してください。"),
    ),
}

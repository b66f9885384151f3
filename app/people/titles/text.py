"""Sentences about titles."""

from __future__ import annotations

from app.kernel.audit.text import Act
from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "title_name_taken": (
        lazy("同じ名前の職名が、すでにあります"),
        lazy("ほかの名前にしてください。"),
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "title.changed": Act("people", lazy("職名を変更")),
}

"""What sections' lists say from Python: refusals."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "list_empty": (
        lazy("推薦名簿に、推薦できる人がいません"),
        lazy("何も送られていません。職員を名簿に加えてから、もう一度操作してください。"),
    ),
    "list_not_empty": (
        lazy("推薦名簿に人がいるため、「該当なし」にはできません"),
        lazy("何も保存されていません。名簿の人を取り下げてから、もう一度操作してください。"),
    ),
}

"""What a site's limit says."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "site_full": (
        lazy("この拠点では、いま視聴できる人数に達しています"),
        lazy("通信の混雑を避けるためです。しばらくしてから、もう一度開いてください。"),
    ),
}

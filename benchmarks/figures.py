"""One figure as one JSON line."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence


def tell(name: str, value: float, unit: str, **beside: object) -> None:
    """Print one figure with what it was measured beside, and on what."""
    line = {
        "figure": name,
        "value": round(value, 3),
        "unit": unit,
        **beside,
        "processors": os.cpu_count(),
        "python": platform.python_version(),
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share (0 to 1) of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

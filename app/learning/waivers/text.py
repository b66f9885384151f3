"""The words of waivers."""

from __future__ import annotations

from typing import Final

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy

#: Why a unit need not be done, in the words that cmi5 has for it (9.5.5.2).
REASONS: Final[dict[str, Lazy]] = {
    "Equivalent Outside Activity": lazy("ほかの研修や資格で、同じ内容を学んでいる"),
    "Equivalent AU": lazy("この教材のほかの項目で、同じ内容を学んでいる"),
    "Tested Out": lazy("事前の確認で、できることが分かっている"),
    "Administrative": lazy("そのほか（研修担当が認めた）"),
}

SENTENCES: Final = {
    "nothing_to_waive": (
        lazy("免除できる項目がありません"),
        lazy("受講が始まっていて、終わっていない項目があるときに、免除できます。"),
    ),
}
ACTS: Final = {
    "attempt.waived": Act("learning", lazy("教材の項目を免除"), Manner.CHANGED, ("history",)),
}
PARTS: Final[dict[str, Lazy]] = {"unit": lazy("項目"), "reason": lazy("理由")}

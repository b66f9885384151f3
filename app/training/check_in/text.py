"""What checking in says from Python: acts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "check_in.opened": Act("training", lazy("受付を開始"), Manner.CHANGED, WHO),
    "check_in.closed": Act("training", lazy("受付を終了"), Manner.CHANGED, WHO),
    "check_in.entered": Act("training", lazy("受付"), Manner.CHANGED, ("history",)),
    "check_in.wrong": Act("training", lazy("受付番号の誤り"), Manner.SEEN, ()),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "check_in_early": (
        lazy("受付は、まだ始められません"),
        lazy("何も記録されていません。開始の30分前から受け付けます。"),
    ),
    "check_in_over": (
        lazy("このコマの受付は終わっています"),
        lazy("何も記録されていません。出席していたときは、講師か研修担当に伝えてください。"),
    ),
    "check_in_wrong": (
        lazy("受付番号が違います"),
        lazy("番号を確かめて入力してください。あと%(left)s回まで入力できます。"),
    ),
    "check_in_held_up": (
        lazy("受付番号の誤りが続いたため、しばらく入力できません"),
        lazy("%(minutes)s分ほど待つか、会場の受付で職員番号を伝えてください。"),
    ),
    "check_in_noted": (
        lazy("出欠は、すでに記録されています"),
        lazy("何も変わっていません。記録が違うときは、講師か研修担当に伝えてください。"),
    ),
}

"""What audiences say from Python: how somebody came to be meant, acts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.training.audiences.models import Source

#: How somebody came to be meant.
SOURCES: dict[str, Lazy] = {
    Source.CONDITION: lazy("条件"),
    Source.LIST: lazy("個別指定"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "audience.checked": Act("training", lazy("対象者の条件を確認"), Manner.LISTED, WHO),
    "audience.list_checked": Act("training", lazy("対象者の名簿を照合"), Manner.LISTED, WHO),
    "audience.viewed": Act("training", lazy("対象者の一覧を表示"), Manner.LISTED, WHO),
    "audience.added": Act("training", lazy("対象者に追加"), Manner.CHANGED, WHO),
    "audience.removed": Act("training", lazy("対象者から除外"), Manner.CHANGED, WHO),
    "audience.kept": Act("training", lazy("動的な対象者を更新")),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "audience_empty": (
        lazy("条件に合う人がいません"),
        lazy("対象者は変わっていません。条件をゆるめて、もう一度確認してください。"),
    ),
    "audience_followed": (
        lazy("条件に合う人は、動的な対象者から外せません"),
        lazy("何も変わっていません。条件を変えるか、固定の対象者として確定し直してください。"),
    ),
    "audience_begun": (
        lazy("受講を始めているため、対象者から外せません"),
        lazy("何も変わっていません。受講をやめさせるときは、実施回のページで操作してください。"),
    ),
}

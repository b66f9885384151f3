"""What naming says from Python: what stands in somebody's way, acts."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.training.candidacies.queries import Obstacle

#: What stands in the way of naming somebody, in a word.
OBSTACLES: dict[str, Lazy] = {
    Obstacle.NOT_MEANT: lazy("対象者ではない"),
    Obstacle.COMPLETED_BEFORE: lazy("修了している"),
    Obstacle.PREREQUISITE_MISSING: lazy("前提の研修を修了していない"),
    Obstacle.PUT_FORWARD: lazy("もう推薦・申込・指名されている"),
    Obstacle.ENROLLED: lazy("もう受講が決まっている"),
    Obstacle.EXCLUDED: lazy("受講対象外期間"),
    Obstacle.RESTRICTED: lazy("いま登録できない"),
}

#: What is said after an answer.
ANSWERED: dict[str, Lazy] = {
    "can": lazy("「受ける」と返答しました。決定と研修命令をお待ちください。"),
    "cannot": lazy("「受けられない事情あり」と返答しました。研修担当が確認します。"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "candidacy.checked": Act("training", lazy("指名の名簿を照合"), Manner.LISTED, WHO),
    "candidacy.named": Act("training", lazy("受講者に指名"), Manner.CHANGED, WHO),
    "candidacy.answered": Act("training", lazy("指名に返答"), Manner.CHANGED, WHO),
    "candidacy.named_viewed": Act("training", lazy("指名と返答の一覧を表示"), Manner.LISTED, WHO),
}

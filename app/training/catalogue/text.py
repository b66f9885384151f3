"""What the catalogue says from Python: how its reader stands, and what is in their way."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy
from app.training.candidacies.queries import Obstacle
from app.training.catalogue.queries import Standing
from app.training.offerings.models import Obligation

#: How a reader stands to an offering: the word, and the kind of its chip. Of who was put forward,
#: the candidacy says more.
STANDINGS: dict[str, tuple[Lazy, str]] = {
    Standing.SEATED: (lazy("決定済"), "success"),
    Standing.PUT_FORWARD: (lazy("申込済"), "progress"),
    Standing.OPEN: (lazy("申込できる"), "info"),
    Standing.BEFORE: (lazy("募集前"), "waiting"),
    Standing.CLOSED: (lazy("受付終了"), "neutral"),
    Standing.NAMED: (lazy("指名を受けて受講"), "neutral"),
}

#: How people come to an offering.
OBLIGATIONS: dict[str, Lazy] = {
    Obligation.MANDATORY: lazy("必修"),
    Obligation.NAMED: lazy("指名"),
    Obligation.NOMINATED: lazy("推薦"),
    Obligation.OPEN: lazy("公募"),
    Obligation.FREE: lazy("自由受講"),
}

#: What is in the reader's own way.
OBSTACLES: dict[str, Lazy] = {
    Obstacle.NOT_MEANT: lazy("この研修の対象ではありません。"),
    Obstacle.COMPLETED_BEFORE: lazy("この研修を修了しています。一度だけ受講できます。"),
    Obstacle.PREREQUISITE_MISSING: lazy("前提となる研修を、まだ修了していません。"),
    Obstacle.EXCLUDED: lazy("受講対象外期間です。"),
    Obstacle.RESTRICTED: lazy("いまは申し込めません。研修担当に確認してください。"),
}

"""What ordering a whole audience says from Python: who is left out and why, refusals."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy
from app.training.ordering.queries import LeftOut

#: Why somebody who is meant is not ordered.
LEFT_OUT: dict[str, Lazy] = {
    LeftOut.EXCLUDED: lazy("受講対象外期間の人"),
    LeftOut.RESTRICTED: lazy("利用停止中の人"),
    LeftOut.GONE: lazy("在職していない人"),
    LeftOut.ELSEWHERE: lazy("ほかの回で受講が決まっている人"),
    LeftOut.OUT: lazy("取消・辞退・免除などで受講者から外れた人"),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "order_all_not_mandatory": (
        lazy("必修の研修ではないため、対象者の全員には命令できません"),
        lazy("年度の実施の「必修」を確かめるか、推薦・決定のあとに命令を発行してください。"),
    ),
    "order_all_not_e_learning": (
        lazy("eラーニングではないため、対象者の全員には命令できません"),
        lazy("集合研修は、推薦・決定のあとに命令を発行してください。"),
    ),
    "audience_needed": (
        lazy("対象者が決まっていません"),
        lazy("対象者を確定してから、もう一度操作してください。"),
    ),
}

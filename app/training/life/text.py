"""What the life of a run says from Python: what is asked before an action, and said after it."""

from __future__ import annotations

from typing import NamedTuple

from app.kernel.language import Lazy, lazy
from app.training.offerings.models import Obligation


class Asked(NamedTuple):
    """What is asked before an action: the question, the button, and what it does.

    `note` is filled with `count` people, `left` who are not through, the days `first`, `last` and
    `head`, and who is `called`.
    """

    title: Lazy
    label: Lazy
    note: Lazy


#: Who is told as people are called for, by how they come to the training.
CALLED: dict[str, Lazy] = {
    Obligation.MANDATORY: lazy("知らせは送りません。"),
    Obligation.NAMED: lazy("知らせは送りません。"),
    Obligation.NOMINATED: lazy("推薦の依頼を、所属に送ります。"),
    Obligation.OPEN: lazy("推薦の依頼を所属に、申込みの案内を対象者に決めた人に送ります。"),
    Obligation.FREE: lazy("申込みの案内を、対象者に決めた人に送ります。"),
}

#: What is asked before each action that a dialog asks for.
ASKED: dict[str, Asked] = {
    "call": Asked(
        lazy("募集を始めますか"),
        lazy("募集を始める"),
        lazy("%(called)s所属長の決裁の締切は%(head)sです。"),
    ),
    "close": Asked(
        lazy("募集を締め切りますか"),
        lazy("締め切る"),
        lazy("申込みと推薦を受け付けなくなります。あとで再開できます。"),
    ),
    "call_again": Asked(
        lazy("募集を再開しますか"),
        lazy("再開する"),
        lazy("%(called)s所属長の決裁の締切は%(head)sです。"),
    ),
    "decide": Asked(
        lazy("受講者を決定済にしますか"),
        lazy("決定済にする"),
        lazy("いまの受講者%(count)s人で決定します。"),
    ),
    "open": Asked(
        lazy("受講を開始しますか"),
        lazy("開始する"),
        lazy("%(count)s人に、受講の知らせを送ります。%(first)sから%(last)sまで受講できます。"),
    ),
    "end": Asked(
        lazy("実施回を終了しますか"),
        lazy("終了する"),
        lazy("まだ完了していない%(left)s人は、受講できなくなります。記録は残ります。"),
    ),
    "reopen": Asked(
        lazy("実施回を再開しますか"),
        lazy("再開する"),
        lazy("%(last)sまで、また受講できるようになります。"),
    ),
    "settle": Asked(
        lazy("実施回を確定しますか"),
        lazy("確定する"),
        lazy("修了の認定が済んだ実施回として確定します。確定すると、中止も再開もできません。"),
    ),
    "restore": Asked(
        lazy("中止を取り消しますか"),
        lazy("中止を取り消す"),
        lazy("%(gone)s人を元の状態に戻し、知らせを送ります。"),
    ),
    "resume": Asked(
        lazy("いまの日程のまま、延期を取り消しますか"),
        lazy("延期を取り消す"),
        lazy("%(count)s人に知らせを送ります。日程は%(first)sから%(last)sまでのままです。"),
    ),
}

#: What is said after an action on a run; `called` says who is told of a call.
DONE: dict[str, Lazy] = {
    "call": lazy("募集を始めました。%(called)s"),
    "close": lazy("募集を締め切りました。"),
    "call_again": lazy("募集を再開しました。%(called)s"),
    "decide": lazy("受講者を決定しました。"),
    "open": lazy("受講を開始しました。受講者に知らせを送ります。"),
    "end": lazy("実施回を終了しました。"),
    "reopen": lazy("実施回を再開しました。"),
    "settle": lazy("実施回を確定しました。"),
    "cancel": lazy("実施回を中止しました。受講者に知らせを送ります。"),
    "restore": lazy("中止を取り消しました。受講者に知らせを送ります。"),
    "postpone": lazy("実施回を延期し、受講者に知らせます。次に、新しい日程を決めてください。"),
    "resume": lazy("延期を解きました。受講者に知らせを送ります。"),
}

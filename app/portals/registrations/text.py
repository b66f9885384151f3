"""The words of portals: states, refusals, acts."""

from __future__ import annotations

from app.kernel.audit.text import Act
from app.kernel.language import Lazy, lazy
from app.portals.registrations.models import ScoreRule
from app.portals.registrations.states import PortalState

#: State → its word and the kind of its chip.
STATES: dict[str, tuple[Lazy, str]] = {
    PortalState.PROPOSED: (lazy("承認待ち"), "waiting"),
    PortalState.ACTIVE: (lazy("接続中"), "success"),
    PortalState.STOPPED: (lazy("接続停止"), "neutral"),
}

SCORE_RULES: dict[str, Lazy] = {
    ScoreRule.SCORE: lazy("得点を返す（得点のない教材は、完了で満点）"),
    ScoreRule.COMPLETION: lazy("完了したかどうかだけを返す（完了で満点）"),
    ScoreRule.NOTHING: lazy("何も返さない"),
}

#: Step → what is said once it is done.
MOVED: dict[str, Lazy] = {
    "approve": lazy("接続を承認しました。いまから、ポータルから教材を開けます。"),
    "stop": lazy("接続を止めました。もう、だれもこのポータルから教材を開けません。"),
    "propose": lazy("再開を申請しました。ほかのシステム管理者が承認すると、接続が始まります。"),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "portal_known": (
        lazy("この発行者（Issuer）とクライアントIDは、もう登録されています"),
        lazy("外部ポータルの一覧から、その接続先を開いてください。"),
    ),
    "portal_own_proposal": (
        lazy("登録した人は、自分で承認できません"),
        lazy("内容を確かめて、ほかのシステム管理者が承認してください。"),
    ),
    "portal_not_stopped": (
        lazy("接続中は、アドレスを変えられません"),
        lazy("接続を止めてから変え、もう一度承認を受けてください。"),
    ),
    "deployment_unusable": (
        lazy("配置の番号（Deployment ID）が正しくありません"),
        lazy("ポータルの設定画面に出ている番号を、そのまま写してください（255文字まで）。"),
    ),
    "key_is_new": (
        lazy("新しい鍵は、もう用意されています"),
        lazy("新しい鍵が使われ始めてから、もう一度交換できます。"),
    ),
    "key_is_last": (
        lazy("この鍵のほかに、署名できる鍵がありません"),
        lazy("先に鍵を交換してから、この鍵を無効にしてください。"),
    ),
    "score_waits": (
        lazy("この得点は、まもなく送られます"),
        lazy("少し待ってから、画面を開き直してください。"),
    ),
}

ACTS: dict[str, Act] = {
    "portal.proposed": Act("settings", lazy("外部ポータルを登録")),
    "portal.changed": Act("settings", lazy("外部ポータルのアドレスを変更")),
    "portal.limited": Act("settings", lazy("外部ポータルの決まりを変更")),
    "portal.offered": Act("settings", lazy("外部ポータルから開ける教材を変更")),
    "portal.approve": Act("settings", lazy("外部ポータルとの接続を承認")),
    "portal.stop": Act("settings", lazy("外部ポータルとの接続を停止")),
    "portal.propose": Act("settings", lazy("外部ポータルとの接続の再開を申請")),
    "portal.deployment_allowed": Act("settings", lazy("外部ポータルの配置を許可")),
    "portal.deployment_shut": Act("settings", lazy("外部ポータルの配置を不許可")),
    "portal.key_changed": Act("settings", lazy("外部ポータル用の鍵を交換")),
    "portal.key_withdrawn": Act("settings", lazy("外部ポータル用の鍵を無効化")),
    "portal_score.sent_again": Act("settings", lazy("外部ポータルへ得点を再送")),
}

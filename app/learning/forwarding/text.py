"""The words of destinations: states, why nothing is sent and what to do, refusals, acts."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.audit.text import Act
from app.kernel.language import Lazy, gettext, lazy
from app.learning.forwarding.states import ForwardState
from app.learning.other_stores.service import StoreAway, speaks

#: State → its word and the kind of its chip.
STATES: dict[str, tuple[Lazy, str]] = {
    ForwardState.PROPOSED: (lazy("承認待ち"), "waiting"),
    ForwardState.ACTIVE: (lazy("転送中"), "success"),
    ForwardState.STOPPED: (lazy("転送停止"), "neutral"),
    ForwardState.ENDED: (lazy("転送終了"), "neutral"),
}

#: The versions that another store may be spoken to in.
VERSIONS: dict[str, Lazy] = {
    "1.0.3": lazy("1.0.3（いまのほとんどの記録ストア）"),
    "2.0.0": lazy("2.0（IEEE 9274.1.1）"),
}

#: Step → what is said once it is done.
MOVED: dict[str, Lazy] = {
    "approve": lazy("転送を承認しました。これから届く記録を、転送先に送ります。"),
    "stop": lazy("転送を止めました。再開するまで、何も送りません。"),
    "resume": lazy("転送を再開しました。止めている間に届いた記録から、順に送ります。"),
    "end": lazy("転送を終えました。もう、この転送先には何も送りません。"),
}

#: Why nothing is sent, as `other_stores` and the line tell it → what that is, and what to do.
ERRORS: dict[str, tuple[Lazy, Lazy]] = {
    "line_broken": (
        lazy("転送先から応答がありません"),
        lazy("転送先が動いているか、この研修システムから通信できるかを確かめてください。"),
    ),
    "answer_too_slow": (
        lazy("転送先の応答に時間がかかりすぎています"),
        lazy("転送先の負荷が下がるのを待つか、転送先の管理者に相談してください。"),
    ),
    "answer_too_long": (
        lazy("転送先の応答が長すぎます"),
        lazy("アドレスが記録ストアのものか確かめてください。"),
    ),
    "address_not_allowed": (
        lazy("転送先のアドレスは、通信を許していないネットワークにあります"),
        lazy(
            "庁内の記録ストアに送るときは、設定 KENSHU_PORTAL_NETWORKS に"
            "そのネットワークを加えるよう、運用担当に依頼してください。"
        ),
    ),
    "not_sealed": (
        lazy("転送先との通信を暗号化できません"),
        lazy(
            "https:// のアドレスで登録し直してください。庁内の記録ストアのときは、"
            "設定 KENSHU_PORTAL_NETWORKS にそのネットワークを加えます。"
        ),
    ),
    "credentials_refused": (
        lazy("転送先が利用者キーとシークレットを受け付けません"),
        lazy(
            "転送先でキーが有効か、記録を書き込めるかを確かめてください。"
            "キーが変わったときは、転送を止めてから「キーを変える」で入れ直します。"
        ),
    ),
    "store_failing": (
        lazy("転送先で障害が起きています"),
        lazy("転送先が直るのを待ってください。続くときは、転送先の管理者に知らせてください。"),
    ),
    "not_a_store": (
        lazy("このアドレスは記録ストア（LRS）として応答しません"),
        lazy(
            "アドレスが転送先の設定画面のエンドポイントと同じか確かめてください。"
            "違うときは、この転送を終えて、登録し直してください。"
        ),
    ),
    "secret_unreadable": (
        lazy("保存したシークレットを読めません"),
        lazy("転送を止め、「キーを変える」で利用者キーとシークレットを入れ直してください。"),
    ),
}
_OTHER = (
    lazy("転送先に送れません"),
    lazy("転送先のアドレスを確かめてください。"),
)

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "forward_own_proposal": (
        lazy("登録した人は、自分で承認できません"),
        lazy("内容を確かめて、ほかのシステム管理者が承認してください。"),
    ),
    "forward_not_stopped": (
        lazy("転送中は、キーを変えられません"),
        lazy("転送を止めてから変え、もう一度承認を受けてください。"),
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "xapi_forward.proposed": Act("settings", lazy("学習ステートメントの転送先を登録")),
    "xapi_forward.approve": Act("settings", lazy("学習ステートメントの転送を承認")),
    "xapi_forward.stop": Act("settings", lazy("学習ステートメントの転送を停止")),
    "xapi_forward.resume": Act("settings", lazy("学習ステートメントの転送を再開")),
    "xapi_forward.end": Act("settings", lazy("学習ステートメントの転送を終了")),
    "xapi_forward.renewed": Act("settings", lazy("承認前の転送先のキーを変更")),
    "xapi_forward.propose": Act("settings", lazy("転送先のキーを変更し、承認を申請")),
    "xapi_forward.sent_again": Act("settings", lazy("送れなかった学習ステートメントを再送")),
}

#: What the parts of its lines are called.
PARTS: dict[str, Lazy] = {
    "forward": lazy("転送先"),
    "endpoint": lazy("転送先のアドレス"),
    "spoken": lazy("xAPIの版"),
    "verbs": lazy("送る記録の「したこと」"),
    "activities": lazy("送る記録の「対象」"),
}


def trouble(code: str) -> tuple[str, str]:
    """Return why nothing is sent, and what to do, in words."""
    what, mending = ERRORS.get(code, _OTHER)
    return str(what), str(mending)


def answered(told: Sequence[str], version: str) -> tuple[str, str]:
    """Return what is said of a store that has told its versions, and of which kind that is."""
    spoken = gettext("、").join(told)
    if speaks(told, version):
        said = gettext(
            "転送先につながりました。転送先が使えるxAPIの版：%(versions)s", versions=spoken
        )
        return said, "success"
    said = gettext(
        "転送先につながりましたが、登録した版（%(version)s）は使えません。"
        "転送先が使える版：%(versions)s。この転送を終えて、登録し直してください。",
        version=version,
        versions=spoken,
    )
    return said, "warning"


def not_answered(error: StoreAway) -> str:
    """Return what is said of a store that could not be asked."""
    what, mending = trouble(error.code)
    if not error.status:
        return gettext("%(what)s。%(mending)s", what=what, mending=mending)
    return gettext(
        "%(what)s（応答：%(status)s）。%(mending)s",
        what=what,
        mending=mending,
        status=error.status,
    )

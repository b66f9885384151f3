"""The words of dynamic registration: what went wrong, and how it is mended."""

from __future__ import annotations

from app.kernel.audit.text import Act
from app.kernel.language import Lazy, gettext, lazy
from lti.dynamic import RegistrationRefused

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "invitation_unknown": (
        lazy("登録用のアドレスが正しくありません"),
        lazy("アドレスが途中で切れていないか、発行した画面のとおりか確かめてください。"),
    ),
    "invitation_used": (
        lazy("この登録用のアドレスは、もう使えません"),
        lazy(
            "1回使われたか、期限が切れています。"
            "研修システムの管理者に、新しいアドレスの発行を依頼してください。"
        ),
    ),
    "configuration_missing": (
        lazy("ポータルの設定のアドレス（openid_configuration）がありません"),
        lazy("このアドレスは、ポータルの「ツールの登録」の画面に貼り付けて使ってください。"),
    ),
}

_ADDRESSES = lazy("ポータルの管理者に、このポータルの設定を確認してください。")

#: Why a registration did not come about → what to say, and what to do.
REFUSALS: dict[str, tuple[Lazy, Lazy]] = {
    "platform_unreachable": (
        lazy("ポータルを呼び出せません（%(reason)s）"),
        lazy(
            "この研修システムから、ポータルへの通信ができるか確かめてください。"
            "庁内のポータルは、システム管理者が設定で呼出しを許可します。"
        ),
    ),
    "document_unusable": (
        lazy("ポータルの答えに、必要な項目がないか、使えない値があります（%(member)s）"),
        _ADDRESSES,
    ),
    "issuer_differs": (
        lazy("ポータルの発行者（Issuer）や登録先が、設定のアドレスとは別のホストです"),
        lazy("ほかのホストに登録する方式は使えません。管理者が手で登録してください。"),
    ),
    "registration_refused": (
        lazy("ポータルが登録を受け付けませんでした（状態 %(status)s）"),
        lazy("ポータルの登録の画面を開き直し、もう一度やり直してください。"),
    ),
}

#: Why a platform was not called → the words of it.
REASONS: dict[str, Lazy] = {
    "line_broken": lazy("つながらないか、答えがありません"),
    "host_not_registered": lazy("別のホストのアドレスです"),
    "address_unusable": lazy("アドレスの形が正しくありません"),
    "address_not_allowed": lazy("庁内のアドレスへの呼出しが許可されていません"),
    "not_sealed": lazy("暗号化されていない通信（http）は使えません"),
    "answer_too_long": lazy("答えが長すぎます"),
    "answer_too_slow": lazy("答えに時間がかかりすぎます"),
}

ACTS: dict[str, Act] = {
    "portal_invitation.created": Act("settings", lazy("外部ポータルの登録用のアドレスを発行")),
    "portal_invitation.used": Act(
        "settings", lazy("登録用のアドレスから、外部ポータルが登録を申請")
    ),
}


def refusal(refused: RegistrationRefused) -> tuple[str, str]:
    """Return why a registration did not come about, and how that is mended."""
    what, mending = REFUSALS[refused.code]
    data = dict(refused.data)
    if "reason" in data:
        data["reason"] = str(REASONS.get(data["reason"], data["reason"]))
    if data.get("member") == "":
        data["member"] = gettext("全体を読み取れません")
    return str(what) % data, str(mending)

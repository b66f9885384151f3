"""Words and sentences about accounts."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy

#: By what a sign-in was proved.
METHODS: dict[str, Lazy] = {
    "password": lazy("職員番号とパスワード"),
    "oidc": lazy("庁内の認証（OpenID Connect）"),
    "saml": lazy("庁内の認証（SAML）"),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "own_account": (
        lazy("自分のアカウントは停止できません"),
        lazy("ほかの研修管理者かシステム管理者に依頼してください。"),
    ),
    "account_closed": (
        lazy("このアカウントではサインインできません"),
        lazy("心当たりがないときは、研修担当に連絡してください。"),
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "person.frozen": Act("sign_in", lazy("アカウントを停止"), Manner.CHANGED, ("sign_in",)),
    "person.thawed": Act("sign_in", lazy("アカウントの停止を解除"), Manner.CHANGED, ("sign_in",)),
    "person.locked": Act("sign_in", lazy("続けて間違えたため、アカウントを一時停止")),
    "operator.created": Act("sign_in", lazy("運用受託者のアカウントを作成")),
    "operator.ended": Act("sign_in", lazy("運用受託者のアカウントを終了")),
    "operator.viewed": Act("sign_in", lazy("運用受託者のアカウントを表示")),
    "operators.listed": Act("sign_in", lazy("運用受託者のアカウントの一覧を表示")),
}

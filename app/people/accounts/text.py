"""Words and sentences about accounts."""

from __future__ import annotations

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

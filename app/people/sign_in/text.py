"""Sentences about signing in."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "person.sign_ins_displaced": Act("sign_in", lazy("同時サインインの上限により、古いものを終了")),
    "person.password_withdrawn": Act(
        "sign_in", lazy("シングルサインオンにより、パスワードを廃止"), Manner.CHANGED, ("password",)
    ),
    "person.signed_in": Act("sign_in", lazy("サインイン")),
    "person.sign_in_failed": Act("sign_in", lazy("サインインに失敗")),
    "person.signed_out": Act("sign_in", lazy("サインアウト")),
    "person.password_changed": Act(
        "sign_in", lazy("パスワードを変更"), Manner.CHANGED, ("password",)
    ),
    "person.password_issued": Act(
        "sign_in", lazy("仮のパスワードを発行"), Manner.CHANGED, ("password",)
    ),
    "passwords.shown": Act(
        "sign_in", lazy("仮のパスワードの一覧を出力"), Manner.EXPORTED, (*WHO, "password")
    ),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "sign_in_refused": (
        lazy("サインインできません"),
        lazy(
            "職員番号とパスワードを確かめて、もう一度入力してください。"
            "続けて間違えると、しばらくサインインできなくなります。"
            "わからないときは、研修担当にパスワードの再発行を依頼してください。"
        ),
    ),
    "sso_only": (
        lazy("この人は、庁内の認証でサインインします"),
        lazy(
            "仮のパスワードは要りません。サインインできないときは、庁内の認証の担当に連絡してください。"
        ),
    ),
}

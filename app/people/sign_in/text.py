"""Sentences about signing in."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

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

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
    "password_none": (
        lazy("パスワードはありません"),
        lazy("職場のアカウントでサインインしています。パスワードは、そのアカウントで変更します。"),
    ),
    "password_wrong": (
        lazy("いまのパスワードが違います"),
        lazy("いま使っているパスワードを、もう一度入力してください。"),
    ),
    "password_short": (
        lazy("パスワードが短すぎます"),
        lazy("%(least)d文字以上にしてください。"),
    ),
    "password_long": (
        lazy("パスワードが長すぎます"),
        lazy("%(most)d文字までにしてください。"),
    ),
    "password_is_number": (
        lazy("職員番号だけのパスワードは使えません"),
        lazy("ほかの人が思いつかないものにしてください。"),
    ),
    "password_same": (
        lazy("いまのパスワードと同じです"),
        lazy("いまとは違うパスワードにしてください。"),
    ),
}

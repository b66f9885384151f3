"""Sentences about passwords."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "password_none": (
        lazy("あなたには、ここで使うパスワードはありません"),
        lazy("職場のアカウントでサインインしてください。"),
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
    "password_is_yours": (
        lazy("職員番号、氏名、メールアドレスを除くと、ほとんど何も残りません"),
        lazy("ほかの人が思いつかないものにしてください。"),
    ),
    "password_common": (
        lazy("よく使われるパスワードの組合せです"),
        lazy("ほかの人が思いつかないものにしてください。"),
    ),
    "password_used": (
        lazy("最近使ったパスワードです"),
        lazy("最近の%(count)d回に使っていないものにしてください。"),
    ),
    "password_same": (
        lazy("いまのパスワードと同じです"),
        lazy("いまとは違うパスワードにしてください。"),
    ),
}

"""Sentences about the second factor."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "code_wrong": (
        lazy("確認コードが違います"),
        lazy(
            "アプリに新しいコードが出るのを待って、入力してください。同じコードは2回使えません。"
            "続けて間違えると、しばらくサインインできなくなります。"
        ),
    ),
    "factor_not_given": (
        lazy("先に、いまの確認コードを入力する必要があります"),
        lazy("いったんサインアウトし、サインインしてから操作してください。"),
    ),
    "factor_not_proposed": (
        lazy("2段階の確認の設定は、もう終わっているか、始まっていません"),
        lazy("アカウントの画面から、もう一度始めてください。"),
    ),
    "factor_not_set_up": (
        lazy("2段階の確認が設定されていません"),
        lazy("アカウントの画面から設定してください。"),
    ),
    "factor_needed": (
        lazy("この役割では、2段階の確認をやめられません"),
        lazy("端末を替えるときは、新しい端末への切替えを選んでください。"),
    ),
}

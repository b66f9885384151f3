"""Sentences about signing in with the organisation's own account."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "number_unknown": (
        lazy("この職員番号は登録されていません"),
        lazy(
            "職場のアカウントから届いた職員番号は「%(number)s」です。"
            "この画面を見せて、研修担当に登録を依頼してください。"
        ),
    ),
    "number_missing": (
        lazy("職員番号を受け取れませんでした"),
        lazy(
            "職場のアカウントに職員番号が登録されていません。"
            "受付番号をシステム管理者に伝えてください。"
        ),
    ),
    "sign_on_lost": (
        lazy("サインインの手続きが途中で切れました"),
        lazy("時間がたったか、ほかの画面で始めた手続きです。もう一度サインインしてください。"),
    ),
    "sign_on_denied": (
        lazy("職場のアカウントでのサインインが取り消されました"),
        lazy("もう一度サインインするか、職員番号とパスワードでサインインしてください。"),
    ),
    "provider_unreachable": (
        lazy("認証サーバーにつながりません"),
        lazy(
            "少し待ってから、もう一度サインインしてください。"
            "続くときは受付番号をシステム管理者に伝えてください。"
        ),
    ),
    "provider_unusable": (
        lazy("認証サーバーの答えを確認できませんでした"),
        lazy(
            "サインインしていません。もう一度サインインしてください。"
            "続くときは受付番号をシステム管理者に伝えてください。"
        ),
    ),
}

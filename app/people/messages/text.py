"""Sentences about the words of notices, and about mails that have not arrived."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.kernel.notices.models import MailState

#: Of a mail that has not arrived: the word, and the kind of its chip.
STATES: dict[str, tuple[Lazy, str]] = {
    MailState.FAILED: (lazy("届いていません"), "error"),
    MailState.NO_ADDRESS: (lazy("宛先なし"), "warning"),
    MailState.WAITING: (lazy("再送を待っています"), "waiting"),
}

#: Why a mail has not arrived, by code.
REASONS: dict[str, Lazy] = {
    "no_address": lazy("職員の登録にメールアドレスがありません。"),
    "address": lazy("メールアドレスの書き方が正しくありません。"),
    "recipient": lazy(
        "宛先がメールサーバーに断られました。アドレスが間違っているか、使われていません。"
    ),
    "recipient_later": lazy("宛先のメールボックスが、一時的に受け取れません。"),
    "content": lazy("メールサーバーが、このメールの内容を受け付けませんでした。"),
    "sender": lazy(
        "メールサーバーが、差出人を受け付けませんでした。システム管理者に確認してください。"
    ),
    "server": lazy("メールサーバーが受け付けませんでした。システム管理者に確認してください。"),
    "unreachable": lazy("メールサーバーに接続できません。システム管理者に確認してください。"),
}
#: Of whatever else went wrong.
FAULT = lazy("サーバーで問題が起きました。システム管理者に確認してください。")

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "placeholder_unknown": (
        lazy("差込項目%(placed)sはありません"),
        lazy("使える差込項目は、%(known)sです。"),
    ),
    "brace_alone": (
        lazy("かっこ「%(placed)s」の組が合っていません"),
        lazy("差込項目は、{ と } で囲んでください。使える差込項目は、%(known)sです。"),
    ),
    "wording_changed": (
        lazy("ほかの人が、先に文面を変えました"),
        lazy("いまの文面を確認してから、もう一度操作してください。"),
    ),
    "no_own_address": (
        lazy("あなたのメールアドレスが登録されていないため、試送できません"),
        lazy("職員の登録にアドレスを加えるか、プレビューで確認してください。"),
    ),
    "no_address_yet": (
        lazy("メールアドレスが登録されていないため、送れません"),
        lazy("職員の登録にアドレスを加えてから、もう一度操作してください。"),
    ),
    "not_undelivered": (
        lazy("このメールは、すでに送ったか、送るところです"),
        lazy("届かなかったメールの一覧を開き直して確認してください。"),
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "notice_template.written": Act("settings", lazy("通知の文面を変更")),
    "notice_template.restored": Act("settings", lazy("通知の文面を標準に戻す")),
    "mail.sent_again": Act("settings", lazy("届かなかったメールを送り直す")),
    "mails.listed": Act("people", lazy("届かなかったメールの一覧を表示"), Manner.LISTED, WHO),
}

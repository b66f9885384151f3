"""What the choice of materials says when it refuses."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "nothing_chosen_here": (
        lazy("教材が選ばれていません"),
        lazy("一覧から教材を選んでから、「選んだ教材を加える」を押してください。"),
    ),
    "choice_malformed": (
        lazy("日時の形が正しくありません"),
        lazy("日時を選び直してください。決めないときは空のままにします。"),
    ),
    "choice_times": (
        lazy("日時の順が正しくありません"),
        lazy("「開ける日時」「期限」「閉じる日時」の順になるように直してください。"),
    ),
    "choice_answered": (
        lazy("選んだ教材は、もうポータルに送りました"),
        lazy("ポータルの画面に戻り、必要ならもう一度「コンテンツを選択」から選んでください。"),
    ),
    "portal_ticket_expired": (
        lazy("画面の有効期限が切れました"),
        lazy("ポータルの画面に戻り、もう一度開いてください。"),
    ),
    "portal_stopped": (
        lazy("このポータルとの接続は、いま止まっています"),
        lazy("ポータルの管理者に確認してください。これまでの記録は残っています。"),
    ),
}

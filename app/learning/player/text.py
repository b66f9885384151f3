"""The player's words, and the sentences of what a launch can be refused for."""

from __future__ import annotations

from flask_babel import force_locale

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, gettext, lazy

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "attempt.launched": Act("learning", lazy("教材を開く")),
    "attempt.previewed": Act("learning", lazy("教材をプレビュー")),
    "attempt.reset": Act("learning", lazy("最初からの受講に戻す"), Manner.CHANGED, ("history",)),
    "attempt.traced": Act("learning", lazy("動作の記録を開始")),
    "attempt.untraced": Act("learning", lazy("動作の記録を終了")),
    "shared.forgotten": Act(
        "learning", lazy("教材間で共有する値を消去"), Manner.CHANGED, ("history",)
    ),
}

SENTENCES = {
    "launch_expired": (
        lazy("受講画面の有効期限が切れました"),
        lazy("記録は残っています。研修の画面に戻り、もう一度「続ける」を押してください。"),
    ),
    "launch_over": (
        lazy("受講期間が終わりました"),
        lazy("記録は残っています。期間を過ぎて受講が必要なときは、研修担当に連絡してください。"),
    ),
    "superseded": (
        lazy("この教材は別の画面で開かれています"),
        lazy("新しく開いた画面で続けてください。この画面での操作は記録されません。"),
    ),
    "out_of_sequence": (
        lazy("途中の記録がまだ届いていません"),
        lazy("画面を開いたまま、しばらくお待ちください。"),
    ),
    "attempt_ended": (
        lazy("この受講は終了しています"),
        lazy("もう一度受講するときは、研修の画面から始めてください。"),
    ),
    "navigation_unknown": (
        lazy("教材が求めた移動先を読み取れません"),
        lazy("目次から項目を選んでください。続くときは研修担当に連絡してください。"),
    ),
    "nothing_to_reset": (
        lazy("やり直しにする受講がありません"),
        lazy("受講が始まってから、もう一度操作してください。"),
    ),
    "nothing_to_trace": (
        lazy("受講中の記録がありません"),
        lazy("受講が始まってから、もう一度操作してください。"),
    ),
    "commit_malformed": (
        lazy("教材から届いた記録を読み取れません"),
        lazy("教材を開き直してください。続くときは研修担当に連絡してください。"),
    ),
    "commit_too_large": (
        lazy("教材から届いた記録が大きすぎます"),
        lazy("教材の作成者に連絡してください。"),
    ),
    "no_such_file": (
        lazy("教材の中に、このファイルがありません"),
        lazy("教材の作成者に連絡してください。ファイル名: %(name)s"),
    ),
}

_WORDS: dict[str, Lazy] = {
    "outline": lazy("目次"),
    "close": lazy("閉じる"),
    "previous": lazy("前へ"),
    "next": lazy("次へ"),
    "leave": lazy("中断して戻る"),
    "finish": lazy("終了して戻る"),
    "saved": lazy("保存しました"),
    "saving": lazy("保存しています"),
    "unsaved": lazy("まもなく自動で保存します"),
    "offline": lazy("通信が切れています。入力は保存されています"),
    "resting": lazy("いまは閲覧だけの状態です。入力は保存されています"),
    "loading": lazy("教材を開いています"),
    "trace": lazy("動作の記録"),
    "preview": lazy("プレビュー（記録は残りません）"),
    "superseded": lazy("この教材は別の画面で開かれています"),
    "superseded_next": lazy("新しく開いた画面で続けてください。この画面での操作は記録されません。"),
    "expired": lazy("受講画面の有効期限が切れました"),
    "expired_next": lazy(
        "入力はこの端末に保存されています。研修の画面に戻り、もう一度「続ける」を押すと、続きから受講できます。"
        "受講期間が終わっているときは、研修担当に連絡してください。"
    ),
    "look": lazy("教材の画面を見る"),
    "failed": lazy("記録を保存できませんでした"),
    "failed_next": lazy("この画面を閉じずに、研修担当に連絡してください。"),
    "end": lazy("この教材はここまでです"),
    "end_next": lazy("「終了して戻る」を押すと、研修の画面に戻ります。"),
    "item_end": lazy("この項目は終わりました"),
    "item_end_next": lazy("次の項目へ進むか、目次から項目を選んでください。"),
    "paused": lazy("ここで中断しました"),
    "paused_next": lazy("あとで「続ける」を押すと、続きから受講できます。"),
    "next_item": lazy("次の項目へ進む"),
    "refused": lazy("いまは、その項目を開けません"),
    "refused_next": lazy("目次から開ける項目を選ぶか、研修の画面に戻ってください。"),
    "locked": lazy("まだ開けません"),
    "left": lazy("保存しました"),
    "left_next": lazy("この画面を閉じて、元のページに戻ってください。"),
    "window_closed": lazy("この教材は、別のウィンドウで開きます。"),
    "window_open": lazy("教材を開く"),
    "window_opened": lazy(
        "教材を別のウィンドウで開いています。終わるまで、この画面を閉じないでください。"
    ),
    "window_again": lazy("もう一度開く"),
    "back": lazy("研修の画面に戻る"),
    "content": lazy("教材の内容"),
    "tools": lazy("教材の操作"),
    "guest": lazy("受講者"),
    "not_started": lazy("未受講"),
    "in_progress": lazy("受講中"),
    "completed": lazy("完了"),
    "passed": lazy("合格"),
    "failed_status": lazy("不合格"),
    "no_script": lazy("教材を表示するには、JavaScriptを有効にしてください。"),
}


def player(language: str) -> dict[str, str]:
    """Return every word of the player, in the language that the launch was made in."""
    with force_locale(language):
        return {name: gettext(word.text) for name, word in _WORDS.items()}

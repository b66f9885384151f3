"""The words of a video's page, and the languages of captions."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import force_locale

from app.kernel.language import Lazy, gettext, lazy

#: Languages of captions, each in its own words.
LANGUAGES: Mapping[str, str] = {
    "ja": "日本語",
    "en": "English",
    "zh": "中文",
    "ko": "한국어",
    "pt": "Português",
    "es": "Español",
    "vi": "Tiếng Việt",
    "ne": "नेपाली",
    "my": "မြန်မာ",
    "th": "ไทย",
    "tl": "Tagalog",
}

_WORDS: Mapping[str, Lazy] = {
    "tools": lazy("受講の操作"),
    "leave": lazy("終了する"),
    "back": lazy("戻る"),
    "saved": lazy("保存済み"),
    "saving": lazy("保存しています…"),
    "unsaved": lazy("保存していません"),
    "offline": lazy("通信が切れています。つながり次第、保存します。"),
    "resting": lazy("メンテナンス中です。終わり次第、保存します。"),
    "superseded": lazy("ほかの画面で、この動画が開かれました"),
    "superseded_next": lazy("この画面での視聴は終わりました。新しく開いた画面で続けてください。"),
    "expired": lazy("受講できる時間が終わりました"),
    "expired_next": lazy(
        "視聴したところまでは保存されています。戻って、受講の状況を確かめてください。"
    ),
    "failed": lazy("保存できませんでした"),
    "failed_next": lazy(
        "ページを閉じて、もう一度開いてください。続くときは研修担当に連絡してください。"
    ),
    "preview": lazy("プレビュー（記録しません）"),
    "no_script": lazy("動画を見るには、ブラウザーのJavaScriptを有効にしてください。"),
    "play": lazy("再生"),
    "resume": lazy("続きから再生（{time}）"),
    "restart": lazy("最初から再生"),
    "bound": lazy("初回は早送りと倍速はできません。一度見たところへは戻れます。"),
    "cannot_skip": lazy("まだ見ていないところへは進めません。"),
    "hidden": lazy("画面が隠れたため、動画を止めました"),
    "hidden_next": lazy("この画面に戻ると、続きから再生できます。"),
    "elsewhere": lazy("ほかの動画を同時に再生しています"),
    "elsewhere_next": lazy(
        "一つずつ視聴してください。ほかの動画を閉じてから、再生を続けてください。"
    ),
    "progress": lazy("見たところ {percent}%"),
    "done": lazy("完了しました"),
    "done_next": lazy("完了として記録しました。もう一度見ることも、戻ることもできます。"),
    "chapters": lazy("目次"),
    "transcript": lazy("文字で読む"),
    "question": lazy("確認問題"),
    "answer": lazy("答える"),
    "right": lazy("正解です"),
    "wrong": lazy("正解ではありません。もう一度選んでください。"),
    "go_on": lazy("続きを見る"),
    "code": lazy("確認コード"),
    "code_help": lazy("動画の中で示されたコードを入力してください。"),
    "code_send": lazy("送る"),
    "code_wrong": lazy("コードが違います。動画で確かめて、もう一度入力してください。"),
    "code_right": lazy("コードを確かめました。"),
    "quality": lazy("画質"),
    "quality_auto": lazy("自動"),
    "captions_none": lazy("この動画には字幕がありません"),
    "broken": lazy("動画を再生できません"),
    "broken_next": lazy(
        "通信を確かめて、もう一度再生してください。続くときは研修担当に連絡してください。"
    ),
    "retry": lazy("もう一度再生する"),
    "choose": lazy("答えを選んでください。"),
    "review": lazy("少し前から見直す"),
    "keyboard": lazy("キー操作"),
    "keyboard_where": lazy("再生を始めたあと、動画を選んでいるときに使えます。"),
    "key_play": lazy("再生・一時停止"),
    "key_step": lazy("5秒戻る・進む"),
    "key_volume": lazy("音量"),
    "key_mute": lazy("消音"),
    "key_full": lazy("全画面"),
    "key_captions": lazy("字幕"),
    "key_speed": lazy("再生速度（変えられるとき）"),
    "left": lazy("保存しました"),
    "left_next": lazy("この画面を閉じて、元のページに戻ってください。"),
}


def words(language: str) -> dict[str, str]:
    """Return every word of the page, in the language that the launch was made in."""
    with force_locale(language):
        return {name: gettext(word.text) for name, word in _WORDS.items()}

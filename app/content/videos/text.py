"""The words of videos: how a conversion goes, when one counts as watched, why one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.content.videos.models import Completion, Reaction, VideoStatus
from app.kernel.audit.text import Act
from app.kernel.language import Lazy, lazy

#: How a conversion goes → its word and the kind of its chip.
STATUSES: dict[str, tuple[Lazy, str]] = {
    VideoStatus.MAKING: (lazy("変換中"), "progress"),
    VideoStatus.READY: (lazy("変換済み"), "success"),
    VideoStatus.FAILED: (lazy("変換できませんでした"), "error"),
    VideoStatus.CANCELLED: (lazy("変換を取り消し"), "neutral"),
}

COMPLETIONS: dict[str, Lazy] = {
    Completion.WHOLE: lazy("すべての区間を見たとき（飛ばしたところがあれば、完了しません）"),
    Completion.PERCENT: lazy("決めた割合まで見たとき"),
    Completion.END: lazy("最後まで進んだとき（途中を飛ばしても完了します）"),
    Completion.QUESTIONS: lazy("動画の中の確認問題に、すべて正解したとき"),
    Completion.CODE: lazy("動画の中で示す確認コードを入力したとき"),
    Completion.OPENED: lazy("開いたとき"),
}

REACTIONS: dict[str, Lazy] = {
    Reaction.STOP: lazy("再生を止める"),
    Reaction.NOTE: lazy("再生を続け、記録に残す"),
}

ACTS: dict[str, Act] = {
    "video.cancelled": Act("material", lazy("動画の変換を取り消し")),
    "video.retried": Act("material", lazy("動画の変換をやり直し")),
    "video.rule_changed": Act("material", lazy("動画の完了条件を変更")),
}

_SEND_AGAIN = lazy("元のファイルが最後まで再生できることを確かめて、もう一度送ってください。")
_SAVE_AGAIN = lazy("動画を編集ソフトなどでMP4形式（H.264）に書き出し直して、送ってください。")

#: Why a film is not taken, or its conversion has failed: what is wrong, and how to mend it.
SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "video_empty": (
        lazy("ファイルの中身がありません"),
        lazy("動画のファイルかどうかを確かめて、選び直してください。"),
    ),
    "not_a_video": (
        lazy("動画として読み取れないファイルです"),
        lazy(
            "MP4、MOV、WMV、AVI、MKV、WebM、MPEGなどの動画ファイルを選んでください。"
            "拡張子だけを変えたファイルや、途中までしかないファイルは使えません。"
        ),
    ),
    "video_without_pictures": (
        lazy("映像がありません。音声だけのファイルです"),
        lazy("映像のある動画を選んでください。音声だけの教材は、画像を付けて動画にしてください。"),
    ),
    "video_damaged": (lazy("動画が壊れていて、映像を読み取れません"), _SAVE_AGAIN),
    "video_cut_short": (
        lazy("動画が途中で切れています（%(wanted)s秒のうち、%(seconds)s秒まで）"),
        _SEND_AGAIN,
    ),
    "video_size_odd": (
        lazy("映像の大きさ（%(width)s×%(height)s）が小さすぎます"),
        _SAVE_AGAIN,
    ),
    "video_too_long": (
        lazy("動画が長すぎます。%(hours)s時間までです"),
        lazy("いくつかに分けて登録してください。"),
    ),
    "video_took_too_long": (
        lazy("処理が%(minutes)s分で終わらなかったため、止めました"),
        lazy("もう一度変換してください。続くときは、動画を分けるか、書き出し直してください。"),
    ),
    "video_not_ready": (
        lazy("この動画は、まだ視聴できません"),
        lazy("変換が終わるまで待って、開き直してください。"),
    ),
    "questions_missing": (
        lazy("公開中の版に、確認問題がありません"),
        lazy("確認問題を加えた版を公開してから、この条件を選んでください。"),
    ),
    "code_missing": (
        lazy("公開中の版に、確認コードがありません"),
        lazy("確認コードを決めた版を公開してから、この条件を選んでください。"),
    ),
    "video_words_too_many": (
        lazy("字幕などの文章が多すぎます。合わせて%(limit)s MBまでです"),
        lazy("使わない言語の字幕を削除するか、文章を短くして、もう一度保存してください。"),
    ),
    "video_not_making": (
        lazy("変換は、もう終わっています"),
        lazy("ページを開き直してください。"),
    ),
    "video_not_failed": (
        lazy("この動画は、変換し直す必要がありません"),
        lazy("ページを開き直して、変換の状態を確かめてください。"),
    ),
}

#: Codes of a conversion that has failed by no fault of the film.
FAULTS: dict[str, tuple[Lazy, Lazy]] = {
    "worker_lost": (
        lazy("変換の処理が途中で止まりました"),
        lazy(
            "「もう一度変換する」を押してください。続くときは、システムの担当に連絡してください。"
        ),
    ),
    "fault": (
        lazy("サーバーで問題が起き、変換できませんでした"),
        lazy(
            "「もう一度変換する」を押してください。続くときは、システムの担当に連絡してください。"
        ),
    ),
}


def failure(document: Mapping[str, Any]) -> tuple[str, str]:
    """Return why a conversion has failed, and what can be done about it."""
    code = document.get("code", "fault")
    what, mending = {**SENTENCES, **FAULTS}.get(code, FAULTS["fault"])
    data = document.get("data", {})
    return str(what) % data, str(mending) % data

"""The words of captions and chapters: languages, what is wrong with a line, how it is mended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from app.kernel.language import Lazy, gettext, lazy
from content_packages.captions import Problem

#: The languages that captions can be in, by their tags (BCP 47).
LANGUAGES: Final[dict[str, Lazy]] = {
    "ja": lazy("日本語"),
    "en": lazy("英語"),
    "zh": lazy("中国語"),
    "ko": lazy("韓国語"),
    "pt": lazy("ポルトガル語"),
    "es": lazy("スペイン語"),
    "vi": lazy("ベトナム語"),
    "ne": lazy("ネパール語"),
    "my": lazy("ミャンマー語"),
    "th": lazy("タイ語"),
    "tl": lazy("タガログ語"),
}

#: So many problems are told one by one; the rest is counted.
MOST_LISTED: Final = 50

#: Characters of a line that are quoted.
LONGEST_QUOTED: Final = 40
#: What ends a line of captions (WebVTT, 4.1).
_LINE_END: Final = re.compile(r"\r\n|\r|\n")

_WRITE_TIMES = lazy("「00:00:01.000 --> 00:00:04.000」の形で、半角の数字で入力してください。")
_WRITE_CHAPTER = lazy("「1:05 避難の順路」のように、時刻、空白、見出しの順に入力してください。")
_SPLIT = lazy("いくつかの動画に分けて、それぞれに字幕を付けてください。")

#: Code of a problem (`content_packages.captions.cues.PROBLEMS`) → what is wrong, how to mend it.
CAPTION_PROBLEMS: dict[str, tuple[Lazy, Lazy]] = {
    "not_captions": (
        lazy("字幕として読み取れません"),
        lazy("WebVTT（.vtt）かSRT（.srt）の字幕を選ぶか、時刻と文章を入力してください。"),
    ),
    "no_cues": (
        lazy("字幕が一つもありません"),
        lazy("時刻と文章を入力してください。"),
    ),
    "not_utf8": (
        lazy("文字コードがUTF-8ではありません"),
        lazy("メモ帳などで開き、文字コードに「UTF-8」を選んで保存し直してください。"),
    ),
    "encoding_unknown": (
        lazy("文字コードを読み取れません"),
        lazy("メモ帳などで開き、文字コードに「UTF-8」を選んで保存し直してください。"),
    ),
    "too_large": (lazy("字幕が大きすぎます（%(size)sバイト、上限 %(limit)sバイト）"), _SPLIT),
    "too_many_cues": (
        lazy("字幕の数が上限を超えています（%(count)s件、上限 %(limit)s件）"),
        _SPLIT,
    ),
    "header_inexact": (
        lazy("はじめの行が「WEBVTT」になっていません"),
        lazy("WebVTTの字幕として読み取りました。直すときは、1行目を「WEBVTT」だけにしてください。"),
    ),
    "timing_malformed": (lazy("時刻を読み取れません"), _WRITE_TIMES),
    "timing_missing": (
        lazy("時刻のない文章です"),
        lazy(
            "すぐ上の行に、表示する時刻を入力してください。"
            "前の字幕の続きのときは、間の空行を除いてください。"
        ),
    ),
    "arrow_in_text": (
        lazy("字幕の文章の中に「-->」があります"),
        lazy(
            "文章のときは「→」などに置き換えてください。"
            "次の字幕の時刻のときは、前に空行を入れ、時刻の形を直してください。"
        ),
    ),
    "blank_line_missing": (
        lazy("前の字幕との間に空行がありません"),
        lazy("時刻の行（番号があるときは番号の行）の前に、空行を一つ入れてください。"),
    ),
    "setting_unknown": (
        lazy("使えない指定があります（%(setting)s）"),
        lazy("指定を除いて読み取りました。位置などは、動画の画面で確かめてください。"),
    ),
    "identifier_twice": (
        lazy("同じ名前の字幕が二つあります（%(identifier)s）"),
        lazy("表示には差し支えありません。直すときは、どちらかの名前を変えるか、除いてください。"),
    ),
    "ends_before_start": (
        lazy("終わりの時刻（%(end)s）が、始まりの時刻（%(start)s）より後になっていません"),
        lazy("時刻を入力し直してください。"),
    ),
    "out_of_order": (
        lazy("始まりの時刻（%(start)s）が、前の字幕（%(previous)s）より早くなっています"),
        lazy("字幕を時刻の順に並べ替えてください。"),
    ),
    "begins_beyond_end": (
        lazy("始まりの時刻（%(start)s）が、動画の長さ（%(duration)s）を超えています"),
        lazy("ほかの動画の字幕ではないか、時刻がずれていないかを確かめてください。"),
    ),
    "ends_beyond_end": (
        lazy("終わりの時刻（%(end)s）が、動画の長さ（%(duration)s）を超えています"),
        lazy("時刻がずれていないかを確かめてください。"),
    ),
    "overlap": (
        lazy("消える時刻（%(end)s）より前に、次の字幕（%(next)s）が始まります"),
        lazy("二つが重なって表示されます。読みにくいときは、時刻をずらしてください。"),
    ),
    "text_empty": (
        lazy("文章がありません"),
        lazy("文章を入力するか、この字幕を除いてください。"),
    ),
    "too_fast": (
        lazy("表示する時間が短すぎます（1秒に%(speed)s文字、目安は%(limit)s文字まで）"),
        lazy("表示する時間を延ばすか、文章を短くしてください。"),
    ),
    "chapter_without_time": (lazy("時刻を読み取れません"), _WRITE_CHAPTER),
    "chapter_without_title": (lazy("見出しがありません"), _WRITE_CHAPTER),
    "chapter_not_later": (
        lazy("時刻が、前の見出し（%(previous)s）より後になっていません"),
        lazy("見出しを時刻の順に並べ、同じ時刻は一つだけにしてください。"),
    ),
    "chapter_beyond_end": (
        lazy("時刻が、動画の長さ（%(duration)s）を超えています"),
        lazy("動画の中の時刻を入力してください。"),
    ),
    "chapters_too_many": (
        lazy("目次の見出しが多すぎます（%(count)s件、上限 %(limit)s件）"),
        lazy("見出しをまとめて、数を減らしてください。"),
    ),
    "chapters_begin_late": (
        lazy("最初の見出しが、動画の始まり（0:00）ではありません"),
        lazy("始まりから見出しを付けるときは、「0:00 はじめに」のような行を加えてください。"),
    ),
}


def problem(found: Problem, lines: Sequence[str] = ()) -> str:
    """Return in one line where something is wrong, what it is, and how to mend it.

    The line itself is quoted from `lines`, where they are given: nobody counts to 214.
    """
    what, mending = CAPTION_PROBLEMS[found.code]
    told = {"what": str(what) % found.data, "mending": str(mending) % found.data}
    if not found.line:
        return gettext("%(what)s。%(mending)s", **told)
    quoted = lines[found.line - 1].strip() if found.line <= len(lines) else ""
    if not quoted:
        return gettext("%(line)s行目：%(what)s。%(mending)s", line=found.line, **told)
    if len(quoted) > LONGEST_QUOTED:
        quoted = f"{quoted[:LONGEST_QUOTED]}…"
    return gettext(
        "%(line)s行目「%(quoted)s」：%(what)s。%(mending)s", line=found.line, quoted=quoted, **told
    )


def listed(problems: Sequence[Problem], typed: str = "") -> list[str]:
    """Return the first problems in words, and how many more there are.

    `typed` is the text that they were found in, as it stands on screen.
    """
    lines = _LINE_END.split(typed) if problems else ()
    said = [problem(each, lines) for each in problems[:MOST_LISTED]]
    if len(problems) > MOST_LISTED:
        rest = f"{len(problems) - MOST_LISTED:,}"
        said.append(gettext("ほかに%(count)s件あります。", count=rest))
    return said

"""The words of questions: their kinds, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping

from app.kernel.language import Lazy, gettext, lazy
from content_packages.questions.item import Finding, Kind

#: The word of each kind.
KINDS: dict[str, Lazy] = {
    Kind.SINGLE: lazy("単一選択"),
    Kind.MULTIPLE: lazy("複数選択"),
    Kind.TRUE_FALSE: lazy("正誤"),
    Kind.FILL_IN: lazy("穴埋め"),
    Kind.ORDERING: lazy("並べ替え"),
    Kind.MATCHING: lazy("組み合わせ"),
    Kind.ESSAY: lazy("記述"),
}
#: What each kind asks of who answers.
KIND_HINTS: dict[str, Lazy] = {
    Kind.SINGLE: lazy("選択肢から1つを選ぶ"),
    Kind.MULTIPLE: lazy("選択肢から、当てはまるものをすべて選ぶ"),
    Kind.TRUE_FALSE: lazy("文が正しければ○、誤りなら×を選ぶ"),
    Kind.FILL_IN: lazy("文の空欄に、言葉や数を入力する"),
    Kind.ORDERING: lazy("項目を正しい順番に並べる"),
    Kind.MATCHING: lazy("左の項目に、右の項目を組み合わせる"),
    Kind.ESSAY: lazy("文章で答える（採点者が採点する）"),
}

#: What is wrong with a question, and how to mend it.
FINDINGS: dict[str, tuple[Lazy, Lazy]] = {
    "text_missing": (lazy("問題文がありません"), lazy("問題文を入力してください。")),
    "text_too_long": (
        lazy("文章が長すぎます"),
        lazy("問題文、選択肢、解説を、それぞれ%(limit)s文字以内にしてください。"),
    ),
    "points_wrong": (
        lazy("配点が正しくありません"),
        lazy("0より大きく1,000以下の数を入力してください。"),
    ),
    "options_too_few": (lazy("選択肢が足りません"), lazy("2つ以上の選択肢を書いてください。")),
    "options_too_many": (
        lazy("選択肢などの数が多すぎます（%(count)s個）"),
        lazy("%(limit)s個以内にしてください。"),
    ),
    "option_empty": (
        lazy("%(number)s番目の選択肢に文がありません"),
        lazy("文を入力してください。"),
    ),
    "option_twice": (
        lazy("選択肢「%(text)s」が2つ以上あります"),
        lazy("それぞれ違う文にしてください。"),
    ),
    "right_missing": (lazy("正解の選択肢がありません"), lazy("正解に印を付けてください。")),
    "right_several": (
        lazy("正解の選択肢が%(count)s個あります"),
        lazy("1つだけにするか、複数選択の問題にしてください。"),
    ),
    "answer_missing": (lazy("正解がありません"), lazy("○か×を選んでください。")),
    "blanks_missing": (
        lazy("空欄の正解がありません"),
        lazy("空欄ごとに、正解を入力してください。"),
    ),
    "blank_without_answer": (
        lazy("空欄%(number)sの正解がありません"),
        lazy("正解の言葉か数を入力してください。"),
    ),
    "tolerance_wrong": (
        lazy("空欄%(number)sの許容誤差が正しくありません"),
        lazy("0以上の数を入力してください。"),
    ),
    "marker_missing": (
        lazy("問題文に、空欄%(number)sの印 [[%(number)s]] がありません"),
        lazy("空欄にする所に、[[%(number)s]] と書いてください。"),
    ),
    "marker_unknown": (
        lazy("問題文の印 [[%(number)s]] に当たる正解がありません"),
        lazy("空欄%(number)sの正解を入力するか、印を消してください。"),
    ),
    "marker_twice": (
        lazy("問題文に、印 [[%(number)s]] が2つ以上あります"),
        lazy("1つだけにして、ほかの空欄には別の番号を付けてください。"),
    ),
    "pairs_too_few": (lazy("組が足りません"), lazy("2つ以上の組を書いてください。")),
    "pair_empty": (
        lazy("%(number)s番目の組に、左か右の文がありません"),
        lazy("左と右の両方を入力してください。"),
    ),
    "pair_twice": (
        lazy("左の項目「%(text)s」が2つ以上あります"),
        lazy("それぞれ違う文にしてください。"),
    ),
    "distractor_right": (
        lazy("どれとも合わない項目「%(text)s」が、正解の組にもあります"),
        lazy("どちらかを違う文にしてください。"),
    ),
    "most_wrong": (
        lazy("解答の文字数の上限が正しくありません"),
        lazy("1から50,000までの数にするか、空にしてください。"),
    ),
}

#: How much of a text a sentence quotes.
_QUOTED = 60


def finding(found: Finding) -> tuple[str, str]:
    """Return what a finding about a question says, and how its author mends it."""
    return filled(FINDINGS[found.code], found.data)


def filled(words: tuple[Lazy, Lazy], data: Mapping[str, object]) -> tuple[str, str]:
    """Return what is wrong and how to mend it, filled with a finding's data, long texts cut."""
    told = {name: short(str(value), _QUOTED) for name, value in data.items()}
    return str(words[0]) % told, str(words[1]) % told


def sentence(found: Finding) -> str:
    """Return both in one, for a field."""
    what, mending = finding(found)
    return gettext("%(what)s。%(mending)s", what=what, mending=mending)


def short(text: str, most: int = 80) -> str:
    """Return a text on one line, cut where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"

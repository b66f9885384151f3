"""What is said of a test to its author: its rules, its faults, refusals."""

from __future__ import annotations

from app.content.materials.text import SEVERITIES
from app.content.papers.queries import Fault
from app.content.questions import text
from app.kernel.language import Lazy, gettext, lazy
from content_packages.questions.paper import Feedback

__all__ = ["FEEDBACK", "SENTENCES", "SEVERITIES", "fault", "place"]

#: When explanations and right answers are shown.
FEEDBACK: dict[str, Lazy] = {
    Feedback.NEVER: lazy("出さない"),
    Feedback.EACH: lazy("提出するたびに出す"),
    Feedback.PASSED: lazy("合格した後に出す"),
    Feedback.OVER: lazy("合格するか、もう受験できなくなった後に出す"),
}

#: What is wrong with a test or odd, and how to mend it; of single questions `questions.text` tells.
FAULTS: dict[str, tuple[Lazy, Lazy]] = {
    "paper_empty": (
        lazy("問題が1問もありません"),
        lazy("大問に問題を加えるか、問題集から出すようにしてください。"),
    ),
    "pass_mark_wrong": (
        lazy("合格点が正しくありません"),
        lazy("0から100までの数にしてください。"),
    ),
    "paper_too_long": (
        lazy("問題の数が多すぎます"),
        lazy("問題集の分も合わせて、%(limit)s問までにしてください。"),
    ),
    "question_twice": (
        lazy("同じ問題が2つ以上あります"),
        lazy("どちらかを削除してください。"),
    ),
    "bank_twice": (
        lazy("ほかの大問と同じ問題集から出しています"),
        lazy("同じ問題が二度出ないように、1つの大問にまとめるか、別の問題集にしてください。"),
    ),
    "bank_archived": (
        lazy("問題集「%(name)s」は使用を終えています"),
        lazy("ほかの問題集を選ぶか、問題集のページで「もう一度使う」を押してください。"),
    ),
    "section_empty": (
        lazy("問題がありません"),
        lazy("この大問は受験者に示しません。問題を加えるか、大問を削除してください。"),
    ),
    "count_too_many": (
        lazy("%(wanted)s問を出すことになっていますが、問題は%(count)s問しかありません"),
        lazy("出す数を減らすか、問題を加えてください。"),
    ),
    "count_wrong": (
        lazy("出す問題の数が正しくありません"),
        lazy("1以上の数にするか、空にしてください。"),
    ),
    "points_differ": (
        lazy("配点の違う問題から選んで出します"),
        lazy("そのまま使えますが、満点が受験のたびに変わります。配点をそろえると公平です。"),
    ),
    "marked_by_hand": (
        lazy("記述の問題が%(count)s問あります"),
        lazy("採点者が採点するまで、合否は決まりません。"),
    ),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "material_is_no_test": (
        lazy("この教材はテストではありません"),
        lazy("教材の一覧に戻り、テストを選び直してください。"),
    ),
    "paper_has_errors": (
        lazy("直すところがあるため公開できません（%(count)s件）"),
        lazy("テストのページの「確認の結果」を見て、直してから公開してください。"),
    ),
    "sections_too_many": (
        lazy("大問の数が多すぎます"),
        lazy("%(limit)s個までです。"),
    ),
    "section_has_questions": (
        lazy("この大問には、問題が入っています"),
        lazy("問題集から出すには、先に問題を削除するか、別の大問を作ってください。"),
    ),
    "section_of_bank": (
        lazy("この大問の問題は、問題集から出ます"),
        lazy("問題は問題集のページで直すか、別の大問に加えてください。"),
    ),
}


def fault(found: Fault) -> tuple[str, str]:
    """Return what a fault says, and how to mend it."""
    words = FAULTS.get(found.code) or text.FINDINGS[found.code]
    return text.filled(words, found.data or {})


def place(found: Fault) -> str:
    """Return where a fault is."""
    if found.question:
        return gettext(
            "大問%(number)s　%(question)s番目の問題", number=found.number, question=found.question
        )
    return gettext("大問%(number)s", number=found.number) if found.number else gettext("全体")

"""The words of surveys: kinds of questions, what is wrong with them, the built-in sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.kernel import db
from app.kernel.language import Lazy, gettext, lazy
from content_packages.questions.sheet import Sheet, SheetKind, SheetQuestion, options_of

#: How a question is answered.
KINDS: dict[str, Lazy] = {
    SheetKind.SCALE: lazy("段階評価"),
    SheetKind.SINGLE: lazy("1つ選ぶ"),
    SheetKind.MULTIPLE: lazy("いくつでも選ぶ"),
    SheetKind.TEXT: lazy("文章で書く"),
}

#: What is wrong with a question, by code.
FAULTS: dict[str, Lazy] = {
    "text_missing": lazy("質問の文を入力してください。"),
    "text_too_long": lazy("質問と選択肢は、それぞれ%(limit)s文字以内で入力してください。"),
    "options_too_few": lazy("選択肢を2つ以上、1行に1つずつ入力してください。"),
    "options_too_many": lazy("選択肢は%(limit)s個までにしてください。"),
    "option_twice": lazy("選択肢「%(text)s」が2つあります。1つにしてください。"),
    "size_wrong": lazy("段階の数は%(least)sから%(limit)sまでにしてください。"),
    "most_wrong": lazy("文字数の上限は、1から%(limit)sまでにしてください。"),
    "answer_missing": lazy("答えてください。"),
    "answer_unknown": lazy("選択肢から選び直してください。"),
    "answer_too_long": lazy("%(limit)s文字以内で書いてください。"),
    "questions_missing": lazy("質問がありません。1問以上作ってください。"),
    "questions_too_many": lazy("質問は%(limit)s問までにしてください。"),
}

#: What stands near every question that is answered in words.
NOTICE = lazy("個人情報・病歴などは書かないでください。")

#: Which field of the form a fault belongs to.
FIELDS = {
    "text_missing": "text",
    "text_too_long": "text",
    "options_too_few": "options",
    "options_too_many": "options",
    "option_twice": "options",
    "size_wrong": "size",
    "most_wrong": "most",
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "not_a_survey": (
        lazy("この教材はアンケートではありません"),
        lazy("教材の一覧から、アンケートを選び直してください。"),
    ),
    "common_set_of_office": (
        lazy("全研修共通の設問は、研修管理者だけが変えられます"),
        lazy("変えたい設問があるときは、研修管理者に連絡してください。"),
    ),
}


def fault(code: str, data: Mapping[str, Any]) -> str:
    """Return what is wrong, with the number of its question where it is of one."""
    said = str(FAULTS[code]) % data
    return (
        gettext("問%(number)s：%(fault)s", number=data["number"], fault=said)
        if "number" in data
        else said
    )


def after_training() -> Sheet:
    """Return the built-in 受講後アンケート, in the words of whoever makes it."""
    scale = {"low": gettext("そう思わない"), "high": gettext("そう思う")}

    def asked(kind: SheetKind, text: str, **more: Any) -> SheetQuestion:
        return SheetQuestion(str(db.new_id()), kind, text, **more)

    return Sheet(
        text=gettext("今後の研修をよくするために、率直なご意見をお聞かせください。"),
        questions=(
            asked(SheetKind.SCALE, gettext("研修の内容は分かりやすかったですか。"), **scale),
            asked(SheetKind.SCALE, gettext("研修の内容は仕事に役立ちますか。"), **scale),
            asked(SheetKind.SCALE, gettext("講師・教材の説明は適切でしたか。"), **scale),
            asked(
                SheetKind.SINGLE,
                gettext("研修の時間の長さはどうでしたか。"),
                options=options_of((gettext("短い"), gettext("ちょうどよい"), gettext("長い"))),
            ),
            asked(SheetKind.SCALE, gettext("全体として、この研修に満足していますか。"), **scale),
            asked(
                SheetKind.TEXT,
                gettext("仕事でどのように生かしますか。"),
                is_required=False,
            ),
            asked(
                SheetKind.TEXT,
                gettext("よかった点、改善してほしい点があれば書いてください。"),
                is_required=False,
            ),
        ),
    )

"""What is said of files of questions: what was found in one, and what one cannot hold."""

from __future__ import annotations

from collections.abc import Callable

from app.content.exchange.queries import Loss
from app.content.questions import text
from app.kernel.language import Lazy, gettext, lazy
from content_packages.questions.findings import Finding, QuestionError

#: Severity of a finding → its word and the kind of its chip.
SEVERITIES: dict[str, tuple[Lazy, str]] = {
    "error": (lazy("取り込めません"), "error"),
    "warning": (lazy("注意"), "warning"),
}

FORMATS: dict[str, tuple[Lazy, Lazy]] = {
    "xlsx": (lazy("Excel"), lazy("このシステムの表の形。1行に1問を書きます。")),
    "csv": (lazy("CSV"), lazy("Excelと同じ表を、文字だけのファイルにしたもの。")),
    "gift": (lazy("GIFT"), lazy("Moodleなどが読み書きする、文字だけの形。")),
    "qti-2.1": (lazy("QTI 2.1"), lazy("1EdTechの規格。多くの学習管理システムが読めます。")),
    "qti-3.0": (lazy("QTI 3.0"), lazy("1EdTechの新しい規格。")),
}

_TEXT_ONLY = lazy("文章はそのまま取り込みます。必要なら、取り込んだ後で直してください。")
_LOOK = lazy("取り込んだ後で、問題を確かめてください。")
_MEND = lazy("ファイルを直すか、取り込んだ後で問題を書いてください。")
#: What was found in a file beside what `questions.text` tells, and how to mend it.
READING: dict[str, tuple[Lazy, Lazy]] = {
    "answers_missing": (
        lazy("解答の部分がない文章です"),
        lazy("問題ではないため、取り込みません。"),
    ),
    "answers_unreadable": (lazy("解答の部分を読み取れません"), _MEND),
    "braces_unbalanced": (lazy("「{」と「}」の対応がくずれています"), _MEND),
    "number_unreadable": (lazy("「%(text)s」を数として読み取れません"), _MEND),
    "file_missing": (
        lazy("目次にあるファイルが、ZIPの中にありません"),
        lazy("もとのシステムから、もう一度書き出してください。"),
    ),
    "file_refused": (
        lazy("XMLとして読み取れません（%(reason)s）"),
        lazy("もとのシステムから、もう一度書き出してください。"),
    ),
    "item_unknown": (
        lazy("QTIの問題ではないXMLです（%(name)s）"),
        lazy("QTI 2.1か3.0の形で書き出したファイルを選んでください。"),
    ),
    "interaction_missing": (lazy("解答するところのない問題です"), _MEND),
    "interaction_unknown": (lazy("このシステムにない種類の問題です（%(name)s）"), _MEND),
    "interactions_several": (
        lazy("解答するところが2つ以上ある問題です"),
        lazy("1つずつの問題に分けてください。"),
    ),
    "right_answer_missing": (lazy("正解が書かれていません"), _MEND),
    "pairs_not_one_to_one": (
        lazy("1つの項目に、合うものが2つ以上あります"),
        lazy("項目を分けて書いてください。"),
    ),
    "markup_left_out": (lazy("文字の飾りや図などを除きました（%(names)s）"), _TEXT_ONLY),
    "markdown_kept": (lazy("Markdownの記号が、そのまま残っています"), _TEXT_ONLY),
    "weights_changed": (lazy("選択肢ごとの点の割合が、ファイルと変わります"), _LOOK),
    "feedback_moved": (
        lazy("1つの解答への解説を、問題の解説にしました"),
        lazy("全員に示してよい内容か、確かめてください。"),
    ),
    "feedback_left_out": (lazy("選んだ人への解説を除きました"), _LOOK),
    "answers_left_out": (lazy("解答%(count)s個を除きました"), _LOOK),
    "choices_written_out": (
        lazy("文中の選択肢を、空欄と選択肢の文に変えました"),
        lazy("読みやすいか、確かめてください。"),
    ),
    "processing_unknown": (
        lazy("採点の決まり（%(name)s）を読み取れません"),
        lazy("ファイルの正解のとおりに採点します。取り込んだ後で確かめてください。"),
    ),
    "manifest_missing": (
        lazy("ZIPに目次（imsmanifest.xml）がありません"),
        lazy("中にある問題を、すべて取り込みます。"),
    ),
    "resources_left_out": (
        lazy("画像などのファイル%(count)s個は取り込みません"),
        lazy("画像がないと答えられない問題がないか、確かめてください。"),
    ),
    "kind_unknown": (
        lazy("種別「%(text)s」は使えません"),
        lazy(
            "単一選択、複数選択、正誤、穴埋め、並べ替え、組み合わせ、記述のどれかを書いてください。"
        ),
    ),
    "points_unreadable": (
        lazy("配点「%(text)s」を数として読み取れません"),
        lazy("数字だけを書いてください。"),
    ),
    "right_unreadable": (
        lazy("正解「%(text)s」を読み取れません"),
        lazy("選択肢の番号（2つ以上は「1、3」）か、正誤の問題なら○か×を書いてください。"),
    ),
    "pair_unreadable": (
        lazy("組「%(text)s」を読み取れません"),
        lazy("「左＝右」のように書いてください。"),
    ),
    "cell_merged": (
        lazy("結合されたセルがあります"),
        lazy("結合を解き、1行に1問を書いてください。"),
    ),
    "cell_private_use": (
        lazy("外字など、ほかの端末で表示できない文字があります"),
        lazy("標準の文字に置き換えてください。"),
    ),
    "cell_too_long": (lazy("長すぎるセルがあります"), lazy("列がずれていないか確かめてください。")),
    "cell_too_many_cells": (
        lazy("列の数が見出しより多くあります"),
        lazy("値の中の「,」で列が分かれていないか確かめてください。"),
    ),
}

#: What a format cannot hold.
WRITING: dict[str, Lazy] = {
    "kind_left_out": lazy("この形にない種類の問題です"),
    "arrow_left_out": lazy("この形で別の意味になる「->」が文にあります"),
    "equals_left_out": lazy("表で左右を分ける「＝」が、左の項目にあります"),
    "columns_too_few": lazy("選択肢や空欄の数が、表の列より多くあります"),
    "points_left_out": lazy("配点がなくなります"),
    "partial_changed": lazy("部分点の付け方が変わります"),
    "order_left_out": lazy("選択肢の並びを変えない指定がなくなります"),
    "case_left_out": lazy("大文字と小文字を区別する指定がなくなります"),
    "accepted_left_out": lazy("数のほかに正解にする言葉がなくなります"),
    "feedback_left_out": lazy("選んだ人への解説がなくなります"),
    "model_left_out": lazy("記述の模範解答がなくなります"),
    "most_left_out": lazy("記述の文字数の上限がなくなります"),
}

#: Why a file is not read at all.
REFUSALS: dict[str, tuple[Lazy, Lazy]] = {
    "encoding": (
        lazy("文字を読み取れないファイルです"),
        lazy("UTF-8で保存し直して、選んでください。"),
    ),
    "too_large": (lazy("ファイルが大きすぎます"), lazy("%(limit)sまでに分けてください。")),
    "too_many": (lazy("問題の数が多すぎます"), lazy("%(limit)s問までに分けてください。")),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "questions_stale": (
        lazy("確認した問題を読み取れません"),
        lazy("何も取り込んでいません。ファイルをもう一度選んで、確認し直してください。"),
    ),
}


def refusal(error: QuestionError, size: Callable[[int], str]) -> tuple[str, str]:
    """Return why a file is not read, and what to do; `size` writes bytes as pages do."""
    data = dict(error.data)
    if error.code == "too_large":
        data["limit"] = size(int(data["limit"]))
    return text.filled(REFUSALS[error.code], data)


def finding(found: Finding) -> tuple[str, str]:
    """Return what was found in a file, and how to mend it."""
    words = READING.get(found.code) or text.FINDINGS[found.code]
    return text.filled(words, found.data)


def place(found: Finding) -> str:
    """Return where in the file something was found."""
    if "line" in found.data:
        return gettext("%(line)s行目からの問題", line=found.data["line"])
    if "row" in found.data:
        return gettext("%(row)s行目", row=found.data["row"])
    return str(found.data.get("file") or gettext("ファイル全体"))


def loss(found: Loss) -> str:
    """Return what a format cannot hold."""
    words = WRITING.get(found.code) or text.FINDINGS[found.code][0]
    if found.is_whole:
        return gettext("%(count)s問は書き出せません：%(why)s", count=found.count, why=str(words))
    return gettext("%(count)s問：%(why)s", count=found.count, why=str(words))

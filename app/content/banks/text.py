"""What is said of banks: acts and refusals."""

from __future__ import annotations

from app.kernel.audit.text import Act
from app.kernel.language import Lazy, lazy

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "question_bank.made": Act("material", lazy("問題集を作成")),
    "question_bank.renamed": Act("material", lazy("問題集の名前を変更")),
    "question_bank.archived": Act("material", lazy("問題集の使用を終了")),
    "question_bank.restored": Act("material", lazy("問題集の使用を再開")),
    "question_bank.written": Act("material", lazy("問題集の問題を追加・変更")),
    "question_bank.question_removed": Act("material", lazy("問題集の問題を削除")),
    "question_bank.imported": Act("material", lazy("問題集にファイルの問題を取込")),
    "question_bank.exported": Act("material", lazy("問題集をファイルに書き出し")),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "bank_name_needed": (
        lazy("問題集の名前が入力されていません"),
        lazy("名前を入力してから、もう一度保存してください。"),
    ),
    "bank_name_too_long": (
        lazy("問題集の名前が長すぎます"),
        lazy("%(limit)s文字以内で入力してください。"),
    ),
    "bank_full": (
        lazy("1つの問題集に入る問題の数を超えます"),
        lazy("%(limit)s問までです。問題集を分けてください。"),
    ),
    "question_kind_unknown": (
        lazy("問題の種類が分かりません"),
        lazy("前の画面に戻り、問題の種類を選び直してください。"),
    ),
    "question_wrong": (
        lazy("問題に誤りがあるため、保存できません"),
        lazy("何も保存していません。前の画面に戻り、開き直してやり直してください。"),
    ),
}

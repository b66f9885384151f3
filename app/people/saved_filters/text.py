"""Sentences about lists that are kept."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "filter_name_needed": (
        lazy("条件の名前がないか、長すぎます"),
        lazy("前の画面に戻り、%(most)d文字までの名前を付けて保存してください。"),
    ),
    "filter_empty": (
        lazy("保存する条件がありません"),
        lazy(
            "前の画面に戻り、一覧の条件、並び順、表示する列のどれかを選んでから保存してください。"
            "検索した言葉は保存されません。"
        ),
    ),
    "filter_too_long": (
        lazy("条件が長すぎて保存できません"),
        lazy("前の画面に戻り、条件を減らしてから保存してください。"),
    ),
    "filters_too_many": (
        lazy("1つの一覧に保存できる条件は%(most)d件までです"),
        lazy("前の画面に戻り、使わない条件を消してから保存してください。"),
    ),
    "list_unknown": (
        lazy("この画面の条件は保存できません"),
        lazy("前の画面に戻り、一覧の画面からやり直してください。"),
    ),
}

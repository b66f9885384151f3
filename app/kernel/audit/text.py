"""The words of the audit's lines: each room tells those of its acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.kernel.audit.verification import BROKEN, VERIFIED
from app.kernel.language import Lazy, lazy


class Manner(StrEnum):
    """How an act touches what is held about people."""

    #: One person's details were opened.
    SEEN = "seen"
    #: Several people were shown in a list.
    LISTED = "listed"
    #: It left the house as a file, or on paper.
    EXPORTED = "exported"
    #: It was changed.
    CHANGED = "changed"


@dataclass(frozen=True)
class Act:
    """What a line's code means."""

    #: A key of GROUPS, to search by.
    group: str
    #: What was done, as a phrase.
    words: Lazy
    #: How it touches people; None where it shows and changes nothing about them.
    manner: Manner | None = None
    #: Keys of FIELDS: what it shows about them. Of a change the line's own details tell it.
    fields: tuple[str, ...] = ()


GROUPS: dict[str, Lazy] = {
    "sign_in": lazy("サインインとパスワード"),
    "people": lazy("職員と所属"),
    "roles": lazy("役割"),
    "training": lazy("研修と実施回"),
    "learning": lazy("受講と記録"),
    "material": lazy("教材"),
    "keeping": lazy("保存・開示・消去"),
    "audit": lazy("監査記録"),
    "settings": lazy("設定"),
}

MANNERS: dict[str, Lazy] = {
    Manner.SEEN: lazy("個人の明細の閲覧"),
    Manner.LISTED: lazy("一覧の閲覧"),
    Manner.EXPORTED: lazy("出力"),
    Manner.CHANGED: lazy("変更"),
}

#: The approved items, and what else is held about a person because the office cannot do without.
FIELDS: dict[str, Lazy] = {
    "number": lazy("職員番号"),
    "name": lazy("氏名"),
    "section": lazy("所属"),
    "concurrent": lazy("兼務先"),
    "title": lazy("職名"),
    "job_type": lazy("職種"),
    "duty": lazy("職務名"),
    "gender": lazy("性別"),
    "age": lazy("年齢"),
    "hired_on": lazy("採用年月日"),
    "promoted_on": lazy("昇任年月日"),
    "email": lazy("メールアドレス"),
    "answers": lazy("テスト・アンケートの回答"),
    "report": lazy("受講結果報告"),
    "history": lazy("受講履歴"),
    "left_on": lazy("退職日"),
    "roles": lazy("役割"),
    "sign_in": lazy("サインインの状況"),
    "password": lazy("パスワード"),
    "audit": lazy("監査記録"),
}

#: Who is meant, as a list names people.
WHO = ("number", "name", "section", "title")

#: What rooms call the parts of their lines' details, beside what every line may tell.
PARTS: dict[str, Lazy] = {}

#: By the code of a line.
ACTS: dict[str, Act] = {
    VERIFIED: Act("audit", lazy("監査記録に変更がないことを確認")),
    BROKEN: Act("audit", lazy("監査記録に変更の跡を検出")),
    "audit.forgotten": Act("audit", lazy("監査記録の内容を消去"), Manner.CHANGED, ("audit",)),
    "audit.expired": Act("audit", lazy("保存期間を過ぎた監査記録を削除")),
    "export.checked": Act(
        "people", lazy("出力の前に、書けない文字のある行を表示"), Manner.LISTED, ("name",)
    ),
    "settings.changed": Act("settings", lazy("システムの設定を変更")),
}


def name(parts: Mapping[str, Lazy]) -> None:
    """Add what a room calls the parts of its lines' details."""
    PARTS.update(parts)


def tell(acts: Mapping[str, Act]) -> None:
    """Add the acts of a room."""
    ACTS.update(acts)

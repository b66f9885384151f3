"""The wording that comes with the software, and sentences about confirming and writing one."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy
from app.people.purposes.queries import Statement

#: Version 0: what, who, how long.
FIRST: tuple[Lazy, Lazy, Lazy] = (
    lazy(
        "職員研修の計画、受講者の決定、受講の記録、修了の認定、研修の改善のために使います。\n"
        "扱うのは、職員番号、氏名、所属、職名などの職員の情報と、研修の申込み、出席、受講、"
        "テストとアンケートの記録です。\n"
        "ほかの目的には使いません。"
    ),
    lazy(
        "本人は、自分の記録をすべて見ることができます。\n"
        "研修の担当者は、担当する範囲の職員の情報と記録を見ます。\n"
        "所属長と所属の研修担当は、担当する所属の職員の申込みと受講の状況を見ます。\n"
        "システムの管理者と運用の受託者は、管理に必要な範囲で見ます。見たことは記録に残ります。"
    ),
    lazy(
        "修了の認定、出席、報告、アンケートの記録は3年、命令の取消しの記録は5年保管します。\n"
        "受講履歴は、在職中と退職後5年間保管します。\n"
        "期間が過ぎた記録は、責任者の承認を受けて消去します。"
    ),
)

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "purposes_changed": (
        lazy("ほかの人が、先に文面を変えました"),
        lazy("いまの文面を確認してから、もう一度操作してください。"),
    ),
    "whole_office_for_purposes": (
        lazy("文面を変えられるのは、全体を担当する研修管理者とシステム管理者だけです"),
        lazy("全体の研修管理者に依頼してください。"),
    ),
}


def parts(statement: Statement) -> tuple[str, str, str]:
    """Return the three parts of a version, in the reader's language where it is ours."""
    if statement.version == 0:
        purpose, viewers, retention = FIRST
        return str(purpose), str(viewers), str(retention)
    return statement.purpose, statement.viewers, statement.retention

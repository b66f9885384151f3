"""What files of attendance say from Python: findings, columns, acts."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.kernel.tables.text import FINDINGS as OF_TABLES

#: What is wrong with a line, and how to mend it.
FINDINGS: dict[str, tuple[Lazy, Lazy]] = {
    **OF_TABLES,
    "not_listed": (
        lazy("このコマの名簿にいない職員番号です"),
        lazy("番号を確かめてください。"),
    ),
    "zeros": (
        lazy("先頭の0が抜けているようです"),
        lazy("%(value)s なら名簿にあります。番号の列を文字列にして保存してください。"),
    ),
    "word": (
        lazy("出欠を表す言葉ではありません"),
        lazy("出席、遅刻、早退、欠席、公欠のどれかにしてください。"),
    ),
    "minutes": (
        lazy("遅刻・早退なのに、受講した分数がありません"),
        lazy("コマの長さまでの数字を「分」の列に入力してください。"),
    ),
    "carried": (
        lazy("前の回で受講済みの人です"),
        lazy("記録は要りません。行を消してください。"),
    ),
}

_WHO: tuple[Lazy, ...] = (lazy("職員番号"), lazy("氏名"), lazy("所属"), lazy("職名"))
SHEET_COLUMNS: tuple[Lazy, ...] = (*_WHO, lazy("出欠"), lazy("分"), lazy("連絡"))
#: Before a column for each session, and what was missed.
RUN_COLUMNS = _WHO

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "attendance.exported": Act("training", lazy("出欠をファイルに取り出し"), Manner.EXPORTED, WHO),
    "attendance.checked": Act("training", lazy("出欠のファイルを照合"), Manner.LISTED, WHO),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "attendance_file_stale": (
        lazy("確認した内容を読み取れません"),
        lazy("何も保存されていません。ファイルを選び直して、もう一度確認してください。"),
    ),
}

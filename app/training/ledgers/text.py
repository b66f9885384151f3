"""What is said of old ledgers: findings, columns, acts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy
from app.kernel.tables.text import FINDINGS as OF_TABLES

#: The columns, as findings name them.
COLUMNS: dict[str, Lazy] = {
    "number": lazy("職員番号"),
    "name": lazy("氏名"),
    "title": lazy("研修名"),
    "year": lazy("年度"),
    "day": lazy("修了日"),
    "result": lazy("結果"),
    "section": lazy("所属"),
    "job_title": lazy("職名"),
    "": lazy("行"),
}

#: What is wrong with a line, and how to mend it.
FINDINGS: dict[str, tuple[Lazy, Lazy]] = {
    **OF_TABLES,
    "number_unknown": (
        lazy("この職員番号の職員はいません"),
        lazy("番号を確かめてください。登録されていない人の履歴は取り込めません。"),
    ),
    "zeros": (
        lazy("先頭の0が抜けているようです"),
        lazy("正しい番号に直し、番号の列を文字列にして保存してください。"),
    ),
    "number_shared": (
        lazy("この職員番号を使っていた人が2人以上います"),
        lazy("修了日を書くか、いまの職員番号に直してください。"),
    ),
    "name_differs": (
        lazy("氏名が登録と違います"),
        lazy(
            "職員番号を確かめてください。改姓などで違うだけのときは、"
            "「氏名が登録と違う行も取り込む」に印を付けて確認し直してください。"
        ),
    ),
    "year_missing": (lazy("年度も修了日もありません"), lazy("どちらかを書いてください。")),
    "year_unusable": (
        lazy("年度として読み取れません"),
        lazy("2019、2019年度、令和元年度のように書いてください。"),
    ),
    "year_differs": (
        lazy("年度が修了日と合いません"),
        lazy("年度（4月から3月まで）か修了日を直してください。"),
    ),
    "result_unknown": (
        lazy("結果として読み取れません"),
        lazy("修了か未修了と書くか、空欄（修了）にしてください。"),
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "ledger.checked": Act(
        "learning", lazy("過去の台帳のファイルを確認"), Manner.LISTED, ("number", "name", "history")
    ),
    "ledger.taken_in": Act("learning", lazy("過去の台帳を取り込み"), Manner.CHANGED, ("history",)),
    "ledger.taken_back": Act(
        "learning", lazy("過去の台帳の取込を取り消し"), Manner.CHANGED, ("history",)
    ),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "ledger_stale": (
        lazy("確認した内容を読み取れないか、確認した後に変わりました"),
        lazy("何も取り込んでいません。ファイルを選び直して、もう一度確認してください。"),
    ),
}

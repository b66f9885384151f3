"""What is said of an institute's results: findings, outcomes, acts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.kernel.tables.text import FINDINGS as OF_TABLES
from app.training.candidacies.text import STATES as OF_CANDIDACY
from app.training.enrolment.text import STATES as OF_ENROLMENT
from app.training.institutes.queries import DECISIONS, ENDS, Outcome

#: The word of each result.
RESULTS: dict[str, Lazy] = {
    **{state: OF_CANDIDACY[state][0] for state in DECISIONS},
    **{state: OF_ENROLMENT[state] for state in ENDS},
}

#: The word of each outcome, and the kind of its chip.
OUTCOMES: dict[str, tuple[Lazy, str]] = {
    Outcome.CHANGED: (lazy("変更"), "progress"),
    Outcome.UNCHANGED: (lazy("変更なし"), "neutral"),
    Outcome.ERROR: (lazy("誤り"), "error"),
}

#: The columns, as findings name them.
COLUMNS: dict[str, Lazy] = {
    "number": lazy("職員番号"),
    "result": lazy("結果"),
    "run": lazy("回"),
    "": lazy("行"),
}

#: What is wrong with a line, and how to mend it.
FINDINGS: dict[str, tuple[Lazy, Lazy]] = {
    **OF_TABLES,
    "number_unknown": (
        lazy("この職員番号の職員はいません"),
        lazy("先頭の0が抜けていないか確かめてください。"),
    ),
    "not_put_forward": (
        lazy("この研修に推薦・申込されていない人です"),
        lazy("職員番号を確かめるか、先に推薦を登録してください。"),
    ),
    "result_unknown": (
        lazy("結果として読み取れません"),
        lazy("決定、補欠、選外、修了、未修了のどれかを書いてください。"),
    ),
    "result_impossible": (
        lazy("いまの状態からは、この結果にできません"),
        lazy("推薦が承認されているか、もう取り下げられていないか確かめてください。"),
    ),
    "no_seat": (
        lazy("受講が決まっていない人です"),
        lazy("先に「決定」の結果を取り込んでください。"),
    ),
    "seated_already": (
        lazy("もう受講が決まっている人です"),
        lazy("実施回の受講者の一覧で確かめてください。"),
    ),
    "run_missing": (
        lazy("どの回か分かりません"),
        lazy("「回」の列に、回の番号を書いてください。"),
    ),
    "run_unknown": (
        lazy("この番号の回がないか、受講者を受け付けていません"),
        lazy("回の番号を確かめてください。"),
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "offering.nominees_exported": Act(
        "training", lazy("推薦名簿をCSVに出力"), Manner.EXPORTED, WHO
    ),
    "offering.results_checked": Act(
        "training", lazy("研修機関の結果を確認"), Manner.LISTED, ("number", "name", "history")
    ),
    "offering.results_taken": Act(
        "training", lazy("研修機関の結果を取り込み"), Manner.CHANGED, ("history",)
    ),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "results_changed": (
        lazy("確認した後に、推薦や受講の状態が変わりました"),
        lazy("何も取り込んでいません。ファイルをもう一度選んで、確認し直してください。"),
    ),
    "provider_is_ward": (
        lazy("この研修は、区が実施する研修です"),
        lazy("外の機関の研修のときは、研修の変更で「実施する機関」を選び直してください。"),
    ),
}

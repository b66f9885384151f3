"""Sentences about files of staff and of sections: columns, states, findings, refusals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, gettext, lazy
from app.kernel.tables import text as tables
from app.kernel.web import problems
from app.people.imports.models import ImportBatch, ImportRow, Kind, Mode
from app.people.imports.queries import WARNINGS, RowState

KINDS: dict[str, Lazy] = {Kind.STAFF: lazy("職員"), Kind.SECTIONS: lazy("所属")}
MODES: dict[str, Lazy] = {Mode.DIFFERENCE: lazy("差分"), Mode.FULL: lazy("全件")}
#: What a choice of the mode says, by kind.
MODE_CHOICES: dict[Mode, dict[str, Lazy]] = {
    Mode.DIFFERENCE: {
        Kind.STAFF: lazy("差分（ファイルにない職員は変えない）"),
        Kind.SECTIONS: lazy("差分（ファイルにない所属は変えない）"),
    },
    Mode.FULL: {
        Kind.STAFF: lazy("全件（ファイルにない職員は、前日で離職したものとする）"),
        Kind.SECTIONS: lazy("全件（ファイルにない所属は、前日で廃止したものとする）"),
    },
}
ENDINGS: dict[str | None, tuple[Lazy, str]] = {
    None: (lazy("確認待ち"), "waiting"),
    "committed": (lazy("取込済み"), "success"),
    "discarded": (lazy("取りやめ"), "neutral"),
    "expired": (lazy("期限切れ"), "neutral"),
}

#: What the columns of a file are called.
COLUMNS: dict[str, Lazy] = {
    "": lazy("行全体"),
    "number": lazy("職員番号"),
    "previous": lazy("旧職員番号"),
    "section_code": lazy("所属コード"),
    "section": lazy("所属"),
    "concurrent": lazy("兼務先コード"),
    "title": lazy("職名"),
    "job_type": lazy("職種"),
    "duty": lazy("職務名"),
    "gender": lazy("性別"),
    "age": lazy("年齢"),
    "hired_on": lazy("採用年月日"),
    "promoted_on": lazy("昇任年月日"),
    "left_on": lazy("退職年月日"),
    "email": lazy("メールアドレス"),
    "code": lazy("所属コード"),
    "parent": lazy("上位所属コード"),
    "predecessors": lazy("引継元コード"),
    "ends": lazy("廃止して引き継ぐ所属"),
}
#: `name` is somebody's or a section's.
NAMES = {Kind.STAFF: lazy("氏名"), Kind.SECTIONS: lazy("所属名")}
#: What is told of a change and not of its values: they belong on no screen without need.
UNSHOWN = frozenset({"gender"})

#: What is told of somebody or something new: the place, so that the right one is meant.
TOLD = {
    Kind.STAFF: ("section_code", "section", "title"),
    Kind.SECTIONS: ("parent", "predecessors"),
}

#: What happens to a row, and the kind of its chip.
STATES: dict[str, tuple[Lazy, str]] = {
    RowState.ADDED: (lazy("追加"), "info"),
    RowState.CHANGED: (lazy("変更"), "progress"),
    RowState.UNCHANGED: (lazy("変更なし"), "neutral"),
    RowState.ABSENT: (lazy("名簿にない"), "neutral"),
    RowState.ERROR: (lazy("誤り"), "error"),
}
#: What happens to who or what is not in a full file.
ENDED: dict[str, tuple[Lazy, str]] = {
    Kind.STAFF: (lazy("離職"), "warning"),
    Kind.SECTIONS: (lazy("廃止"), "warning"),
}

#: Why, and how to mend it.
FINDINGS: dict[str, tuple[Lazy, Lazy]] = {
    **tables.FINDINGS,
    "section_unknown": (
        lazy("このコードの所属が登録されていません"),
        lazy("コードを直すか、先に所属を取り込んでください。"),
    ),
    "section_differs": (
        lazy("登録されている所属の名称と違います"),
        lazy("所属コードが正しければ、このまま取り込めます。"),
    ),
    "section_circle": (
        lazy("上位の所属をたどると自分に戻ります"),
        lazy("上位所属コードを直してください。"),
    ),
    "number_short": (
        lazy("ほかの職員番号より桁が少なくなっています"),
        lazy("先頭の0が消えていないか確かめてください。正しければ、このまま取り込めます。"),
    ),
    "age_unusable": (
        lazy("年齢として読み取れません"),
        lazy("15から99までの数字にするか、空欄にしてください。生年月日は受け付けません。"),
    ),
    "name_not_invented": (
        lazy("試験用の環境には、実在の職員を取り込めません"),
        lazy("「見本」「架空」「例示」などで始まる、作りものの氏名にしてください。"),
    ),
    "number_filled": (
        lazy("先頭に0を補いました"),
        lazy("補った番号が正しければ、このまま取り込めます。"),
    ),
    "number_later": (
        lazy("この番号は、後の日から使う予定で登録されています"),
        lazy("番号を直すか、発令日をその日以後にして取り込んでください。"),
    ),
    "previous_unknown": (
        lazy("この旧職員番号の職員が登録されていません"),
        lazy("番号を直すか、空欄にして新しい職員として取り込んでください。"),
    ),
    "previous_of_another": (
        lazy("新しい職員番号が、別の職員の番号として登録されています"),
        lazy("番号を直してください。同じ人のときは、職員の画面で統合してください。"),
    ),
    "previous_over": (
        lazy("この旧職員番号は、すでに別の番号に替わっています"),
        lazy("いまの番号を旧職員番号に入力してください。"),
    ),
    "post_later": (
        lazy("発令日より後に始まる所属が、すでに登録されています"),
        lazy("後の日の発令を含む名簿で取り込むか、発令日をその日にしてください。"),
    ),
    "concurrent_is_main": (
        lazy("兼務先が本務の所属と同じです"),
        lazy("兼務先から除いてください。"),
    ),
    "section_later": (
        lazy("このコードの所属は、後の日から始まる予定で登録されています"),
        lazy("コードを直すか、発令日をその日以後にして取り込んでください。"),
    ),
    "predecessor_continues": (
        lazy("引継元の所属が、同じファイルに残っています"),
        lazy("廃止する所属の行を除くか、引継元コードを空欄にしてください。"),
    ),
    "predecessor_has_below": (
        lazy("引継元の所属の下に、ほかの所属が残ります"),
        lazy("下の所属も、新しい上位所属コードでファイルに入れてください。"),
    ),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    **tables.SENTENCES,
    "worker_lost": (
        lazy("サーバーの都合で、途中で止まりました"),
        lazy("何も取り込んでいません。ファイルをもう一度選んでください。"),
    ),
    "import_not_checked": (
        lazy("まだ内容を確かめています"),
        lazy("確認が終わってから、もう一度操作してください。"),
    ),
    "import_has_errors": (
        lazy("誤りのある行が%(errors)d行あります"),
        lazy("ファイルを直して選び直すか、誤りの行を除いて取り込んでください。"),
    ),
    "import_ends_too_many": (
        lazy("離職になる職員が多すぎるため、取り込めません（%(absent)d人）"),
        lazy("名簿に抜けている所属がないか確かめてください。差分での取込はできます。"),
    ),
    "import_ended": (
        lazy("このファイルは、すでに取り込んだか、取りやめています"),
        lazy("結果は職員の一覧で確認してください。"),
    ),
    "import_expired": (
        lazy("確認の期限（24時間）が過ぎました"),
        lazy("何も取り込んでいません。ファイルをもう一度選んでください。"),
    ),
    "import_outdated": (
        lazy("確認した後に、登録の内容が変わりました"),
        lazy("何も取り込んでいません。もう一度確かめてから取り込んでください。"),
    ),
}


@dataclass(frozen=True)
class ShownFinding:
    """What a page says about a cell."""

    column: str
    value: str
    why: str
    mend: str
    is_error: bool


@dataclass(frozen=True)
class ShownRow:
    """What a page says about a row of a file."""

    row: int
    #: Number or code, and name, as the file has them.
    code: str
    name: str
    state: str
    #: Where somebody or something new belongs; empty in other rows.
    told: str
    #: Column, old value, new value.
    changes: list[tuple[str, str, str]]
    findings: list[ShownFinding]


def code_of(kind: str, data: Mapping[str, Any]) -> str:
    """Return the staff number, or the section's code, that a kept row names."""
    code: str = data["values"]["number" if kind == Kind.STAFF else "code"]
    return code


def shown(kind: str, row: int, state: str, data: Mapping[str, Any]) -> ShownRow:
    """Return a kept row in words."""
    return ShownRow(
        row=row,
        code=code_of(kind, data),
        name=data["values"]["name"],
        state=state,
        told=_told(kind, data["values"]) if state == RowState.ADDED else "",
        changes=[_change(key, kind, *pair) for key, pair in data["changes"].items()],
        findings=[_finding(kind, *found) for found in (*data["own"], *data["found"])],
    )


def states(row: ImportBatch) -> dict[str, tuple[Lazy, str]]:
    """Return what happens to the rows of a file, by state: word, and kind of the chip."""
    return {**STATES, RowState.ABSENT: ENDED[row.kind]} if row.mode == Mode.FULL else STATES


def error_lines(kind: str, row: ImportRow) -> Iterator[list[object]]:
    """Yield a line for each finding of a row: row, column, value, why, how to mend it."""
    for found in (*row.data["own"], *row.data["found"]):
        said = _finding(kind, *found)
        yield [row.row, said.column, said.value, said.why, said.mend]


def refusal(result: Mapping[str, Any]) -> tuple[str, str]:
    """Return why a job did nothing and what to do, from what it left behind."""
    data = {
        key: gettext("、").join(value) or "―" if isinstance(value, list) else value
        for key, value in result.get("data", {}).items()
    }
    return problems.sentence(result["code"], data)


def _told(kind: str, values: Mapping[str, str]) -> str:
    said = [
        gettext("%(column)s：%(value)s", column=_column(key, kind), value=values[key])
        for key in TOLD[Kind(kind)]
        if values.get(key)
    ]
    return gettext("、").join(said)


def _change(key: str, kind: str, old: str, new: str) -> tuple[str, str, str]:
    if key in UNSHOWN:
        old, new = ("＊" if value else "" for value in (old, new))
    return _column(key, kind), old, new


def _finding(kind: str, column: str, code: str, value: str) -> ShownFinding:
    why, mend = FINDINGS[code]
    told = "＊" if column in UNSHOWN and value else value
    return ShownFinding(_column(column, kind), told, str(why), str(mend), code not in WARNINGS)


def _column(key: str, kind: str) -> str:
    return str(NAMES[Kind(kind)] if key == "name" else COLUMNS[key])


#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "import.checked": Act("people", lazy("名簿のファイルを読み込み")),
    "import.viewed": Act(
        "people",
        lazy("名簿のファイルの内容を表示"),
        Manner.LISTED,
        (*WHO, "email", "age", "hired_on", "promoted_on", "job_type", "duty"),
    ),
    "import.errors_exported": Act(
        "people", lazy("名簿のファイルの誤りをCSVに出力"), Manner.EXPORTED, WHO
    ),
    "import.committed": Act("people", lazy("名簿を取り込み")),
    "import.discarded": Act("people", lazy("名簿の取り込みを取りやめ")),
    "import.expired": Act("people", lazy("名簿のファイルを期限切れで削除")),
    "section.ended": Act("people", lazy("所属を廃止")),
}

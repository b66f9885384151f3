"""Words of one person's page: items, posts, classes of employment, and refusals."""

from __future__ import annotations

from datetime import date

from app.kernel.language import Lazy, lazy
from app.people.profiles.queries import FileLine
from app.people.register.models import EmploymentClass, PostKind

#: What an item is called, as the record of changes shows it.
ITEMS: dict[str, Lazy] = {
    "name": lazy("氏名"),
    "number": lazy("職員番号"),
    "section": lazy("所属"),
    "concurrent": lazy("兼務先"),
    "title": lazy("職名"),
    "job_type": lazy("職種"),
    "duty": lazy("職務名"),
    "gender": lazy("性別"),
    "age": lazy("年齢"),
    "age_as_of": lazy("年齢の基準日"),
    "hired_on": lazy("採用年月日"),
    "promoted_on": lazy("昇任年月日"),
    "email": lazy("メールアドレス"),
    "left_on": lazy("退職日"),
    "exclusion": lazy("受講対象外期間"),
}

POSTS: dict[str, Lazy] = {
    PostKind.MAIN: lazy("本務"),
    PostKind.CONCURRENT: lazy("兼務"),
}

EMPLOYMENT: dict[str, Lazy] = {
    EmploymentClass.REGULAR: lazy("正規"),
    EmploymentClass.REAPPOINTED: lazy("再任用"),
    EmploymentClass.REEMPLOYED: lazy("再雇用"),
    EmploymentClass.FISCAL_YEAR: lazy("会計年度任用"),
    EmploymentClass.FIXED_TERM: lazy("任期付"),
    EmploymentClass.TEMPORARY: lazy("臨時"),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "leaves_self": (
        lazy("自分の退職日は登録できません"),
        lazy("ほかの研修管理者に依頼してください。"),
    ),
    "exclusion_is_none": (
        lazy("期間の終わりが、始まりより前になっています"),
        lazy("終わりの日を直してください。"),
    ),
}

#: Columns of a file of staff; those of the second part are the office's alone.
_NEAR = ("number", "name", "section", "concurrent", "title", "job_type", "duty", "email")
_WHOLE = ("hired_on", "promoted_on")


def columns(*, is_whole: bool) -> list[Lazy]:
    """Return the head of a file of staff."""
    head = [ITEMS[name] for name in (*_NEAR, *(_WHOLE if is_whole else ()))]
    return [*head, lazy("任用区分")]


def row(line: FileLine, *, is_whole: bool) -> list[object]:
    """Return the cells of one person, under `columns`."""
    cells = [_cell(getattr(line, name)) for name in (*_NEAR, *(_WHOLE if is_whole else ()))]
    return [*cells, str(EMPLOYMENT.get(line.employment_class, ""))]


def _cell(value: object) -> object:
    return f"{value:%Y/%m/%d}" if isinstance(value, date) else value

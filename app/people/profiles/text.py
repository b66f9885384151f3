"""Words of one person's page: items, posts, classes of employment, and refusals."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy
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

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "person.corrected": Act("people", lazy("職員の項目を訂正"), Manner.CHANGED),
    "person.stayed": Act("people", lazy("職員の離職を取消し"), Manner.CHANGED),
    "person.excluded": Act("people", lazy("受講対象外期間を登録"), Manner.CHANGED),
    "person.exclusion_ended": Act("people", lazy("受講対象外期間を終了"), Manner.CHANGED),
    "person.gender_shown": Act("people", lazy("職員の性別を表示"), Manner.SEEN, ("gender",)),
}

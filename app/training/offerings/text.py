"""What the plan of a year says from Python: the choices of its rules, acts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import Act
from app.kernel.language import Lazy, lazy
from app.training.offerings.models import (
    ApprovalPath,
    ChangePath,
    LateChange,
    Obligation,
    Overflow,
    Promotion,
)

#: Each choice with what it means.
Choices = dict[str, tuple[Lazy, Lazy]]

OBLIGATIONS: Choices = {
    Obligation.MANDATORY: (lazy("必修"), lazy("対象の全員が受講します")),
    Obligation.NAMED: (lazy("指名"), lazy("研修管理者が受講者を決めます")),
    Obligation.NOMINATED: (lazy("推薦"), lazy("所属が受講者を推薦します")),
    Obligation.OPEN: (lazy("公募"), lazy("職員が申し込み、選考で決まります")),
    Obligation.FREE: (lazy("自由受講"), lazy("受けたい職員が受講します")),
}
APPROVAL_PATHS: Choices = {
    ApprovalPath.NOBODY: (lazy("承認不要"), lazy("申し込むと、すぐに決まります")),
    ApprovalPath.HEAD: (lazy("所属長のみ"), lazy("所属長が承認すると決まります")),
    ApprovalPath.HEAD_AND_OFFICE: (
        lazy("所属長と研修管理者"),
        lazy("所属長が推薦し、研修管理者が選考して決めます"),
    ),
}
CHANGE_PATHS: Choices = {
    ChangePath.NOBODY: (lazy("自動承認"), lazy("空いている回へ、申請するとすぐに変わります")),
    ChangePath.HEAD: (lazy("所属長承認"), lazy("所属長が承認すると変わります")),
    ChangePath.OFFICE: (lazy("研修管理者承認"), lazy("研修管理者が承認すると変わります")),
}
LATE_CHANGES: Choices = {
    LateChange.REFUSE: (lazy("受け付けない"), lazy("期限を過ぎた変更は申請できません")),
    LateChange.URGENT: (
        lazy("緊急連絡として受け付ける"),
        lazy("期限を過ぎても申請でき、研修管理者が判断します"),
    ),
}
OVERFLOWS: Choices = {
    Overflow.REFUSE: (lazy("認めない"), lazy("割当を超える推薦はできません")),
    Overflow.WAITLIST: (lazy("補欠として認める"), lazy("割当を超えた人は補欠になります")),
}
PROMOTIONS: Choices = {
    Promotion.AUTOMATIC: (lazy("自動で繰り上げる"), lazy("席が空くと、補欠の順に決まります")),
    Promotion.CONFIRMED: (
        lazy("担当が確かめて繰り上げる"),
        lazy("席が空くと、研修管理者が操作して決めます"),
    ),
}

#: What the audit calls what is changed of an offering, and of a plan.
PARTS: dict[str, Lazy] = {
    "target": lazy("対象"),
    "subjects": lazy("科目"),
    "obligation": lazy("受講者の決まり方"),
    "approval_path": lazy("申込・推薦の承認"),
    "overflow": lazy("割当を超える推薦"),
    "change_path": lazy("参加回の変更の承認"),
    "late_change": lazy("期限を過ぎた変更"),
    "promotion": lazy("補欠の繰上げ"),
    "promotion_rule": lazy("繰上げの期限"),
    "absence_limit": lazy("欠席の限度"),
    "exceeds": lazy("定員を超えることを認める"),
    "year": lazy("年度"),
    "runs": lazy("実施回の数"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "offering.planned": Act("training", lazy("研修を年間計画に追加")),
    "offering.changed": Act("training", lazy("年度の実施の決まりを変更")),
    "offering.dropped": Act("training", lazy("研修を年間計画から外す")),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "offering_in_use": (
        lazy("この研修は、すでに始まっています"),
        lazy("実施回か、推薦・申込みがあります。開催しないときは、実施回を中止してください。"),
    ),
}

"""Words of the roles, and the sentences about granting them."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.people.permission.models import Role

ROLES: dict[str, Lazy] = {
    Role.OFFICE: lazy("研修管理者"),
    Role.ORGANISER: lazy("主催課担当"),
    Role.COORDINATOR: lazy("所属の研修担当"),
    Role.HEAD: lazy("所属長"),
    Role.LECTURER: lazy("講師"),
    Role.AUTHOR: lazy("教材作成者"),
    Role.ADMINISTRATOR: lazy("システム管理者"),
    Role.AUDITOR: lazy("監査者"),
    Role.LEARNER: lazy("受講者"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "person.roles_viewed": Act("roles", lazy("職員の役割を表示"), Manner.SEEN, (*WHO, "roles")),
    "person.role_granted": Act("roles", lazy("役割を付与"), Manner.CHANGED, ("roles",)),
    "person.role_ended": Act("roles", lazy("役割を解除"), Manner.CHANGED, ("roles",)),
    "person.role_carried": Act("roles", lazy("改組により役割を引継ぎ"), Manner.CHANGED, ("roles",)),
    "person.deputy_named": Act("roles", lazy("代行者を決定"), Manner.CHANGED, ("roles",)),
    "person.deputy_ended": Act("roles", lazy("代行を終了"), Manner.CHANGED, ("roles",)),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "role_not_grantable": (
        lazy("この役割は付けられません"),
        lazy("一覧にある役割から選んでください。"),
    ),
    "role_needs_section": (
        lazy("この役割には所属の指定が必要です"),
        lazy("範囲の所属を選んでください。"),
    ),
    "role_held": (
        lazy("同じ範囲で、すでにこの役割が付いています"),
        lazy("範囲を変えるときは、いまの役割を外してから付け直してください。"),
    ),
    "role_takes_no_training": (
        lazy("この役割は、研修を限って付けられません"),
        lazy("研修を「すべての研修」にして付けてください。"),
    ),
    "period_is_none": (
        lazy("期間の終わりが、始まりか今日より前になっています"),
        lazy("終わりの日を直してください。"),
    ),
    "not_to_yourself": (
        lazy("自分に役割を付けることはできません"),
        lazy("ほかの研修管理者かシステム管理者に依頼してください。"),
    ),
    "deputy_is_holder": (
        lazy("本人を代行者にすることはできません"),
        lazy("ほかの職員の職員番号を入力してください。"),
    ),
    "deputy_needs_end": (
        lazy("代行の終わりの日が入力されていません"),
        lazy("代行を終える日を入力してください。"),
    ),
    "deputy_unknown": (
        lazy("この職員番号の職員が見つかりません"),
        lazy("職員番号を確認してください。担当する所属の職員だけを代行者にできます。"),
    ),
    "role_not_held": (
        lazy("代行できる役割がありません"),
        lazy("本人が持っている役割から選んでください。"),
    ),
    "whole_training_needed": (
        lazy("この操作は、研修の全体を担当する人だけができます"),
        lazy("一部の所属を担当しているときは、全体の研修管理者に依頼してください。"),
    ),
    "only_administrators": (
        lazy("システム管理者だけができる操作です"),
        lazy(
            "システム管理者か監査者の役割と、その人のパスワードは、システム管理者に依頼してください。"
        ),
    ),
    "beyond_your_sections": (
        lazy("担当する所属の外には、役割を付けたり外したりできません"),
        lazy("担当する所属を選ぶか、全体の研修管理者に依頼してください。"),
    ),
}

"""What candidacies say from Python: states, reasons, acts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.training.candidacies.models import Route
from app.training.candidacies.queries import Obstacle
from app.training.candidacies.states import Answer, CandidacyState, ExceptionReason, ReturnReason
from app.training.offerings.models import ApprovalPath

#: The word of each state of a candidacy, and the kind of its chip.
STATES: dict[str, tuple[Lazy, str]] = {
    CandidacyState.DRAFT: (lazy("作成中"), "neutral"),
    CandidacyState.APPLIED: (lazy("申込済（所属確認待ち）"), "waiting"),
    CandidacyState.NOMINATED: (lazy("推薦済（選考待ち）"), "progress"),
    CandidacyState.RETURNED: (lazy("差戻し"), "warning"),
    CandidacyState.HEAD_DECLINED: (lazy("所属不承認"), "error"),
    CandidacyState.WITHDRAWN: (lazy("取下げ"), "neutral"),
    CandidacyState.SELECTED: (lazy("決定"), "success"),
    CandidacyState.WAITLISTED: (lazy("補欠"), "waiting"),
    CandidacyState.NOT_SELECTED: (lazy("選外"), "neutral"),
    CandidacyState.LAPSED: (lazy("期限切れ"), "neutral"),
}

#: The word of each route.
ROUTES: dict[str, Lazy] = {
    Route.APPLIED: lazy("申込"),
    Route.NOMINATED: lazy("推薦"),
    Route.NAMED: lazy("指名"),
}

#: Why a candidacy is returned or declined.
RETURN_REASONS: dict[str, Lazy] = {
    ReturnReason.DUTY: lazy("業務の都合"),
    ReturnReason.CONDITION: lazy("対象の条件に合わない"),
    ReturnReason.QUOTA: lazy("割当を超えている"),
    ReturnReason.RUN: lazy("希望の回を選び直してほしい"),
    ReturnReason.ENTRY: lazy("記入の誤り"),
    ReturnReason.OTHER: lazy("その他"),
}

#: Why somebody is let in although a condition is not met.
EXCEPTION_REASONS: dict[str, Lazy] = {
    ExceptionReason.EXPERIENCE: lazy("同等の経験がある"),
    ExceptionReason.DUTY: lazy("職務で必要"),
    ExceptionReason.SEATS_LEFT: lazy("席に余裕がある"),
    ExceptionReason.OTHER: lazy("その他"),
}

#: What somebody who was named says to it, and the kind of its chip.
ANSWERS: dict[str, tuple[Lazy, str]] = {
    Answer.CAN: (lazy("受ける"), "success"),
    Answer.CANNOT: (lazy("受けられない事情あり"), "warning"),
}

#: What stands in one's own way, before one applies: what it is, and what to do.
OWN_OBSTACLES: dict[str, tuple[Lazy, Lazy]] = {
    Obstacle.NOT_MEANT: (
        lazy("この研修の対象に含まれていません"),
        lazy(
            "受講が必要なときは、所属の研修担当に相談してください。例外として申し込めることがあります。"
        ),
    ),
    Obstacle.COMPLETED_BEFORE: (
        lazy("この研修は、もう修了しています"),
        lazy(
            "この研修は一度だけ受講できます。もう一度必要なときは、所属の研修担当に相談してください。"
        ),
    ),
    Obstacle.PREREQUISITE_MISSING: (
        lazy("前提となる研修を、まだ修了していません"),
        lazy("前提の研修を修了してから申し込んでください。"),
    ),
    Obstacle.ENROLLED: (
        lazy("この研修は、もう受講が決まっています"),
        lazy("回を変えるときは、ホームからこの研修を開き、参加回の変更を申請してください。"),
    ),
    Obstacle.EXCLUDED: (
        lazy("受講対象外期間です"),
        lazy("期間が終わってから申し込んでください。期間は職員情報で確認できます。"),
    ),
    Obstacle.RESTRICTED: (
        lazy("いまは申し込めません"),
        lazy("研修担当に連絡してください。"),
    ),
}

#: What stands in somebody's way, in a word, for lists.
OBSTACLES: dict[str, Lazy] = {
    Obstacle.NOT_MEANT: lazy("対象外"),
    Obstacle.COMPLETED_BEFORE: lazy("修了済"),
    Obstacle.PREREQUISITE_MISSING: lazy("前提の研修が未修了"),
    Obstacle.PUT_FORWARD: lazy("推薦・申込済"),
    Obstacle.ENROLLED: lazy("受講決定済"),
    Obstacle.EXCLUDED: lazy("受講対象外期間"),
    Obstacle.RESTRICTED: lazy("登録できません"),
}

#: What becomes of an application, by who approves it.
PATHS: dict[str, Lazy] = {
    ApprovalPath.NOBODY: lazy("申し込むと、空いている席があればすぐに受講が決まります。"),
    ApprovalPath.HEAD: lazy("所属長が承認すると、空いている席があれば受講が決まります。"),
    ApprovalPath.HEAD_AND_OFFICE: lazy("所属長が承認したあと、研修担当が受講者を選びます。"),
}

#: What is said after an action on a candidacy.
DONE: dict[str, Lazy] = {
    "submit": lazy("もう一度申し込みました。"),
    "nominate": lazy("承認しました。"),
    "return": lazy("差し戻しました。"),
    "decline": lazy("不承認にしました。"),
    "withdraw": lazy("取り下げました。"),
    "revise": lazy("作成中に戻しました。直してから、もう一度所属長に回してください。"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "candidacy.entered": Act("training", lazy("推薦・申込を登録"), Manner.CHANGED, WHO),
    "candidacy.excepted": Act("training", lazy("例外を許可"), Manner.CHANGED, WHO),
    "candidacy.listed": Act(
        "training", lazy("推薦・申込の一覧を表示"), Manner.LISTED, (*WHO, "history")
    ),
    "candidacy.proposed": Act("training", lazy("決定案を登録"), Manner.CHANGED, WHO),
    **{
        f"candidacy.{action}": Act("training", word, Manner.CHANGED, WHO)
        for action, word in {
            "submit": lazy("推薦・申込を再提出"),
            "revise": lazy("推薦を作成中に戻す"),
            "nominate": lazy("推薦・申込を承認"),
            "return": lazy("推薦・申込を差戻し"),
            "decline": lazy("申込を所属不承認"),
            "withdraw": lazy("推薦・申込を取下げ"),
            "lapse": lazy("推薦・申込の期限切れ"),
            "select": lazy("受講者に決定"),
            "waitlist": lazy("補欠に決定"),
            "put_back": lazy("補欠に戻す"),
            "pass_over": lazy("選外に決定"),
        }.items()
    },
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    Obstacle.NOT_MEANT: (
        lazy("%(name)sさんは、この研修の対象ではありません"),
        lazy("何も保存されていません。必要なときは、研修担当に例外の許可を相談してください。"),
    ),
    Obstacle.COMPLETED_BEFORE: (
        lazy("%(name)sさんは、この研修を修了しています"),
        lazy("何も保存されていません。この研修は一度だけ受講できます。"),
    ),
    Obstacle.PREREQUISITE_MISSING: (
        lazy("%(name)sさんは、前提となる研修をまだ修了していません"),
        lazy("何も保存されていません。前提の研修を修了してから申し込んでください。"),
    ),
    Obstacle.PUT_FORWARD: (
        lazy("%(name)sさんは、もう推薦・申込されています"),
        lazy("二重には登録されません。推薦・申込の一覧で確認してください。"),
    ),
    Obstacle.ENROLLED: (
        lazy("%(name)sさんは、もう受講が決まっています"),
        lazy("回を変えるときは、参加回の変更を申請してください。"),
    ),
    Obstacle.EXCLUDED: (
        lazy("%(name)sさんは、受講対象外期間です"),
        lazy("何も保存されていません。期間が終わってから登録してください。"),
    ),
    Obstacle.RESTRICTED: (
        lazy("%(name)sさんは、いま登録できません"),
        lazy("何も保存されていません。職員の担当に確認してください。"),
    ),
    "serves_no_more": (
        lazy("この人は、いま在職していません"),
        lazy("何も保存されていません。職員の一覧で確認してください。"),
    ),
    "not_applied_for": (
        lazy("この研修には、自分では申し込めません"),
        lazy("何も保存されていません。受講したいときは、所属の研修担当に相談してください。"),
    ),
    "nothing_proposed": (
        lazy("決定案がありません"),
        lazy("何も確定していません。決定・補欠・選外を選んでから、確定してください。"),
    ),
}

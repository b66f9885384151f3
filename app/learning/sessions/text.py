"""What content is told that says, or asks for, what it may not."""

from __future__ import annotations

from typing import Final

from app.kernel.language import Lazy, lazy

_AUTHOR: Final = lazy("何も保存されていません。教材の作成者に連絡してください。")

SENTENCES: Final = {
    "cmi5_breach": (lazy("cmi5の決まりに合いません。%(what)s"), _AUTHOR),
    "session_over": (
        lazy("この学習の記録は、もう終わっています"),
        lazy("何も保存されていません。続けるときは、研修の画面から開き直してください。"),
    ),
    "session_expired": (
        lazy("受講画面の有効期限が切れました"),
        lazy("何も保存されていません。研修の画面から開き直してください。"),
    ),
    "other_learner": (
        lazy("ほかの受講者の情報は扱えません"),
        lazy("起動したときのactorを、agentに指定してください。"),
    ),
    "other_activity": (
        lazy("ほかの教材の情報は扱えません"),
        lazy("起動したときのactivityIdを指定してください。"),
    ),
    "other_registration": (
        lazy("ほかの受講の情報は扱えません"),
        lazy("起動したときのregistrationを指定してください。"),
    ),
    "other_profile": (
        lazy("この名前のプロファイルは扱えません"),
        lazy("profileIdには、cmi5LearnerPreferencesを指定してください。"),
    ),
    "launch_data_stays": (
        lazy("起動の情報（LMS.LaunchData）は変えられません"),
        lazy("何も変えていません。読み取りだけにしてください。"),
    ),
    "preferences_malformed": (
        lazy("受講者の好み（cmi5LearnerPreferences）の形が正しくありません"),
        lazy(
            "JSONのオブジェクトで、languagePreference（コンマで区切った言語タグ）と"
            "audioPreference（onかoff）を送ってください。"
        ),
    ),
}

#: What is wrong, by the rule that is broken (`xapi.cmi5.session.CLAUSES`).
BREACHES: Final[dict[str, Lazy]] = {
    "statement_id": lazy("idがありません。"),
    "timestamp": lazy("timestampがありません。"),
    "timestamp_utc": lazy("timestampがUTCではありません。"),
    "actor": lazy("actorが、起動したときの受講者ではありません。"),
    "voiding": lazy("ステートメントを無効にすることはできません。"),
    "registration": lazy("context.registrationが、起動したときの値ではありません。"),
    "session_id": lazy("contextにセッションID（sessionid）がありません。"),
    "publisher_id": lazy("contextに、contextTemplateのgroupingがありません。"),
    "preferences": lazy("受講者の好み（cmi5LearnerPreferences）を読む前に送られました。"),
    "first": lazy("最初のステートメントは、initializedにしてください。"),
    "last": lazy("terminatedより後に送られました。"),
    "verb": lazy("教材が使えない動詞です。"),
    "verb_twice": lazy("同じ動詞が、このセッションで二度目です。"),
    "both_judgements": lazy("passedかfailedが、このセッションで二度目です。"),
    "completed_before": lazy("completedが、この受講で二度目です。"),
    "passed_before": lazy("この受講では、もうpassedになっています。"),
    "mode": lazy("閲覧用に開かれているため、成績は送れません。"),
    "object": lazy("objectが、起動したときのactivityIdではありません。"),
    "score": lazy("scoreは、passedとfailedにだけ、0から1のscaledで送れます。"),
    "score_bounds": lazy("rawには、minとmaxが必要です。"),
    "score_passed": lazy("passedのscaledが、合格点（masteryScore）に届きません。"),
    "score_failed": lazy("failedのscaledが、合格点（masteryScore）以上です。"),
    "success": lazy("result.successが、動詞に合いません。"),
    "completion": lazy("result.completionが、動詞に合いません。"),
    "duration": lazy("result.durationがありません。"),
    "progress": lazy("progressは、0から100の整数にしてください。"),
    "move_on": lazy("moveonのカテゴリーが、動詞に合いません。"),
    "mastery_score": lazy("contextの合格点（masteryscore）が、起動したときの値ではありません。"),
}

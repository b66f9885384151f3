"""Words of retention: classes, states, reasons, certificates, and what it refuses."""

from __future__ import annotations

from app.keeping.retention.models import HoldReason
from app.keeping.retention.states import ErasureState
from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.holdings import RecordClass
from app.kernel.language import Lazy, lazy

#: A class: what it is called, and when its clock starts (always with the next 1 April).
CLASSES: dict[str, tuple[Lazy, Lazy]] = {
    RecordClass.COMPLETION: (lazy("修了認定・修了証書"), lazy("修了を認定した日")),
    RecordClass.ATTENDANCE: (lazy("出席簿"), lazy("研修の実施日")),
    RecordClass.REPORT: (lazy("受講結果報告"), lazy("報告を受理した日")),
    RecordClass.ANSWERS: (lazy("テスト・アンケートの回答"), lazy("最後に回答した日")),
    RecordClass.REVOKED: (lazy("命令取消・登録取消"), lazy("実施回の最後の日")),
    RecordClass.HISTORY: (lazy("受講履歴と職員の登録"), lazy("退職した日")),
    RecordClass.REMAINS: (lazy("取込・お知らせ・処理の記録"), lazy("記録した日")),
    RecordClass.SIGN_IN: (lazy("サインインの記録"), lazy("サインアウトした日")),
    RecordClass.AUDIT: (lazy("監査記録"), lazy("記録した日")),
}
STATES: dict[str, tuple[Lazy, str]] = {
    ErasureState.PROPOSED: (lazy("承認待ち"), "waiting"),
    ErasureState.APPROVED: (lazy("消去中"), "progress"),
    ErasureState.DONE: (lazy("消去済み"), "success"),
    ErasureState.WITHDRAWN: (lazy("取下げ"), "neutral"),
}
REASONS: dict[str, Lazy] = {
    HoldReason.DISCLOSURE: lazy("開示請求"),
    HoldReason.DISPUTE: lazy("係争"),
    HoldReason.INSPECTION: lazy("監査・検査"),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "nothing_due": (
        lazy("消去の時期が来た記録はありません"),
        lazy("保留している人の記録は含みません。次は4月1日に確かめてください。"),
    ),
    "erasure_open": (
        lazy("この種別には、終わっていない消去の提案があります"),
        lazy("先に、その提案を承認するか、取り下げてください。"),
    ),
    "approver_is_proposer": (
        lazy("提案した人は、自分の提案を承認できません"),
        lazy("消去は取り消せないため、ほかの研修管理者かシステム管理者が承認します。"),
    ),
    "responsible_needed": (
        lazy("責任者を書いてください"),
        lazy("消去証明書に載せる職名か氏名です。100文字までで書いてください。"),
    ),
    "period_out_of_range": (
        lazy("保存期間は%(least)d年から%(most)d年までです"),
        lazy("これより短くすると、後の照会に答えられなくなります。"),
    ),
    "hold_until_past": (
        lazy("保留の最後の日が過ぎています"),
        lazy("今日より後の日を入れてください。"),
    ),
    "hold_reason_unknown": (
        lazy("保留の理由を選んでください"),
        lazy("一覧にある理由から選んでください。"),
    ),
    "whole_office_only": (
        lazy("この操作ができるのは、全体を担当する研修管理者だけです"),
        lazy("全体の研修管理者に依頼してください。"),
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "retention_period.set": Act("keeping", lazy("保存期間を変更")),
    "person.held": Act("keeping", lazy("消去を保留"), Manner.CHANGED),
    "person.hold_lifted": Act("keeping", lazy("消去の保留を終了"), Manner.CHANGED),
    "erasure.viewed": Act("keeping", lazy("消去の対象を表示"), Manner.LISTED, WHO),
    "erasure.propose": Act("keeping", lazy("消去を提案")),
    "erasure.approve": Act("keeping", lazy("消去を承認")),
    "erasure.withdraw": Act("keeping", lazy("消去の提案を取下げ")),
    "erasure.finish": Act("keeping", lazy("消去を完了")),
    "all.exported": Act("keeping", lazy("すべてのデータを出力")),
    "backup.made": Act("keeping", lazy("バックアップを作成")),
    "backup.drilled": Act("keeping", lazy("バックアップの復元を試行")),
}

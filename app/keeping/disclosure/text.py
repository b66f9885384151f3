"""What a bundle says, which is an official paper and always Japanese; and what its page says."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy

#: The closed list of personal items (承認項目), in its order: the title, and where it comes from.
ITEMS: tuple[tuple[str, str], ...] = (
    ("職員番号", "職員名簿の取込"),
    ("氏名", "職員名簿の取込"),
    ("所属", "職員名簿の取込"),
    ("兼務先", "職員名簿の取込"),
    ("職名", "職員名簿の取込"),
    ("職種", "職員名簿の取込"),
    ("職務名", "職員名簿の取込"),
    ("性別", "職員名簿の取込"),
    ("年齢", "職員名簿の取込"),
    ("採用（昇任）年月日", "職員名簿の取込"),
    ("メールアドレス", "職員名簿の取込"),
    ("テスト・アンケート回答内容", "受講中の本人の回答"),
    ("受講結果報告", "本人の報告"),
    ("受講履歴", "研修担当の登録と、受講中の記録"),
)
#: What has to be kept besides, to run the system at all.
BESIDES = ("項目のほかに運用のため保有する記録", "このシステムの動作の記録")
NOTHING = "記録はありません。"
#: What stands for the name or the key of somebody else.
SOMEBODY = "（ほかの職員）"
MASK = "■■■■"
#: Who did something: the person, somebody else, the system.
DOERS = {"self": "本人", "other": SOMEBODY, "system": "システム"}

COLUMNS: dict[str, tuple[str, ...]] = {
    "staff_numbers": ("職員番号", "から", "まで"),
    "main_posts": ("所属", "職名", "職種", "職務名", "から", "まで"),
    "concurrent_posts": ("兼務先", "職名", "職種", "職務名", "から", "まで"),
    "answers": (
        "教材", "回数", "項目", "設問", "種類", "問い", "回答", "正答", "判定", "日時",
    ),
    "reports": (
        "研修", "回", "版", "項目", "内容", "提出日時", "所属長のコメント", "研修担当のコメント",
    ),
    "report_steps": ("研修", "回", "操作", "操作した人", "理由", "日時"),
    "survey_answers": ("アンケート", "設問", "回答", "最後の保存", "提出"),
    "enrolments": ("研修", "回", "期間", "状態", "決定時の所属", "決定時の職名", "決定日時"),
    "candidacies": ("研修", "年度", "経路", "状態", "推薦した所属", "登録日時"),
    "orders": ("番号", "版", "種別", "発令日", "研修", "受領日時"),
    "changes": ("研修", "種別", "状態", "理由", "申請日時"),
    "attendance": ("研修", "回", "コマ", "連絡", "連絡の理由", "出欠", "分"),
    "decisions": (
        "研修", "回", "版", "認定の結果", "満たしていない条件", "案と異なる理由", "条件", "記録",
        "認定日時",
    ),
    "certificates": ("番号", "研修", "氏名", "発行日", "確認コード", "失効した日時"),
    "ledger_entries": (
        "台帳の研修名", "このシステムの研修", "年度", "修了日", "結果", "所属", "職名",
    ),
    "records": ("教材", "状態", "得点", "進み具合", "受講時間（秒）", "開始", "完了", "最後の記録"),
    "attempts": (
        "教材", "版", "回数", "状態", "得点", "受講時間（秒）", "開始", "最後の記録",
        "期間後の記録", "終了",
    ),
    "watched": (
        "動画", "版", "回数", "動画の長さ（秒）", "見た区間（秒）", "最後の位置（秒）",
        "再生した時間（秒）", "画面を開いていた時間（秒）", "画面が隠れていた時間（秒）",
        "画面が隠れた回数", "別の動画と同時に再生した回数", "時刻が合わず数えなかった時間（秒）",
    ),
    "sittings": (
        "テスト", "版", "回数", "合否", "得点", "開始", "終わり", "最後の保存", "提出", "採点",
    ),
    "shared_values": ("種類", "名前", "値"),
    "traces": ("日時", "元", "内容", "対象", "値", "答え", "誤り"),
    "roles": ("役割", "範囲の所属", "から", "まで"),
    "delegations": ("役割", "代理", "から", "まで"),
    "exclusion_periods": ("から", "まで"),
    "merges": ("統合した日時", "取り消した日時"),
    "passwords": ("設定した日時", "仮のパスワードか"),
    "sign_ins": ("サインイン", "終わり"),
    "calendar_keys": ("作成した日時", "最後に使われた日時"),
    "saved_filters": ("一覧", "名前", "条件", "日時"),
    "notices": ("日時", "題名", "内容", "開いた日時"),
    "audit": ("日時", "操作", "操作した人", "接続元", "内容"),
}  # fmt: skip
TITLES: dict[str, str] = {
    "staff_numbers": "職員番号の履歴",
    "main_posts": "所属の履歴",
    "concurrent_posts": "兼務の履歴",
    "answers": "設問への回答",
    "reports": "報告の内容",
    "report_steps": "報告の経過",
    "survey_answers": "記名アンケートへの回答（無記名の回答は本人と結び付かないため含みません）",
    "enrolments": "研修への登録",
    "candidacies": "推薦・申込",
    "orders": "研修命令",
    "changes": "変更の申請",
    "attendance": "出欠",
    "decisions": "修了認定",
    "certificates": "修了証書",
    "ledger_entries": "過去の台帳",
    "records": "教材ごとの記録",
    "attempts": "受講の1回ごとの記録",
    "watched": "動画の視聴",
    "sittings": "テストの受験",
    "shared_values": "教材の間で引き継がれる値",
    "traces": "教材の動作の詳しい記録",
    "roles": "役割",
    "delegations": "代理",
    "exclusion_periods": "受講対象外期間",
    "merges": "統合",
    "passwords": "パスワード（値そのものは復元できない形で保管）",
    "sign_ins": "サインイン",
    "calendar_keys": "カレンダーの購読アドレス（値そのものは復元できない形で保管）",
    "saved_filters": "保存した抽出条件",
    "notices": "お知らせ",
    "audit": "監査記録（本人についての記録と、本人の操作の記録）",
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "disclosure_whole_office": (
        lazy("開示用の一式を作れるのは、全体を担当する研修管理者だけです"),
        lazy("全体の研修管理者に依頼してください。"),
    ),
    "disclosure_gone": (
        lazy("この一式は、もうありません"),
        lazy("一式は1回だけ受け取れ、24時間で消えます。必要なときは、もう一度作ってください。"),
    ),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "person.disclosure_asked": Act("keeping", lazy("開示用の一式を作成")),
    "person.disclosed": Act(
        "keeping",
        lazy("開示用の一式を出力"),
        Manner.EXPORTED,
        (
            *WHO,
            "concurrent",
            "job_type",
            "duty",
            "gender",
            "age",
            "hired_on",
            "promoted_on",
            "email",
            "answers",
            "report",
            "history",
            "roles",
            "sign_in",
        ),
    ),
}

"""The words of the self-check: controls, what was found, and the documents that prove the rest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.keeping.retention.text import CLASSES
from app.keeping.self_check.checks import Verdict
from app.kernel.language import Lazy, gettext, lazy
from app.kernel.web.filters import moment
from app.people.permission.models import Role
from app.people.permission.text import ROLES

VERDICTS: dict[str, tuple[Lazy, str]] = {
    Verdict.OK: (lazy("適合"), "success"),
    Verdict.ATTENTION: (lazy("要確認"), "warning"),
    Verdict.DOCUMENT: (lazy("文書による"), "neutral"),
}

#: The controls (情報保護対策), in their order.
CONTROLS: dict[str, Lazy] = {
    "C01": lazy("記録項目の限定"),
    "C02": lazy("原票の非保持"),
    "C03": lazy("自由記述の抑止"),
    "C04": lazy("利用目的の明示"),
    "C05": lazy("アクセス制御（役割）"),
    "C06": lazy("アクセス制御（所属）"),
    "C07": lazy("最小権限・職務分離"),
    "C08": lazy("代行の明示"),
    "C09": lazy("認証"),
    "C10": lazy("多要素認証"),
    "C11": lazy("セッション"),
    "C12": lazy("接続元の制限"),
    "C13": lazy("通信の暗号化"),
    "C14": lazy("保存時の暗号化"),
    "C15": lazy("監査記録"),
    "C16": lazy("閲覧の記録"),
    "C17": lazy("持出しの管理"),
    "C18": lazy("漏えい時の特定"),
    "C19": lazy("開示請求"),
    "C20": lazy("訂正・利用停止"),
    "C21": lazy("正確性"),
    "C22": lazy("保存期間"),
    "C23": lazy("既定の保存期間"),
    "C24": lazy("契約終了時の返還"),
    "C25": lazy("消去の証明"),
    "C26": lazy("再委託・海外移転なし"),
    "C27": lazy("バックアップ"),
    "C28": lazy("脆弱性への対策"),
    "C29": lazy("教材の隔離"),
    "C30": lazy("無記名アンケート"),
    "C31": lazy("所属への非開示"),
    "C32": lazy("試験環境"),
    "C33": lazy("委託先のアクセス"),
    "C34": lazy("通知の内容"),
    "C35": lazy("外部結合（LTI）"),
    "C36": lazy("事故への対応"),
    "C37": lazy("点検"),
}

#: What a check found, filled with its data.
PRESENT: dict[str, Lazy] = {
    "C01": lazy("職員の表の列は%(count)s。承認された項目にない列：%(more)s"),
    "C02": lazy("24時間を過ぎたアップロード：%(files)s件、取込を終えた行の残り：%(rows)s件"),
    "C07": lazy("消去の提案と承認は別の人。研修管理者かシステム管理者：%(people)s人"),
    "C09": lazy("%(attempts)s回の誤りで%(minutes)s分の停止"),
    "C10": lazy("2段階の確認が要る役割：%(roles)s（職場のアカウントだけで入る設定：%(sso)s）"),
    "C11": lazy(
        "無操作で終了：役割のある人%(minutes)s分、受講者%(learner)s分、共用の端末%(shared)s分。"
        "CookieはHTTPSのときだけ送る設定"
    ),
    "C12": lazy("画面が応じるネットワーク：%(networks)s、役割ごと：%(roles)s"),
    "C13": lazy("画面と教材のアドレス：%(origins)s"),
    "C14": lazy("バックアップの鍵のファイル：%(file)s（ほかの利用者に読めないこと）"),
    "C15": lazy("%(lines)s行。鎖の切れた行：%(broken)s。保存：%(years)s年"),
    "C19": lazy("PDFのフォント：%(family)s"),
    "C20": lazy("利用停止中：%(people)s人"),
    "C21": lazy("13か月を超えて名簿で確かめていない在職者：%(people)s人"),
    "C22": lazy("満了して提案のない種別：%(classes)s、%(rows)s件"),
    "C23": lazy("種別ごとの年数：%(periods)s"),
    "C26": lazy(
        "外への通信はメールと認証サーバーと外部ポータルと、学習の記録の転送先だけ。"
        "送り先：%(host)s、%(provider)s、外部ポータル：%(portals)s、転送先：%(forwards)s"
    ),
    "C27": lazy("最後のバックアップ：%(made)s、最後の復元試験：%(tried)s"),
    "C29": lazy("教材のアドレス：%(origin)s"),
    "C32": lazy("試用の設定：%(demo)s"),
    "C35": lazy(
        "登録と承認が別の人であるもの。"
        "接続中の外部ポータル：%(portals)s、学習の記録の転送先：%(forwards)s"
    ),
}

#: What proves a control that no state can show.
DOCUMENTS: dict[str, Lazy] = {
    "C03": lazy(
        "自由に書ける欄は、報告・記述の設問・ひな形・お知らせだけです。表の列の説明で確かめられます。"
    ),
    "C04": lazy("利用目的は、最初のサインインとアンケートの画面に示します。"),
    "C05": lazy("すべての画面を、すべての役割で開く試験（test_c05_matrix）で示します。"),
    "C06": lazy("所属の範囲の試験と、運用の手引で示します。"),
    "C08": lazy("代行入力の表示の試験で示します。"),
    "C16": lazy("個人の明細と一覧の閲覧が監査記録に残る試験で示します。"),
    "C17": lazy("書き出しの試験と、運用の手引で示します。"),
    "C18": lazy("監査記録の検索の試験で示します。"),
    "C24": lazy("返却と取込の試験（test_c24）で示します。手順は運用の手引にあります。"),
    "C25": lazy("消去の試験（test_c25）で示します。手順は運用の手引にあります。"),
    "C28": lazy("脆弱性の試験で示します。"),
    "C30": lazy("回答から本人をたどれないことの試験（test_c30_anonymous）で示します。"),
    "C31": lazy("所属長に見える画面とファイルの試験（test_c31_heads）で示します。"),
    "C33": lazy("保守の契約と、運用の手引で示します。"),
    "C34": lazy("メールの内容の試験で示します。"),
    "C36": lazy("事故への対応は、運用の手引で示します。"),
    "C37": lazy("この一覧です。"),
}


def present_of(control: str, data: Mapping[str, object]) -> str:
    """Return what a check found, in words."""
    return str(PRESENT[control]) % {name: _words(value) for name, value in data.items()}


def _words(value: object) -> str:
    match value:
        case None | "" | ():
            said = gettext("なし")
        case bool():
            said = gettext("はい") if value else gettext("いいえ")
        case datetime():
            said = moment(value)
        case Role():
            said = str(ROLES[value])
        case tuple():
            said = gettext("、").join(map(_words, value))
        case Mapping():  # kinds of records, and for how many years each is kept
            kept = [
                gettext("%(kind)s：%(years)s年", kind=CLASSES[kind][0], years=years)
                for kind, years in value.items()
            ]
            said = gettext("、").join(kept)
        case _:
            said = str(value)
    return said

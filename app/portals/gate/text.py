"""What the gate says: to who comes why it does not open, and to the office how that is mended."""

from __future__ import annotations

from collections.abc import Mapping

from app.kernel import language
from app.kernel.language import Lazy, gettext, lazy
from app.portals.gate.queries import ACCEPTED

#: What was tried.
STEPS: dict[str, Lazy] = {
    "login": lazy("ログインの開始"),
    "launch": lazy("教材を開く"),
    "choice": lazy("教材を選ぶ"),
}

#: What does not even say what its protocol asks it to say.
INCOMPLETE = frozenset({"login_incomplete", "login_too_long", "state_missing", "token_missing"})

_AGAIN = lazy("一時的なものです。続くときだけ、ポータルの管理者に状況を伝えてください。")
_PLATFORM = lazy("ポータルが送った内容の誤りです。ポータルの管理者に、この記録を伝えてください。")
_ADDRESSES = lazy("ポータルの設定画面の値と、この接続先に登録した値を照らし合わせてください。")

#: Code → what it is, and how the office mends it.
REASONS: dict[str, tuple[Lazy, Lazy]] = {
    ACCEPTED: (lazy("開きました"), lazy("することはありません。")),
    "login_incomplete": (lazy("ログインの開始に必要な項目「%(name)s」がありません"), _PLATFORM),
    "login_too_long": (lazy("ログインの開始の内容が長すぎます"), _PLATFORM),
    "target_not_ours": (
        lazy("リンクの行き先が、この研修システムのアドレスではありません"),
        lazy("ポータルに登録したリンクのアドレス（Target Link URI）を直してください。"),
    ),
    "platform_unknown": (
        lazy("登録されていないか、承認前か、停止中か、期間外のポータルです"),
        lazy(
            "接続先の一覧で状態と期間を確かめ、発行者（Issuer）とクライアントIDを"
            "ポータルの設定と照らし合わせてください。"
        ),
    ),
    "platform_refused": (lazy("ポータルが受講者を確認できませんでした（%(error)s）"), _AGAIN),
    "platform_differs": (lazy("ログインを始めたポータルと、答えたポータルが違います"), _ADDRESSES),
    "state_missing": (lazy("ログインの開始を示す値（state）がありません"), _PLATFORM),
    "state_unknown": (
        lazy("ログインの開始から時間がたったか、同じ画面がもう一度送られました"),
        lazy("受講者がポータルの画面から開き直せば、開けます。"),
    ),
    "browser_differs": (
        lazy("ログインを始めたブラウザーと、答えたブラウザーが違います"),
        lazy(
            "ほかの人のリンクが開かれたか、ブラウザーが何も保存しない設定です。"
            "「新しい画面で開く」から開けます。"
        ),
    ),
    "token_missing": (lazy("署名された内容（id_token）がありません"), _PLATFORM),
    "token_too_long": (lazy("署名された内容が長すぎます"), _PLATFORM),
    "token_malformed": (lazy("署名された内容を読み取れません"), _PLATFORM),
    "token_critical": (lazy("署名に、対応していない必須の拡張があります"), _PLATFORM),
    "token_expired": (lazy("署名の有効期限が切れています"), _AGAIN),
    "token_early": (
        lazy("署名の日時が未来になっています"),
        lazy("ポータルのサーバーの時刻が合っているか、ポータルの管理者に確認してください。"),
    ),
    "token_old": (lazy("署名の日時が古すぎます"), _AGAIN),
    "token_holds_too_long": (lazy("署名の有効期間が長すぎます"), _PLATFORM),
    "nonce_wrong": (lazy("使い回された内容です（nonceが違います）"), _PLATFORM),
    "claim_missing": (lazy("必要な項目がありません（%(claim)s）"), _PLATFORM),
    "claim_malformed": (lazy("項目の形が正しくありません（%(claim)s）"), _PLATFORM),
    "party_wrong": (lazy("ほかのシステムに宛てた内容です（azpが違います）"), _ADDRESSES),
    "key_missing": (lazy("署名の鍵の番号（kid）がありません"), _PLATFORM),
    "key_unknown": (
        lazy("署名の鍵が、ポータルの公開鍵の中にありません"),
        lazy("公開鍵のアドレス（JWKS URL）を、ポータルの設定と照らし合わせてください。"),
    ),
    "keys_unreachable": (
        lazy("ポータルの公開鍵を取りに行けません"),
        lazy(
            "公開鍵のアドレス（JWKS URL）と、この研修システムから外への通信を確かめてください。"
            "庁内のポータルは、システム管理者が設定で呼出しを許可します。"
        ),
    ),
    "algorithm_wrong": (lazy("認めていない方式の署名です"), _PLATFORM),
    "signature_wrong": (
        lazy("署名が正しくありません"),
        lazy("公開鍵のアドレス（JWKS URL）が、このポータルのものか確かめてください。"),
    ),
    "version_unknown": (lazy("LTI 1.3 ではない内容です"), _PLATFORM),
    "message_unknown": (lazy("対応していない種類の内容です"), _PLATFORM),
    "deployment_unknown": (
        lazy("許可していない配置（Deployment ID）からです"),
        lazy("接続先の画面の「配置」に許可待ちとして出ています。確かめて許可してください。"),
    ),
    "not_staff": (
        lazy("教材を選べるのは、ポータルで講師の役割をもつ人だけです"),
        lazy("ポータルで、その人の役割を確かめてください。"),
    ),
    "return_not_registered": (
        lazy("選んだ教材を返す先が、登録したホストではありません"),
        lazy("接続先の「ほかのホスト」に、そのホストを加えてください。"),
    ),
    "link_without_material": (
        lazy("どの教材を開くか、リンクに書かれていません"),
        lazy("ポータルの教材の追加画面で「コンテンツを選択」から教材を選び直してください。"),
    ),
    "material_not_offered": (
        lazy("この教材は、このポータルから開けません"),
        lazy("接続先の「開ける教材」に加えるか、教材を公開してください。"),
    ),
    "too_many_learners": (
        lazy("このポータルの受講者が、決めた人数に達しています"),
        lazy("接続先の「人数の上限」を見直してください。"),
    ),
    "package_unknown": (
        lazy("この教材パッケージは、この研修システムのものではないか、内容が変わっています"),
        lazy("接続先の「開ける教材」からダウンロードし直し、LMSに登録し直してください。"),
    ),
    "package_origin": (
        lazy("登録していないアドレスの画面から、教材パッケージが開かれました"),
        lazy(
            "接続先の「LMSの画面のアドレス」を確かめてください。"
            "違うときは、正しいアドレスでポータルを登録し直します。"
        ),
    ),
    "learner_unnamed": (
        lazy("LMSが、受講者の番号を伝えていません"),
        lazy(
            "LMSが受講者の番号（cmi.core.student_id）を渡しているか、"
            "LMSの管理者に確認してください。"
        ),
    ),
}


def what(code: str, data: Mapping[str, str]) -> str:
    """Return what a code says."""
    return str(REASONS[code][0]) % dict(data)


def mending(code: str) -> str:
    """Return how the office mends it."""
    return str(REASONS[code][1])


def language_of(locale: str) -> str:
    """Return the language that a platform asks for, where we speak it; else the browser's."""
    asked = locale.replace("_", "-").partition("-")[0].lower()
    return asked if asked in language.LANGUAGES else language.current()


def hop() -> dict[str, str]:
    """Return the words of the pages between, for a browser that has to be helped."""
    return {
        "title": gettext("教材を開いています"),
        "wait": gettext("画面が変わらないときは、「続ける」を押してください。"),
        "go_on": gettext("続ける"),
        "blocked": gettext(
            "お使いのブラウザーは、この画面の中では何も保存しない設定です。"
            "新しい画面で開くと、そのまま受講できます。"
        ),
        "window": gettext("新しい画面で開く"),
    }

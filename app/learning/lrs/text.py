"""What the record store says when it refuses: what happened, and what to do next."""

from __future__ import annotations

from typing import Final

from app.kernel.language import Lazy, lazy

SENTENCES = {
    "xapi_invalid": (
        lazy("送信内容が仕様に合いません。%(what)s %(place)s"),
        lazy("何も保存されていません。送信内容を直してから、もう一度送信してください。"),
    ),
    "credentials_needed": (
        lazy("利用者キーとシークレットがありません"),
        lazy("AuthorizationヘッダーにBasic認証の値を付けて送信してください。"),
    ),
    "credentials_wrong": (
        lazy("利用者キーまたはシークレットが正しくありません"),
        lazy("システム管理者に、接続先のキーが有効か確かめてください。"),
    ),
    "scope_needed": (
        lazy("この操作を許されていません（必要な権限：%(scopes)s）"),
        lazy("システム管理者に、接続先の権限の追加を依頼してください。"),
    ),
    "statement_differs": (
        lazy("ID %(id)s の、内容の異なるステートメントがすでにあります"),
        lazy("何も保存されていません。新しいIDで送信してください。"),
    ),
    "statement_unknown": (
        lazy("このIDのステートメントはありません"),
        lazy("IDを確かめてください。無効にされたものは voidedStatementId で読めます。"),
    ),
    "document_unknown": (
        lazy("このIDの文書はありません"),
        lazy("IDと、対象のアクティビティ・エージェントを確かめてください。"),
    ),
    "document_unseen": (
        lazy("文書がすでにあり、知らずに上書きしようとしています"),
        lazy("文書を読み、そのETagをIf-Matchヘッダーに付けて送信してください。"),
    ),
    "conditions_needed": (
        lazy("If-MatchまたはIf-None-Matchヘッダーがありません"),
        lazy("新しい文書は、If-None-Match: * を付けて送信してください。"),
    ),
    "document_differs": (
        lazy("文書は、If-MatchまたはIf-None-Matchが示す状態ではありません"),
        lazy("何も変えていません。文書を読み直してから、もう一度送信してください。"),
    ),
    "document_at_once": (
        lazy("同じ文書が同時に作られました"),
        lazy("文書を読み直してから、もう一度送信してください。"),
    ),
}

#: What is wrong, by the rule that is broken.
RULES: Final[dict[str, Lazy]] = {
    "json": lazy("JSONとして読めません（%(found)s）。"),
    "json_depth": lazy("JSONの入れ子が深すぎます。"),
    "utf_8": lazy("UTF-8ではない文字があります（%(found)sバイト目）。"),
    "nul": lazy("U+0000の文字は使えません。"),
    "same_name": lazy("同じ名前が二度あります（%(found)s）。"),
    "missing": lazy("必要な項目がありません。"),
    "unknown": lazy("仕様にない項目です。"),
    "null": lazy("nullは使えません。"),
    "object": lazy("オブジェクトではありません。"),
    "list": lazy("配列ではありません。"),
    "string": lazy("文字列ではありません（%(found)s）。"),
    "boolean": lazy("trueまたはfalseではありません（%(found)s）。"),
    "number": lazy("数値ではありません（%(found)s）。"),
    "integer": lazy("0以上の整数ではありません（%(found)s）。"),
    "one_of": lazy("決められた値ではありません（%(found)s）。"),
    "range": lazy("範囲の外の値です（%(found)s）。"),
    "too_few": lazy("1件以上が必要です。"),
    "iri": lazy("IRIではありません（%(found)s）。"),
    "uuid": lazy("UUIDではありません（%(found)s）。"),
    "mailto": lazy("mailto:で始まるメールアドレスではありません（%(found)s）。"),
    "sha1": lazy("SHA-1の16進40桁ではありません（%(found)s）。"),
    "sha2": lazy("SHA-2の16進表記ではありません（%(found)s）。"),
    "media_type": lazy("メディアタイプではありません（%(found)s）。"),
    "language": lazy("言語タグではありません（%(found)s）。"),
    "duration": lazy("ISO 8601の期間ではありません（%(found)s）。"),
    "timestamp": lazy("ISO 8601の日時ではありません（%(found)s）。"),
    "timestamp_zone": lazy("時差に-00は使えません（%(found)s）。"),
    "identifier": lazy("識別子（mbox、mbox_sha1sum、openid、account）は、ちょうど一つ必要です。"),
    "members": lazy("識別子のないグループには、メンバーが必要です。"),
    "authority": lazy("authorityのグループは、識別子がなく、メンバーが二人のものに限ります。"),
    "same_id": lazy("同じIDが二度あります。"),
    "other_id": lazy("statementIdと異なるIDです（%(found)s）。"),
    "interaction_list": lazy("この種類の設問（%(found)s）には使えない項目です。"),
    "of_activities": lazy("目的語がアクティビティのときだけ使えます。"),
    "voids": lazy("無効にする対象は、StatementRefで示してください。"),
    "version": lazy("対応していないバージョンです（%(found)s）。1.0.3または2.0.0が必要です。"),
    "content_type": lazy(
        "Content-Typeは、application/jsonまたはmultipart/mixedにしてください（%(found)s）。"
    ),
    "boundary": lazy("multipartの境界（boundary）がないか、本文にありません。"),
    "part": lazy("multipartの部分のヘッダーを読めません。"),
    "first_part": lazy("multipartの最初の部分は、application/jsonにしてください。"),
    "binary": lazy("添付には、Content-Transfer-Encoding: binaryが必要です。"),
    "hash": lazy("添付には、X-Experience-API-Hashが必要です。"),
    "hash_differs": lazy("添付の内容が、示されたハッシュと一致しません（%(found)s）。"),
    "not_named": lazy("どのステートメントにもない添付です（%(found)s）。"),
    "not_brought": lazy("添付の内容がありません（%(found)s）。"),
    "not_mixed": lazy(
        "fileUrlのない添付は、multipart/mixedで内容とともに送ってください（%(found)s）。"
    ),
    "signature_type": lazy("署名のcontentTypeは、application/octet-streamにしてください。"),
    "signature_form": lazy("署名をJWSとして読めません。"),
    "signature_algorithm": lazy("署名の方式は、RS256、RS384、RS512に限ります（%(found)s）。"),
    "signature_differs": lazy("署名された内容が、ステートメントと異なります。"),
    "signature_false": lazy("署名が正しくありません。"),
    "beside_id": lazy("IDを指定したときは使えない項目です。"),
    "merge": lazy("JSONのオブジェクトどうしでなければ、合わせられません。"),
}

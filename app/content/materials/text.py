"""The words of materials: states, editions, findings, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.content.materials.models import MaterialKind
from app.content.materials.states import VersionState
from app.kernel.audit.text import Act
from app.kernel.language import Lazy, lazy

#: State of a version → its word and the kind of its chip.
STATES: dict[str, tuple[Lazy, str]] = {
    VersionState.DRAFT: (lazy("準備中"), "waiting"),
    VersionState.PUBLISHED: (lazy("公開中"), "success"),
    VersionState.RETIRED: (lazy("公開終了"), "neutral"),
}

#: What kind of thing a material is.
MATERIAL_KINDS: dict[str, Lazy] = {
    MaterialKind.PACKAGE: lazy("SCORM教材"),
    MaterialKind.VIDEO: lazy("動画"),
    MaterialKind.EXAM: lazy("テスト"),
    MaterialKind.SURVEY: lazy("アンケート"),
    MaterialKind.DOCUMENT: lazy("文書"),
    MaterialKind.LINK: lazy("リンク"),
}

EDITIONS: dict[str, Lazy] = {
    "1.2": lazy("SCORM 1.2"),
    "2004-2": lazy("SCORM 2004 第2版"),
    "2004-3": lazy("SCORM 2004 第3版"),
    "2004-4": lazy("SCORM 2004 第4版"),
}

#: Severity of a finding → its word and the kind of its chip.
SEVERITIES: dict[str, tuple[Lazy, str]] = {
    "error": (lazy("エラー"), "error"),
    "warning": (lazy("注意"), "warning"),
    "notice": (lazy("参考"), "info"),
}

#: What an item of the outline is.
KINDS: dict[str | None, Lazy] = {
    "sco": lazy("記録あり"),
    "asset": lazy("記録なし"),
    None: lazy("ファイルなし"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "material_version.imported": Act("material", lazy("教材の版を登録")),
    "material_version.publish": Act("material", lazy("教材の版を公開")),
    "material_version.retire": Act("material", lazy("教材の版の公開を終了")),
    "material.written": Act("material", lazy("テスト・アンケートなどを作成")),
    "material.renamed": Act("material", lazy("教材の名前を変更")),
    "material.play_changed": Act("material", lazy("教材の開き方を変更")),
    "material.archived": Act("material", lazy("教材の使用を終了")),
    "material.restored": Act("material", lazy("教材の使用を再開")),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "version_not_draft": (
        lazy("この版は、もう公開されています"),
        lazy("ページを開き直してください。公開した版は変わらず、新しい下書きで直せます。"),
    ),
    "publisher_is_author": (
        lazy("登録した人は、自分でこの版を公開できません"),
        lazy("内容を確かめて、ほかの人が公開してください。"),
    ),
    "version_has_errors": (
        lazy("エラーがあるため公開できません（%(count)s件）"),
        lazy("教材のページで確認結果を見て、直したファイルを新しい版として登録してください。"),
    ),
    "material_is_written": (
        lazy("この種類の教材には、ファイルを登録できません"),
        lazy("教材のページを開き直し、そのページで内容を書いてください。"),
    ),
    "own_editor": (
        lazy("ここでは公開できない種類の教材です"),
        lazy("教材のページを開き直し、そのページの「公開する」を押してください。"),
    ),
    "material_archived": (
        lazy("使用を終えた教材は公開できません"),
        lazy("教材のページで「もう一度使う」を押してから、公開してください。"),
    ),
    "material_not_published": (
        lazy("この教材は公開されていません"),
        lazy("公開されるまで受講できません。研修担当に確認してください。"),
    ),
    "title_needed": (
        lazy("教材名が入力されていません"),
        lazy("教材名を入力してから、もう一度保存してください。"),
    ),
    "title_too_long": (
        lazy("教材名が長すぎます"),
        lazy("%(limit)s文字以内で入力してください。"),
    ),
}


def finding(code: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """Return what a finding says, and how the author mends it."""
    what, mending = FINDINGS[code]
    filled = {key: value if value is not None else "" for key, value in data.items()}
    return str(what) % filled, str(mending) % filled


#: Code of a finding → what it is, and how to mend it.
FINDINGS: dict[str, tuple[Lazy, Lazy]] = {
    "manifest_in_folder": (
        lazy("imsmanifest.xmlが一つ下のフォルダーにあります"),
        lazy("そのまま使えます。次からは、フォルダーの中身だけを選んでZIPにしてください。"),
    ),
    "manifest_name_case": (
        lazy("imsmanifest.xmlの名前に大文字が使われています"),
        lazy("そのまま使えます。ほかのシステムで使う場合は、小文字だけの名前に直してください。"),
    ),
    "files_outside_folder": (
        lazy("imsmanifest.xmlのあるフォルダーの外にもファイルがあります"),
        lazy("外のファイルは使いません。必要なファイルは、同じフォルダーに入れてください。"),
    ),
    "no_organization": (
        lazy("教材の構成（organization）がありません"),
        lazy("目次を作ってから、SCORM形式で書き出し直してください。"),
    ),
    "nothing_to_launch": (
        lazy("学習を始められる項目がありません"),
        lazy("項目にファイルを結び付けて、SCORM形式で書き出し直してください。"),
    ),
    "launch_file_missing": (
        lazy("「%(title)s」で開くファイルがありません（%(address)s）"),
        lazy("ファイルを入れるか、imsmanifest.xmlの場所を直して、書き出し直してください。"),
    ),
    "launch_outside_package": (
        lazy("「%(title)s」が教材の外のファイルを指しています（%(address)s）"),
        lazy("ファイルを教材の中に入れ、その場所を指すように直してください。"),
    ),
    "launch_scheme_refused": (
        lazy("「%(title)s」の開き方（%(scheme)s）は安全のため使えません"),
        lazy("教材の中のファイルを開くように直してください。"),
    ),
    "launch_external": (
        lazy("「%(title)s」は教材の外のページを開きます（%(address)s）"),
        lazy("このまま使えますが、成績や進み具合は記録されません。"),
    ),
    "resource_dangling": (
        lazy("「%(title)s」に結び付くファイルの情報がありません（%(reference)s）"),
        lazy("この項目は開けません。項目とファイルの結び付きを直してください。"),
    ),
    "resource_without_href": (
        lazy("「%(title)s」で開くファイルが指定されていません（%(reference)s）"),
        lazy("この項目は開けません。最初に開くファイルを指定してください。"),
    ),
    "item_without_resource": (
        lazy("「%(title)s」に結び付くファイルがありません"),
        lazy("目次に名前だけが出ます。不要なら除き、必要ならファイルを結び付けてください。"),
    ),
    "block_page_not_shown": (
        lazy("まとまり「%(title)s」のページは開きません"),
        lazy("SCORM 2004では、下の項目だけを開きます。必要なページは項目にしてください。"),
    ),
    "resource_type_missing": (
        lazy("「%(title)s」に記録の有無（scormType）の指定がありません"),
        lazy("記録なしの項目として扱います。記録する場合はscoと指定してください。"),
    ),
    "title_missing": (
        lazy("題名がありません"),
        lazy("目次に「（題名なし）」と出ます。題名を付けてください。"),
    ),
    "value_unusable": (
        lazy("「%(title)s」の設定 %(name)s の値「%(value)s」は使えません"),
        lazy("この設定はないものとして扱います。値を直してください。"),
    ),
    "default_organization_dangling": (
        lazy("既定の構成「%(reference)s」がありません"),
        lazy("「%(taken)s」を使います。既定の構成の指定を直してください。"),
    ),
    "identifier_duplicate": (
        lazy("同じ識別子が二度使われています"),
        lazy("最初のものを使います。識別子を一つずつ違う名前にしてください。"),
    ),
    "identifier_missing": (
        lazy("識別子のない項目が%(count)s件あります"),
        lazy(
            "仮の名前で扱います。版を変えると記録を引き継げないことがあるため、識別子を付けてください。"
        ),
    ),
    "file_missing": (
        lazy("「%(resource)s」に書かれたファイルがありません"),
        lazy("表示が欠けることがあります。ファイルを入れるか、記載を除いてください。"),
    ),
    "dependency_dangling": (
        lazy("参照先「%(reference)s」がありません"),
        lazy("表示が欠けることがあります。参照先を直すか、記載を除いてください。"),
    ),
    "schema_version_unknown": (
        lazy("規格の版「%(version)s」を知りません"),
        lazy("SCORM %(edition)sとして扱います。動きがおかしいときは、版の記載を直してください。"),
    ),
    "schema_version_missing": (
        lazy("規格の版が書かれていません"),
        lazy("内容からSCORM %(edition)sとして扱います。そのまま使えます。"),
    ),
    "default_organization_missing": (
        lazy("既定の構成が指定されていません"),
        lazy("「%(taken)s」を使います。そのまま使えます。"),
    ),
    "other_organizations": (
        lazy("ほかに%(count)s件の構成があります"),
        lazy("「%(taken)s」だけを使います。ほかも使う場合は、教材を分けてください。"),
    ),
    "questions_missing": (
        lazy("確認問題がありません"),
        lazy(
            "「確認問題と確認コード」で確認問題を加えるか、視聴の条件で、完了とする条件を変えてください。"
        ),
    ),
    "code_missing": (
        lazy("確認コードがありません"),
        lazy(
            "「確認問題と確認コード」で確認コードを決めるか、視聴の条件で、完了とする条件を変えてください。"
        ),
    ),
    "no_captions": (
        lazy("字幕がありません"),
        lazy("音声を聞けない人にも伝わるように、字幕か、内容を書いた文章を付けてください。"),
    ),
    "no_sco": (
        lazy("記録する項目（SCO）がありません"),
        lazy("開けば閲覧できますが、成績や進み具合は教材から届きません。"),
    ),
    "api_not_named": (
        lazy("記録する項目（SCO）が%(count)s件ありますが、記録を送るしくみが見当たりません"),
        lazy(
            "受講しても「受講中」のままになります。SCORMの記録を送る設定で書き出し直すか、"
            "閲覧だけの教材なら、項目の種類をassetにしてください。"
        ),
    ),
    "submanifests": (
        lazy("imsmanifest.xmlの中に別の目次が%(count)s件あります"),
        lazy("一つの教材としてまとめて扱います。そのまま使えます。"),
    ),
    "file_external": (
        lazy("「%(resource)s」が教材の外のファイルを使います"),
        lazy("そのまま使えます。通信できない場所では表示されません。"),
    ),
    "file_outside_package": (
        lazy("「%(resource)s」が教材の外を指すファイル名を使っています"),
        lazy("そのファイルは使えません。教材の中に入れて、記載を直してください。"),
    ),
    "href_case": (
        lazy("大文字と小文字が、実際のファイル名（%(name)s）と違います"),
        lazy("そのまま使えます。ほかのシステムで使う場合は、名前をそろえてください。"),
    ),
    "href_separator": (
        lazy("フォルダーの区切りが、実際のファイル名（%(name)s）と違います"),
        lazy("そのまま使えます。ほかのシステムで使う場合は、「/」にそろえてください。"),
    ),
    "href_unicode_form": (
        lazy("文字の組み立て方が、実際のファイル名（%(name)s）と違います"),
        lazy("そのまま使えます。ほかのシステムで使う場合は、名前を付け直してください。"),
    ),
    "files_undeclared": (
        lazy("目次に書かれていないファイルが%(count)s件あります（%(example)s など）"),
        lazy("そのまま使えます。不要なファイルなら、除くと小さくなります。"),
    ),
    "more_of_the_same": (
        lazy("同じ種類の結果が、ほかに%(count)s件あります"),
        lazy("示したものから直して、もう一度登録して確かめてください。"),
    ),
}

"""Each finding of a package's check: what it is, and how its author mends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.kernel.language import Lazy, lazy


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
    "course_missing": (
        lazy("コースの情報（course）がありません"),
        lazy("教材を作ったソフトから、cmi5の形式でもう一度書き出してください。"),
    ),
    "id_missing": (
        lazy("識別子（id）がありません（%(element)s）"),
        lazy("示した場所に、https://で始まる識別子を書いてください。"),
    ),
    "id_not_iri": (
        lazy("識別子がIRIではありません（%(element)s：%(value)s）"),
        lazy("https://で始まる識別子に直してください。"),
    ),
    "id_twice": (
        lazy("同じ識別子が二度あります（%(element)s：%(value)s）"),
        lazy("コースの中で、項目ごとに異なる識別子を付けてください。"),
    ),
    "address_missing": (
        lazy("開くページ（url）がありません"),
        lazy("示した項目に、開くページを書いてください。"),
    ),
    "address_invalid": (
        lazy("開くページのURLに使えない文字があります（%(address)s）"),
        lazy("空白などを除いて、URLを直してください。"),
    ),
    "address_alone": (
        lazy("XMLファイルだけの登録では開けないページです（%(address)s）"),
        lazy("https://で始まるURLに直すか、ファイルを入れたZIPで登録してください。"),
    ),
    "address_takes_name": (
        lazy("URLに、システムが付ける名前（%(name)s）がすでにあります"),
        lazy("URLの「?」より後ろから、この名前を除いてください。"),
    ),
    "unit_file_missing": (
        lazy("「%(title)s」で開くファイルがありません（%(address)s）"),
        lazy("ファイルを入れるか、場所を直して、書き出し直してください。"),
    ),
    "unit_scheme_refused": (
        lazy("「%(title)s」の開き方（%(scheme)s）は、ブラウザーでは使えません"),
        lazy("教材の中のファイルか、https://で始まるURLを開くように直してください。"),
    ),
    "unit_external": (
        lazy("「%(title)s」はほかのサイトのページを開きます（%(address)s）"),
        lazy(
            "このまま使えます。開くときに、受講者を示す番号（氏名は含まない）がそのサイトに伝わります。"
        ),
    ),
    "value_not_allowed": (
        lazy("%(name)sの値が決められたものではありません（%(value)s）"),
        lazy("規格にある値に直してください。"),
    ),
    "block_empty": (
        lazy("学習する項目のないまとまり（block）です"),
        lazy("項目を入れるか、まとまりを除いてください。"),
    ),
    "words_missing": (
        lazy("%(element)sの%(name)sがありません"),
        lazy("そのまま使えますが、題名がないと受講者が項目を選びにくくなります。"),
    ),
    "objective_unknown": (
        lazy("到達目標の情報がありません（%(value)s）"),
        lazy("そのまま使えます。到達目標は記録に使いません。"),
    ),
    "nothing_to_reach": (
        lazy("修了の条件（moveOn）がどの項目にもないため、一度開くだけで修了になります"),
        lazy("修了を確かめたいときは、項目のmoveOnをCompletedやPassedにしてください。"),
    ),
    "more_of_the_same": (
        lazy("同じ種類の結果が、ほかに%(count)s件あります"),
        lazy("示したものから直して、もう一度登録して確かめてください。"),
    ),
}

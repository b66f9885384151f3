"""The words of materials: states, editions, findings, refusals."""

from __future__ import annotations

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
    MaterialKind.PACKAGE: lazy("SCORM・cmi5教材"),
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
    "cmi5": lazy("cmi5"),
    "tincan": lazy("xAPI（Tin Can）"),
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

#: When a unit of a course counts as done.
CONDITIONS: dict[str, Lazy] = {
    "Passed": lazy("合格"),
    "Completed": lazy("完了"),
    "CompletedAndPassed": lazy("完了と合格の両方"),
    "CompletedOrPassed": lazy("完了か合格のどちらか"),
    "NotApplicable": lazy("なし"),
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

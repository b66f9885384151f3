"""What the catalogue of trainings says from Python: providers, acts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import Act
from app.kernel.language import Lazy, lazy
from app.training.plans.models import Provider

#: Who teaches a training.
PROVIDERS: dict[str, Lazy] = {
    Provider.WARD: lazy("区（自前の研修）"),
    Provider.INSTITUTE: lazy("研修所（特別区職員研修所など）"),
    Provider.BLOCK: lazy("ブロック（近隣の区との合同）"),
    Provider.OTHER: lazy("ほかの機関（市町村アカデミーなど）"),
}

#: What the audit calls what is changed of a training.
PARTS: dict[str, Lazy] = {
    "training_title": lazy("研修名"),
    "purpose": lazy("目的"),
    "category": lazy("区分"),
    "category_id": lazy("区分"),
    "owner_id": lazy("主催"),
    "provider": lazy("実施する機関"),
    "is_once": lazy("一度だけ受講できる"),
    "required": lazy("前提研修"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "training.registered": Act("training", lazy("研修を登録")),
    "training.changed": Act("training", lazy("研修の内容を変更")),
    "category.added": Act("training", lazy("研修の区分を追加")),
    "category.renamed": Act("training", lazy("研修の区分の名前を変更")),
    "category.deleted": Act("training", lazy("研修の区分を削除")),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "training_code_taken": (
        lazy("研修コード %(taken)s は、ほかの研修で使われています"),
        lazy("何も保存されていません。別の研修コードを入力してください。"),
    ),
    "prerequisite_circle": (
        lazy("前提研修をたどると、この研修自身に戻ります"),
        lazy("何も保存されていません。ほかの研修を前提に選んでください。"),
    ),
    "category_name_taken": (
        lazy("区分「%(taken)s」は、すでにあります"),
        lazy("何も保存されていません。ほかの名前にしてください。"),
    ),
    "category_used": (
        lazy("区分「%(name)s」は、%(count)s件の研修で使われています"),
        lazy("何も削除されていません。研修の区分を変えてから、もう一度操作してください。"),
    ),
}

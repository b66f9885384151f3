"""What certificates say from Python: acts, refusals."""

from __future__ import annotations

from app.kernel.audit.text import Act, Manner
from app.kernel.language import Lazy, lazy

_SHOWN = ("number", "name", "history")

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "certificate.listed": Act("training", lazy("修了証書の一覧を表示"), Manner.LISTED, _SHOWN),
    "certificate.issued": Act("training", lazy("修了証書を発行"), Manner.CHANGED, _SHOWN),
    "certificate.reissued": Act(
        "training", lazy("修了証書を新しい氏名で発行"), Manner.CHANGED, _SHOWN
    ),
    "certificate.revoked": Act("training", lazy("修了証書を失効"), Manner.CHANGED, _SHOWN),
    "certificate.printed": Act("training", lazy("修了証書を印刷"), Manner.EXPORTED, _SHOWN),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "certificate_needs_issuer": (
        lazy("発行者が入力されていません"),
        lazy("何も発行していません。発行者を入力して、もう一度操作してください。"),
    ),
    "nobody_to_certify": (
        lazy("修了証書を発行する人がいません"),
        lazy(
            "修了を認定した人に、まだ有効な修了証書がないときに発行できます。"
            "修了認定の一覧で確かめてください。"
        ),
    ),
    "certificate_revoked": (
        lazy("この修了証書は失効しています"),
        lazy("何も発行していません。有効な修了証書を選んでください。"),
    ),
    "certificate_name_same": (
        lazy("修了証書の氏名は、いまの氏名と同じです"),
        lazy("何も発行していません。同じ内容の修了証書は、PDFをもう一度開いて印刷できます。"),
    ),
    "no_certificates": (
        lazy("印刷する修了証書がありません"),
        lazy("修了証書を発行してから、もう一度操作してください。"),
    ),
}

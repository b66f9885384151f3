"""消去証明書: what was erased, from what, how much, how, by whom and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.kernel import clock, pdf
from app.kernel.settings import Settings

TITLE = "消去証明書"
MEDIA = {
    "sqlite": "サーバーのデータベース（SQLite）と、サーバーに置いたファイル",
    "postgresql": "サーバーのデータベース（PostgreSQL）と、サーバーに置いたファイル",
}
METHODS = {
    "sqlite": "行を削除し、記憶領域を上書きした（secure_delete）。ファイルは削除した。",
    "postgresql": "行を削除した。記憶領域は、データベースの自動の整理（VACUUM）で再利用される。"
    "ファイルは削除した。",
}


@dataclass(frozen=True)
class Erased:
    """What is certified."""

    #: 情報項目.
    items: str
    #: People it was about; None where it was all there was.
    people: int | None
    #: 数量: rows by table, files under "files".
    counts: Mapping[str, int]
    #: The database's kind: what the medium was, and how it was erased.
    dialect: str
    #: 責任者.
    responsible: str
    notes: tuple[str, ...]
    #: Number of the certificate.
    reference: str


def document(settings: Settings, erased: Erased, now: datetime) -> dict[str, Any]:
    """Return a certificate's fields, which the paper prints in this order."""
    return {
        "title": TITLE,
        "reference": erased.reference,
        "organisation": settings.organisation,
        "items": erased.items,
        "media": MEDIA[erased.dialect],
        "people": erased.people,
        "counts": dict(sorted(erased.counts.items())),
        "method": METHODS[erased.dialect],
        "responsible": erased.responsible,
        "erased_at": now.isoformat(),
        "notes": list(erased.notes),
    }


def paper(certificate: Mapping[str, Any], settings: Settings) -> bytes:
    """Return the certificate as a PDF; the same certificate is always the same file."""
    erased_at = datetime.fromisoformat(certificate["erased_at"])
    local = erased_at.astimezone(clock.JST)
    people = certificate["people"]
    rows = [
        ["証明書の番号", certificate["reference"]],
        ["組織", certificate["organisation"]],
        ["情報項目", certificate["items"]],
        ["媒体", certificate["media"]],
        *([["数量（人）", f"{people:,}人"]] if people is not None else []),
        ["数量（行・ファイル）", f"{sum(certificate['counts'].values()):,}件"],
        ["方法", certificate["method"]],
        ["責任者", certificate["responsible"]],
        ["年月日", f"{clock.era_date(local.date())}{local:%H:%M}"],
    ]
    data = {
        "title": TITLE,
        "rows": rows,
        "counts": [[table, f"{count:,}"] for table, count in certificate["counts"].items()],
        "notes": certificate["notes"],
    }
    return pdf.render("erasure_certificate", data, now=erased_at, fonts=settings.fonts)

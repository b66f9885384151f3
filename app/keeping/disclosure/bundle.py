"""A dossier as files: a PDF to read, a JSON document and a CSV a table to parse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from app.keeping.disclosure.dossier import Dossier, Item, Table
from app.keeping.disclosure.text import NOTHING
from app.kernel import clock, csv, pdf

TITLE = "保有個人情報の開示"
#: Tables that only a program reads: they stand in the JSON and the CSV, and on paper as a number.
_LONG = frozenset({"traces", "audit"})
#: So many rows of one table are printed; the files have them all.
MOST_PRINTED = 2_000
_NOTES = (
    "承認された14の項目を順に並べ、項目ごとに、情報の出どころと、いつ現在の情報かを示します。",
    "ほかの人の氏名は伏せてあります。記述した回答にほかの人の情報がないか、交付の前に確かめてください。",
    "同じ内容を disclosure.json と csv フォルダにも収めています。",
)


def files(dossier: Dossier, *, made_by: str, fonts: str) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each file of the bundle."""
    yield (
        "disclosure.pdf",
        pdf.render("disclosure", _paper(dossier, made_by, fonts), now=dossier.made_at, fonts=fonts),
    )
    document = json.dumps(_document(dossier), ensure_ascii=False, indent=1)
    yield "disclosure.json", document.encode()
    for table in dossier.tables:
        yield f"csv/{table.code}.csv", csv.write(table.columns, table.rows).body


def _document(dossier: Dossier) -> dict[str, Any]:
    return {
        "title": TITLE,
        "staff_number": dossier.number,
        "name": dossier.name,
        "made_at": dossier.made_at.isoformat(),
        "items": [
            {
                "number": item.number,
                "title": item.title,
                "source": item.source,
                "as_of": item.as_of,
                "value": item.value,
                "tables": [
                    {"code": table.code, "title": table.title, "columns": list(table.columns),
                     "rows": table.rows}
                    for table in item.tables
                ],
            }
            for item in dossier.items
        ],
        "attempt_documents": dossier.documents,
    }  # fmt: skip


def _paper(dossier: Dossier, made_by: str, fonts: str) -> dict[str, Any]:
    local = dossier.made_at.astimezone(clock.JST)
    made_at = f"{clock.era_date(local.date())}{local:%H:%M}"
    return {
        "title": TITLE,
        "footer": f"{TITLE}　{dossier.number} {dossier.name}　{made_at} {made_by}",
        "cover": [
            ["職員番号", dossier.number], ["氏名", dossier.name],
            ["作成日時", made_at], ["作成者", made_by],
        ],
        "notes": list(_NOTES),
        "nothing": NOTHING,
        "items": [_printed(item, fonts) for item in dossier.items],
    }  # fmt: skip


def _printed(item: Item, fonts: str) -> dict[str, Any]:
    number = f"{item.number}　" if item.number else ""
    as_of = f"　{item.as_of}現在" if item.as_of else ""
    return {
        "heading": f"{number}{item.title}",
        "origin": f"出どころ：{item.source}{as_of}",
        "value": item.value,
        "is_empty": item.is_empty and not item.tables,
        "tables": [_printed_table(table, fonts) for table in item.tables],
    }


def _printed_table(table: Table, fonts: str) -> dict[str, Any]:
    title = f"{table.title}（{len(table.rows):,}件）" if table.rows else table.title
    printed = [] if table.code in _LONG else table.rows[:MOST_PRINTED]
    if len(printed) < len(table.rows):
        title += f"　{len(printed):,}件を印刷。すべては csv/{table.code}.csv にあります。"
    return {
        "title": title,
        "is_empty": not table.rows,
        "columns": list(table.columns),
        "rows": [[pdf.spelled(cell, fonts) for cell in row] for row in printed],
    }

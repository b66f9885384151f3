"""How a value is written into a cell and read out of it again, without a loss.

None is an empty cell. A text that is empty, or begins with ' or with what a spreadsheet would run
as a formula, has one ' before it; whoever reads takes that one ' away. A moment is ISO 8601 in UTC,
a day ISO 8601, yes and no are 1 and 0, and bytes Base64.
"""

from __future__ import annotations

import uuid
from base64 import b64decode, b64encode
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.kernel.csv import FORMULA
from app.kernel.db import UtcDateTime

_MARKED = ("'", *FORMULA)


def written(value: object) -> str:
    """Return a cell of a CSV."""
    if value is None:
        return ""
    plain = value if isinstance(value, str) else simple(value)
    if isinstance(plain, str):
        return f"'{plain}" if not plain or plain.startswith(_MARKED) else plain
    return repr(plain) if isinstance(plain, float) else str(plain)


def read(kind: sa.types.TypeEngine[Any], text: str) -> Any:
    """Return the value of a CSV's cell; raises ValueError for one that is none."""
    if not text:
        return None
    if isinstance(kind, sa.Boolean):
        return {"1": True, "0": False}[text]
    if isinstance(kind, sa.Integer):
        return int(text)
    if isinstance(kind, sa.Float):
        return float(text)
    return value_of(kind, text[1:] if text.startswith("'") else text)


def simple(value: object) -> Any:
    """Return a value as JSON holds it; a boolean becomes 1 or 0, as in a CSV."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return str(value) if isinstance(value, uuid.UUID) else value


def value_of(kind: sa.types.TypeEngine[Any], held: Any) -> Any:
    """Return the value of what JSON holds; raises ValueError for what is none."""
    if held is None or isinstance(kind, sa.JSON):
        return held
    if isinstance(kind, sa.Boolean):
        return bool(held)
    if isinstance(kind, sa.Uuid):
        return uuid.UUID(held)
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(held)
    if isinstance(kind, sa.LargeBinary):
        return b64decode(held, validate=True)
    return date.fromisoformat(held) if isinstance(kind, sa.Date) else held


def word_of(kind: sa.types.TypeEngine[Any]) -> str:
    """Return in Japanese what a column's cells are."""
    words: tuple[tuple[type[Any], str], ...] = (
        (sa.JSON, "文書（JSON）"),
        (sa.Uuid, "キー（UUID）"),
        (UtcDateTime, "日時（ISO 8601、UTC）"),
        (sa.Date, "日付（ISO 8601）"),
        (sa.Boolean, "1（はい）か0（いいえ）"),
        (sa.Integer, "整数"),
        (sa.Float, "数"),
        (sa.LargeBinary, "バイト列（Base64）"),
    )
    return next((word for each, word in words if isinstance(kind, each)), "文字")

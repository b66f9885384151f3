"""Settings come from the environment, where nobody sees a change: so each start tells what is new.

A secret's value is kept nowhere: only a keyed hash, which tells at the next start that it changed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.audit import service
from app.kernel.audit.models import RecordedSetting
from app.kernel.settings import PREFIX, Settings

#: Names of settings whose values may hold a password or a key.
_SECRET = re.compile(r".*(secret|password|token|_key|_url)|mail")
_KEY = PREFIX + "SECRET_KEY"


def note(session: Session, settings: Settings, now: datetime) -> dict[str, object]:
    """Tell in one line what was changed since the last start, and return the line's details.

    Old → new by variable, and under `secrets` the variables of those; what is set for the first
    time is compared with its default. Where the secret key is another one, of the other secrets
    nothing can be told. Nothing is written where nothing was changed.
    """
    known = {row.variable: row for row in session.scalars(sa.select(RecordedSetting))}
    details: dict[str, object] = {}
    secrets: list[str] = []
    for name, new, usual in _values(settings):
        variable = PREFIX + name.upper()
        row = known.get(variable) or RecordedSetting(variable=variable, value=usual)
        old, row.value = row.value, new
        session.add(row)
        if old != new and is_secret(name):
            secrets.append(variable)
        elif old != new:
            details[variable] = [old, new]
    if secrets:
        details["secrets"] = [_KEY] if _KEY in secrets else secrets
    if details:
        subject = ("setting", None)
        service.record(
            session, "settings.changed", by=None, now=now, subject=subject, details=details
        )
    return details


def is_secret(name: str) -> bool:
    """Whether a setting's value may hold a password or a key, by its name."""
    return bool(_SECRET.fullmatch(name))


def _values(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Yield each setting with its value and its default, as they are recorded."""
    key = settings.key()
    for field in fields(settings):
        value = _written(getattr(settings, field.name))
        usual = "" if field.default is MISSING else _written(field.default)
        if field.name == "secret_key":
            value = usual = key  # a key that is made at the first start is no change
        if is_secret(field.name):
            value, usual = _hidden(value, key), _hidden(usual, key)
        yield field.name, value, usual


def _written(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _hidden(text: str, key: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()

"""Statements of our own: of a course that was launched, of a SCO that was completed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.kernel.db import new_id
from app.learning.statements import service as statements
from xapi import reading, statement, storing
from xapi.statement import Version
from xapi.storing import Received

#: What our own account is called: it vouches for what we say ourselves (Data 2.4.9).
NAME: Final = "kenshu"


def account(home_page: str, name: str) -> dict[str, Any]:
    """Return an agent of this installation: `home_page` is the office's origin."""
    return {"objectType": "Agent", "account": {"homePage": home_page, "name": name}}


def keep(
    session: Session, said: Sequence[Mapping[str, Any]], *, home_page: str, now: datetime
) -> None:
    """Keep statements in the order in which they are given; one that is there already stays.

    Each must obey version 1.0.3: what does not is a fault of ours, and raises Invalid. Raises
    Conflict where another statement has the id of one of them.
    """
    received = Received(Version.OLD, account(home_page, NAME))
    for each in said:
        statement.check(each, Version.OLD)
        [read], _ = reading.read(json.dumps(each).encode())
        # One by one: within one insert the order of their ids would count.
        statements.add(session, [storing.prepare(read, str(new_id()), received)], now)

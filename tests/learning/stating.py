"""Statements as tests need them: told by a client, and kept as the record store keeps them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import new_id
from app.learning.clients import access
from app.learning.clients import service as clients
from app.learning.statements import service
from xapi import reading, statement, storing
from xapi.statement import Version
from xapi.storing import Received

#: The homePage of accounts of this installation, as the settings of tests have it.
HOME: Final = "http://localhost:8000"
VERBS: Final = "http://adlnet.gov/expapi/verbs/"
COURSE: Final = "https://example.jp/courses/1"
OFFICE: Final = Actor(person_id=uuid.UUID(int=1))


def account(name: str, home_page: str = HOME) -> dict[str, Any]:
    """Return an agent with an account."""
    return {"objectType": "Agent", "account": {"homePage": home_page, "name": name}}


def mail(address: str, name: str = "") -> dict[str, Any]:
    """Return an agent with a mail address, and a name where one is given."""
    return {"mbox": f"mailto:{address}", **({"name": name} if name else {})}


def said(verb: str = "completed", **parts: Any) -> dict[str, Any]:
    """Return a statement; `parts` stand in the place of the usual ones."""
    usual = {
        "actor": mail("taro@example.jp"),
        "verb": {"id": f"{VERBS}{verb}"},
        "object": {"id": COURSE},
    }
    return {**usual, **parts}


def void(key: uuid.UUID, **parts: Any) -> dict[str, Any]:
    """Return a statement that voids another."""
    return said("voided", object={"objectType": "StatementRef", "id": str(key)}, **parts)


def told(
    session: Session,
    *values: dict[str, Any],
    now: datetime | None = None,
    client: str = "架空LMS",
    home_page: str = HOME,
) -> list[uuid.UUID]:
    """Have statements kept, as if a client had sent them; return their ids."""
    speaks = access.Client(new_id(), client, "key", frozenset(), may_change=True)
    received = Received(Version.OLD, speaks.authority(home_page))
    prepared = []
    for value in values:
        statement.check(value, Version.OLD)
        [read], _ = reading.read(json.dumps(value, ensure_ascii=False).encode())
        prepared.append(storing.prepare(read, str(new_id()), received))
    for each in prepared:  # one by one: their numbers are in this order
        service.add(session, [each], now or clock.now())
    return [uuid.UUID(each.id) for each in prepared]


def client(
    session: Session,
    name: str = "架空LMS",
    scopes: Sequence[str] = ("statements/write",),
    by: Actor = OFFICE,
    now: datetime | None = None,
) -> clients.Made:
    """Make a client."""
    return clients.make(session, name, scopes, by=by, now=now or clock.now())

"""Reads of documents."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.learning.documents.models import XapiDocument

STATE: Final = "state"
AGENT: Final = "agent"
ACTIVITY: Final = "activity"


@dataclass(frozen=True)
class Shelf:
    """Where documents are: their kind, and what they are about.

    `registration` is "" for those that belong to none; None for all of them (lists alone).
    """

    kind: str
    activity: str = ""
    agent: str = ""
    registration: str | None = ""

    @property
    def about(self) -> int:
        """Return what stands for it in the database."""
        said = "\0".join((self.kind, self.activity, self.agent))
        digest = hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest, signed=True)


def hashed(name: str) -> str:
    """Return what stands for a name in the key of a document."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def one(
    session: Session, shelf: Shelf, name: str, *, for_update: bool = False
) -> XapiDocument | None:
    """Return a document, None where there is none."""
    key = (shelf.about, shelf.registration or "", hashed(name))
    return session.get(XapiDocument, key, with_for_update=for_update or None)


def names(session: Session, shelf: Shelf, since: datetime | None) -> Sequence[str]:
    """Return the names of the documents on a shelf that were written after a moment."""
    query = sa.select(XapiDocument.name).where(*on(shelf)).distinct()
    if since:
        query = query.where(XapiDocument.updated_at > since)
    return session.scalars(query.order_by(XapiDocument.name)).all()


def on(shelf: Shelf) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of what is on a shelf."""
    conditions = [XapiDocument.about == shelf.about]
    if shelf.registration is not None:
        conditions.append(XapiDocument.registration == shelf.registration)
    return conditions

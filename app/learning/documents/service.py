"""Documents are written, merged and deleted; never over one that its sender has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.db import insert_new
from app.kernel.errors import Conflict, Malformed, PreconditionFailed
from app.learning.documents import queries
from app.learning.documents.models import XapiDocument
from app.learning.documents.queries import Shelf
from xapi import documents
from xapi.errors import Invalid


@dataclass(frozen=True)
class Conditions:
    """What a request says of the document that it knows (If-Match, If-None-Match)."""

    if_match: str | None
    if_none_match: str | None
    #: Whether a document may only be replaced by who says one of them.
    are_asked: bool = False
    #: Whether even a new one may only be put by who says one of them.
    for_new: bool = False

    @property
    def are_said(self) -> bool:
        """Whether the request says one of them."""
        return self.if_match is not None or self.if_none_match is not None


def put(
    session: Session,
    shelf: Shelf,
    name: str,
    content: tuple[str, bytes],
    conditions: Conditions,
    now: datetime,
) -> None:
    """Write a document: its media type and its bytes. Raises PreconditionFailed and Conflict."""
    row = _seen(session, shelf, name, conditions)
    known = row.content if row else None
    if conditions.are_asked and not conditions.are_said:
        if known is not None:
            raise Conflict("document_unseen")
        if conditions.for_new:
            raise Malformed("conditions_needed")
    _write(session, shelf, name, content, row, now)


def merge(
    session: Session,
    shelf: Shelf,
    name: str,
    content: tuple[str, bytes],
    conditions: Conditions,
    now: datetime,
) -> None:
    """Put the names of a JSON document over those of the one that is there (Communication 2.2).

    Raises Invalid where one of the two is not JSON, PreconditionFailed and Conflict.
    """
    row = _seen(session, shelf, name, conditions)
    kind, said = content
    if row is not None:
        if not documents.is_json(kind) or not documents.is_json(row.content_type):
            raise Invalid("merge", kind)
        said = documents.merged(row.content, said)
    _write(session, shelf, name, (kind, said), row, now)


def delete(session: Session, shelf: Shelf, name: str, conditions: Conditions) -> None:
    """Delete a document, if there is one. Raises PreconditionFailed."""
    row = _seen(session, shelf, name, conditions)
    if row is not None:
        session.delete(row)


def delete_all(session: Session, shelf: Shelf) -> None:
    """Delete all documents on a shelf."""
    session.execute(sa.delete(XapiDocument).where(*queries.on(shelf)))


def _seen(session: Session, shelf: Shelf, name: str, conditions: Conditions) -> XapiDocument | None:
    """Return the document that is there, locked, if what the request says of it is so."""
    row = queries.one(session, shelf, name, for_update=True)
    known = row.content if row else None
    if not documents.may_write(known, conditions.if_match, conditions.if_none_match):
        raise PreconditionFailed("document_differs")
    return row


def _write(
    session: Session,
    shelf: Shelf,
    name: str,
    content: tuple[str, bytes],
    row: XapiDocument | None,
    now: datetime,
) -> None:
    kind, said = content
    if row is not None:
        row.content_type, row.content, row.updated_at = kind, said, now
        return
    is_new = insert_new(
        session,
        XapiDocument,
        about=shelf.about,
        registration=shelf.registration or "",
        name_hash=queries.hashed(name),
        name=name,
        content_type=kind,
        content=said,
        updated_at=now,
    )
    if not is_new:
        raise Conflict("document_at_once")

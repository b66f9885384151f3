"""From the first byte to a whole file that another room takes over, or to none after a week.

Where a verb takes a `Way`, it touches no row, so that nobody waits for the database while bytes
come.
"""

from __future__ import annotations

import os
import shutil
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.uploads import access
from app.content.uploads.models import Upload
from app.kernel import growing
from app.kernel.actor import Actor
from app.kernel.db import after_commit
from app.kernel.errors import NoRoom, NotFound, Refused, TooLarge
from app.kernel.growing import Checksum, Source
from app.kernel.settings import Settings

#: How long an upload is kept after its last byte has come.
KEPT = timedelta(days=7)
#: Bytes that an upload leaves free on the disk: the database, too, has to write.
SPARE = 512 * 1024**2


@dataclass(frozen=True)
class Way:
    """Where an upload's bytes lie, and how many they will be."""

    path: Path
    size: int
    file_name: str


@dataclass(frozen=True)
class Piece:
    """Some bytes of a file, and where they belong."""

    source: Source
    #: Bytes before it.
    offset: int
    #: How many bytes it has; None where they are counted as they come.
    length: int | None = None
    checksum: Checksum | None = None


@dataclass(frozen=True)
class Standing:
    """How far an upload is."""

    #: Bytes that are safely on the disk.
    offset: int
    size: int
    #: When it is deleted unless more comes.
    expires_at: datetime


def begin(
    session: Session, file_name: str, size: int, settings: Settings, *, by: Actor, now: datetime
) -> Upload:
    """Begin an upload of so many bytes, 0 among them: that one is whole at once.

    Raises TooLarge beyond what the settings allow, and NoRoom where the disk could not hold it.
    """
    if size > settings.video_limit:
        raise TooLarge("upload_too_large")
    settings.uploads.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(settings.uploads).free < size + SPARE:
        raise NoRoom("upload_no_room")
    row = Upload(
        created_by=by.known_id,
        created_at=now,
        file_name=file_name,
        size=size,
        finished_at=None if size else now,
    )
    session.add(row)
    session.flush()
    growing.start(settings.uploads / row.name)
    return row


def way(session: Session, upload_id: uuid.UUID, settings: Settings, *, by: Actor) -> Way:
    """Return the way of an upload of the actor's own; raises NotFound where there is none."""
    return _way(access.upload(session, upload_id, by=by), settings)


def standing(of: Way) -> Standing:
    """Return how far an upload is; raises Locked while a piece of it comes."""
    return _standing(of, growing.standing(of.path))


def append(of: Way, piece: Piece) -> Standing:
    """Add a piece, safely on the disk, and return how far the upload is then.

    Raises what `app.kernel.growing.append` does; of a piece that says that it is too long, nothing
    is read.
    """
    if piece.length is not None and piece.offset + piece.length > of.size:
        raise TooLarge("upload_too_long")
    end = growing.append(of.path, piece.source, piece.offset, of.size, piece.checksum)
    return _standing(of, end)


def finish(session: Session, upload_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Note that the last piece has come."""
    access.upload(session, upload_id, by=by).finished_at = now


def terminate(session: Session, upload_id: uuid.UUID, settings: Settings, *, by: Actor) -> None:
    """Delete an upload with its bytes; raises Locked while a piece of it comes."""
    row = access.upload(session, upload_id, by=by, to_change=True)
    growing.remove(settings.uploads / row.name)
    session.delete(row)


def finished(session: Session, upload_id: uuid.UUID, settings: Settings, *, by: Actor) -> Way:
    """Return where an upload lies that is whole.

    Raises NotFound where there is none of the actor's own, and Refused("upload_not_finished").
    """
    return _finished(access.upload(session, upload_id, by=by), settings)


def take_over(
    session: Session, upload_id: uuid.UUID, settings: Settings, *, by: Actor
) -> tuple[str, str]:
    """Give a whole upload away: return its name in the folder of uploads, and its sender's name.

    It is an upload no more, and its file stays for as long as a live job names it, and a day at
    least. Raises what `finished` raises.
    """
    row = access.upload(session, upload_id, by=by, to_change=True)
    whole = _finished(row, settings)
    os.utime(whole.path)
    session.delete(row)
    return whole.path.name, whole.file_name


def names(session: Session) -> set[str]:
    """Return the names in the folder of uploads that belong to an upload."""
    return {row.name for row in session.scalars(sa.select(Upload))}


def expire(session: Session, settings: Settings, now: datetime) -> int:
    """Delete the uploads of which nothing has come for a week, with their bytes; say how many."""
    over = [
        row
        for row in session.scalars(sa.select(Upload))
        if (at := growing.touched_at(settings.uploads / row.name)) is None or now - at > KEPT
    ]
    for row in over:
        session.delete(row)
        path = settings.uploads / row.name
        after_commit(session, partial(path.unlink, missing_ok=True))
    return len(over)


def _way(row: Upload, settings: Settings) -> Way:
    return Way(settings.uploads / row.name, row.size, row.file_name)


def _finished(row: Upload, settings: Settings) -> Way:
    found = _way(row, settings)
    if growing.standing(found.path) != found.size:
        raise Refused("upload_not_finished")
    return found


def _standing(of: Way, offset: int) -> Standing:
    at = growing.touched_at(of.path)
    if at is None:
        raise NotFound
    return Standing(offset, of.size, at + KEPT)

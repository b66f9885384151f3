"""Reads of films: what can be watched, and what an author sees of a conversion."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.content.videos.models import Video
from app.kernel.errors import NotFound


@dataclass(frozen=True)
class Rung:
    """One of the sizes in which a film can be watched: `<name>.m3u8` and `<name>.mp4`."""

    name: str
    width: int
    height: int
    #: Bits a second: of its busiest segment, and over all (RFC 8216, 4.3.4.2).
    bandwidth: int
    average: int
    #: As RFC 6381 writes it.
    codecs: str
    #: Frames a second.
    rate: float


@dataclass(frozen=True)
class Sound:
    """The sound of a film, apart from its pictures."""

    name: str
    bandwidth: int
    average: int
    codecs: str


@dataclass(frozen=True)
class Storyboard:
    """Small pictures of a film, `columns` × `rows` on a sheet, one every `interval` seconds."""

    interval: float
    width: int
    height: int
    columns: int
    rows: int
    #: Their files, in order.
    sheets: tuple[str, ...]


@dataclass(frozen=True)
class Film:
    """What can be watched of a video: its files lie under `prefix` in the store of objects."""

    prefix: str
    #: In seconds.
    duration: float
    #: The largest first.
    rungs: tuple[Rung, ...]
    sound: Sound | None
    #: Name of the picture that stands for it; empty for none.
    poster: str
    storyboard: Storyboard | None
    #: Whether all sizes are there; before that only what could be taken over as it was.
    is_whole: bool


def film_of(document: Mapping[str, Any]) -> Film:
    """Return the film that the edition of a row tells of."""
    sound, board = document["sound"], document["storyboard"]
    return Film(
        prefix=document["prefix"],
        duration=document["duration"],
        rungs=tuple(Rung(**rung) for rung in document["rungs"]),
        sound=Sound(**sound) if sound else None,
        poster=document["poster"],
        storyboard=Storyboard(**board | {"sheets": tuple(board["sheets"])}) if board else None,
        is_whole=document["is_whole"],
    )


def film(session: Session, version: Version) -> Film:
    """Return what a version shows; raises NotFound("video_not_ready") while there is nothing."""
    row = session.get(Video, uuid.UUID(version.document["video"]))
    if row is None or not row.edition:
        raise NotFound("video_not_ready")
    return film_of(row.edition)

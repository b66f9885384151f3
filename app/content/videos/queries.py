"""Reads of films: what can be watched, and what an author sees of a conversion."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.content.videos.models import (
    SOUND,
    WHOLE,
    Completion,
    Video,
    VideoPart,
    VideoStatus,
    WatchingRule,
)
from app.kernel.errors import NotFound
from app.kernel.jobs import Job


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

    @property
    def label(self) -> str:
        """Return what people call it: `720p`."""
        return f"{min(self.width, self.height)}p"


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


def video(session: Session, version: Version) -> Video:
    """Return the film of a version; raises NotFound."""
    key = version.document.get("video")
    row = session.get(Video, uuid.UUID(key)) if key else None
    if row is None:  # a draft whose film is still on its way
        raise NotFound("video_not_ready")
    return row


def length(video: Video) -> float | None:
    """Return how long a film is, in seconds; None while nobody knows.

    What can be watched says so; before that the file as it was sent, if it does (0: it does not).
    """
    told: float = (video.edition or video.source)["duration"]
    return told or None


def versions(session: Session, material_id: uuid.UUID) -> list[Version]:
    """Return all versions of a video."""
    return list(session.scalars(sa.select(Version).where(Version.material_id == material_id)))


def film(session: Session, version: Version) -> Film:
    """Return what a version shows; raises NotFound("video_not_ready") while there is nothing."""
    row = video(session, version)
    if not row.edition:
        raise NotFound("video_not_ready")
    return film_of(row.edition)


@dataclass(frozen=True)
class Part:
    """A part of a conversion, with the job that makes it."""

    number: int
    result: Mapping[str, Any]
    job: Job


@dataclass(frozen=True)
class Progress:
    """How far a conversion is, in seconds of film."""

    done: int
    total: int


#: Sound takes so much of the time that pictures take.
SOUND_PART = 10


def part(session: Session, video_id: uuid.UUID, run: int, number: int) -> VideoPart:
    """Return a part of a conversion; raises NotFound."""
    found = session.scalars(
        sa.select(VideoPart).where(
            VideoPart.video_id == video_id, VideoPart.run == run, VideoPart.number == number
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def parts(session: Session, video: Video) -> list[Part]:
    """Return the parts of a film's present conversion, in their order, in one statement."""
    rows = session.execute(
        sa.select(VideoPart.number, VideoPart.result, Job)
        .join(Job, Job.id == VideoPart.job_id)
        .where(VideoPart.video_id == video.id, VideoPart.run == video.run)
        .order_by(VideoPart.number)
        .execution_options(populate_existing=True)
    )
    return [Part(*row) for row in rows]


def making(session: Session) -> list[uuid.UUID]:
    """Return the films that are being converted."""
    return list(session.scalars(sa.select(Video.id).where(Video.status == VideoStatus.MAKING)))


def progress(session: Session, video: Video) -> Progress:
    """Return how far a film's conversion is."""
    done = total = 0
    for each in parts(session, video):
        share = _share(video, each.number)
        total += share
        done += share if each.result else min(share, each.job.done)
    return Progress(done, total)


def _share(video: Video, number: int) -> int:
    """Return what a part is worth, in seconds of film."""
    if number == WHOLE:
        return 1
    if number == SOUND:
        return max(1, _seconds(video, video.plan["frames"]) // SOUND_PART)
    return max(1, _seconds(video, video.plan["stretches"][number - 1]["frames"]))


def _seconds(video: Video, frames: int) -> int:
    return round(frames / Fraction(video.plan["rate"]))


#: What an author is told of before a video is published, each with its severity.
SEVERITIES: Final[Mapping[str, str]] = {
    "questions_missing": "error",
    "code_missing": "error",
    "no_captions": "warning",
}


def findings(document: Mapping[str, Any], rule: WatchingRule) -> list[dict[str, Any]]:
    """Return what keeps a video from being published, and what its author is warned of.

    Nobody could finish a video by a rule that asks for what is not there.
    """
    found = [*missing(document, rule)]
    if not document.get("captions") and not document.get("transcript"):
        found.append("no_captions")
    return [{"severity": SEVERITIES[code], "code": code, "place": "", "data": {}} for code in found]


@dataclass(frozen=True)
class Beside:
    """What an author has put beside a film, as documents."""

    captions: Sequence[Mapping[str, Any]] = ()
    transcript: str = ""
    chapters: Sequence[tuple[float, str]] = ()
    questions: Sequence[Mapping[str, Any]] = ()
    code: str = ""


def beside(version: Version) -> Beside:
    """Return what stands beside the film of a version; what is missing there is empty."""
    names = [field.name for field in fields(Beside)]
    return Beside(**{name: version.document[name] for name in names if name in version.document})


def missing(document: Mapping[str, Any], rule: WatchingRule) -> list[str]:
    """Return the codes of what a rule asks for and a version's document has not."""
    if rule.completion == Completion.QUESTIONS and not document.get("questions"):
        return ["questions_missing"]
    if rule.completion == Completion.CODE and not document.get("code"):
        return ["code_missing"]
    return []

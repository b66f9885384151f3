"""Reads of videos that are taken: what is asked in one, what its page begins with, its playlist."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material, MaterialKind, Version
from app.content.materials.states import VersionState
from app.content.videos import queries as videos
from app.content.videos.queries import Film, Rung, Sound
from app.kernel.errors import NotFound
from app.kernel.settings import Settings
from app.learning.player import service as player
from app.learning.player.access import Launch
from app.learning.records.models import Attempt
from app.learning.records.states import DONE
from app.learning.watching.models import Watched
from app.learning.watching.text import LANGUAGES
from content_packages import captions
from content_packages.video.playlists import VERSION

#: Who has told of playing within this time is watching: a player tells every ten seconds.
LATELY: Final = timedelta(seconds=40)


@dataclass(frozen=True)
class Asked:
    """What is asked in a video: the right choices by question, and the code that it shows."""

    questions: Mapping[str, tuple[int, ...]]
    code: str


#: By version: what was published never changes, and each commit asks for it.
_asked: dict[uuid.UUID, Asked] = {}
_MOST_ASKED = 500


def asked(session: Session, version_id: uuid.UUID) -> Asked:
    """Return what is asked in a version."""
    if version_id in _asked:
        return _asked[version_id]
    version = session.get_one(Version, version_id)
    document = version.document
    questions = {each["id"]: tuple(sorted(each["right"])) for each in document.get("questions", ())}
    found = Asked(questions, document.get("code", ""))
    if version.state != VersionState.DRAFT:
        if len(_asked) >= _MOST_ASKED:
            _asked.clear()
        _asked[version_id] = found
    return found


def watches_elsewhere(session: Session, attempt: Attempt, now: datetime) -> bool:
    """Whether the same learner watches another video right now."""
    others = (
        sa.select(Attempt.id)
        .join(Version, Version.id == Attempt.version_id)
        .join(Material, Material.id == Version.material_id)
        .where(
            Attempt.is_of(attempt.owner),
            Attempt.id != attempt.id,
            Attempt.record_id.is_not(None),
            Attempt.committed_at > now - LATELY,
            Material.kind == MaterialKind.VIDEO,
        )
    )
    documents = sa.select(Attempt.document).where(Attempt.id.in_(others))
    return any(document.get("is_playing") for document in session.scalars(documents))


def setup(session: Session, launch: Launch, settings: Settings) -> dict[str, Any]:
    """Return what the page of a video starts from; raises what `player.check_open` raises."""
    attempt = session.get(Attempt, launch.attempt_id)
    if attempt is None:
        raise NotFound
    player.check_open(session, launch, attempt)
    version = session.get_one(Version, attempt.version_id)
    material = session.get_one(Material, version.material_id)
    film, watched = videos.film(session, version), Watched.of(attempt.document)
    is_done = attempt.status in DONE
    return {
        "title": material.title,
        **_film(film),
        **_beside(version.document, launch.language),
        "answered": [name for name, each in watched.answers.items() if each.is_right],
        "rule": watched.rule.as_document(),
        "code_given": watched.code_given,
        "position": watched.position,
        "played": [list(stretch) for stretch in watched.played],
        "progress": watched.progress,
        "done": is_done,
        "free": is_done or not watched.rule.is_bound,
        "lease": launch.lease,
        # A page that is loaded again goes on counting where the one before it stopped.
        "sequence": attempt.sequence if attempt.opened_lease == launch.lease else 0,
        "preview": attempt.record_id is None,
        "language": launch.language,
        "framed": bool(launch.door),
        "back": player.back_of(launch, settings),
    }


def _film(film: Film) -> dict[str, Any]:
    board = film.storyboard
    return {
        "duration": film.duration,
        "master": "video/master.m3u8",
        "poster": f"video/{film.poster}" if film.poster else None,
        "storyboard": {**asdict(board), "sheets": [f"video/{name}" for name in board.sheets]}
        if board
        else None,
    }


def _beside(document: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return what an author has put beside a film; of the questions not what is right."""
    said = document.get("captions", ())
    return {
        "captions": [
            {
                "language": each["language"],
                "label": LANGUAGES.get(each["language"], each["language"]),
                "src": f"captions/{each['language']}.vtt",
            }
            for each in said
        ],
        "chapters": document.get("chapters", []),
        "transcript": _transcript(document, language),
        "questions": [
            {
                "id": each["id"],
                "at": each["at"],
                "text": each["text"],
                "choices": each["choices"],
                "multiple": len(each["right"]) > 1,
            }
            for each in document.get("questions", ())
        ],
        "asks_code": bool(document.get("code")),
    }


def _transcript(document: Mapping[str, Any], language: str) -> list[list[Any]]:
    """Return what is said as lines with their times: the author's own text, else the captions."""
    if own := document.get("transcript", ""):
        return [[None, line] for line in own.splitlines() if line.strip()]
    said = {each["language"]: each["text"] for each in document.get("captions", ())}
    text = said.get(language) or next(iter(said.values()), "")
    cues = captions.read(text.encode()).cues if text else ()
    return [[time, line] for time, line in captions.plain(cues)]


def master(film: Film, most_height: int | None = None) -> str:
    """Return the playlist that leads to all sizes of a film (RFC 8216, 4.3.4).

    `most_height` leaves the larger ones out, but never the smallest. The sound alone comes last,
    for a line that bears no pictures.
    """
    lines = ["#EXTM3U", f"#EXT-X-VERSION:{VERSION}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    sound, group = film.sound, ""
    if sound is not None:
        lines.append(
            '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="sound",DEFAULT=YES,AUTOSELECT=YES,'
            f'CHANNELS="2",URI="{sound.name}.m3u8"'
        )
        group = ',AUDIO="sound"'
    for rung in _allowed(film, most_height):
        lines += [_variant(rung, sound) + group, f"{rung.name}.m3u8"]
    if sound is not None:
        alone = f"BANDWIDTH={sound.bandwidth},AVERAGE-BANDWIDTH={sound.average}"
        named = f'{alone},CODECS="{sound.codecs}"{group}'
        lines += [f"#EXT-X-STREAM-INF:{named}", f"{sound.name}.m3u8"]
    return "\n".join([*lines, ""])


def _variant(rung: Rung, sound: Sound | None) -> str:
    """Return the line of one size with its sound; the bits a second are those of both."""
    codecs = f"{rung.codecs},{sound.codecs}" if sound else rung.codecs
    bandwidth = rung.bandwidth + (sound.bandwidth if sound else 0)
    average = rung.average + (sound.average if sound else 0)
    return ",".join(
        (
            f"#EXT-X-STREAM-INF:BANDWIDTH={bandwidth}",
            f"AVERAGE-BANDWIDTH={average}",
            f'CODECS="{codecs}"',
            f"RESOLUTION={rung.width}x{rung.height}",
            f"FRAME-RATE={rung.rate:.3f}",
        )
    )


def _allowed(film: Film, most_height: int | None) -> tuple[Rung, ...]:
    if most_height is None:
        return film.rungs
    fitting = tuple(rung for rung in film.rungs if min(rung.width, rung.height) <= most_height)
    return fitting or film.rungs[-1:]

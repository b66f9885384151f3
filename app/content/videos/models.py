"""Rows of films and of their conversion, and how a video is to be watched."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class VideoStatus(StrEnum):
    """変換中, 変換済み, 失敗, 取り消し: what workers say, never moved by hand."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Video(Keyed, Base):
    """A film as it was sent, and what was made of it. Versions of a material show it.

    A version's document names it (`video`) beside what an author adds: captions, transcript,
    chapters, questions, the code to enter. So captions change without a second conversion.
    """

    __tablename__ = "video"

    #: Name of the file that was sent, for the author to recognise.
    file_name: Mapped[str]
    #: Its size, in bytes.
    size: Mapped[int] = mapped_column(sa.BigInteger)
    #: What was found in it: `workers.ffmpeg.probe.Source` as a document.
    source: Mapped[dict[str, Any]]
    #: What is made of it: `workers.ffmpeg.ladder.Plan` as a document.
    plan: Mapped[dict[str, Any]]
    #: How the conversion goes: making, ready, failed, cancelled.
    status: Mapped[str] = mapped_column(default=VideoStatus.MAKING)
    #: Which conversion it is: 1, 2, 3 …; what an earlier one still brings is thrown away.
    run: Mapped[int] = mapped_column(default=1)
    #: What can be watched now, as `queries.Film` reads it; empty while there is nothing.
    edition: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Why the conversion has failed: code and data; empty where it has not.
    failure: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: The version that it was sent for.
    version_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("material_version.id"), index=True)
    #: Whether that version is published as soon as it can be watched.
    is_published_when_ready: Mapped[bool] = mapped_column(default=False)
    #: When it was sent.
    created_at: Mapped[datetime]
    #: When all of it was made.
    ready_at: Mapped[datetime | None]


class VideoPart(Keyed, Base):
    """One part of a conversion that one worker does: the sound, or a stretch of the pictures."""

    __tablename__ = "video_part"
    __table_args__ = (sa.UniqueConstraint("video_id", "run", "number"),)

    #: The film.
    video_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("video.id"))
    #: The conversion it is a part of.
    run: Mapped[int]
    #: 0 for the sound, 1, 2, 3 … for the pictures in their order, -1 for what puts all together.
    number: Mapped[int]
    #: The job that makes it.
    job_id: Mapped[uuid.UUID]
    #: Where what was made of it lies, and how many frames it has; empty until it is done.
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)


#: The numbers of parts that are no stretch of pictures.
SOUND = 0
WHOLE = -1


class Completion(StrEnum):
    """What counts as having watched a video."""

    #: 開いた.
    OPENED = "opened"
    #: 最後まで: its end was reached, whatever was skipped.
    END = "end"
    #: 全区間: every second of it was played.
    WHOLE = "whole"
    #: N%: so much of it was played.
    PERCENT = "percent"
    #: 確認コード: the code that it shows was entered.
    CODE = "code"
    #: 確認問題: the questions in it were answered.
    QUESTIONS = "questions"


class Reaction(StrEnum):
    """What happens where nobody can be watching: 止める, 記録だけする."""

    STOP = "stop"
    NOTE = "note"


@dataclass(frozen=True)
class WatchingRule:
    """How a video is to be watched for one assignment.

    `is_bound`: what was not watched yet cannot be skipped or sped up; once it is done, it can.
    """

    completion: Completion = Completion.WHOLE
    #: Of the film, for `Completion.PERCENT`.
    percent: int = 90
    is_bound: bool = False
    #: When the page is hidden behind another.
    hidden: Reaction = Reaction.STOP
    #: When the same person watches another video at the same time.
    elsewhere: Reaction = Reaction.STOP

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> WatchingRule:
        """Return the rule of a document; what it does not say is as usual."""
        said = dict(document)
        if "completion" in said:
            said["completion"] = Completion(said["completion"])
        for name in ("hidden", "elsewhere"):
            if name in said:
                said[name] = Reaction(said[name])
        return cls(**said)

    def as_document(self) -> dict[str, Any]:
        """Return it as `of` reads it."""
        return {
            name: str(value) if isinstance(value, StrEnum) else value
            for name, value in asdict(self).items()
        }

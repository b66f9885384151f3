"""Reads of what a video asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.content.materials.models import Version
from app.content.videos.queries import beside


@dataclass(frozen=True)
class VideoQuestion:
    """A question that stops the film at a moment."""

    id: str
    #: In seconds from the beginning.
    at: float
    text: str
    choices: tuple[str, ...]
    #: Places of the right choices, from 0: whoever chooses these and no others is right.
    right: tuple[int, ...]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> VideoQuestion:
        """Return the question that a version's document tells of."""
        return cls(
            str(document["id"]),
            float(document["at"]),
            str(document["text"]),
            tuple(document["choices"]),
            tuple(document["right"]),
        )

    def as_document(self) -> dict[str, Any]:
        """Return it as `of` reads it."""
        return {
            "id": self.id,
            "at": self.at,
            "text": self.text,
            "choices": list(self.choices),
            "right": list(self.right),
        }


def questions(version: Version) -> list[VideoQuestion]:
    """Return the questions of a version, in the order in which they are asked."""
    found = [VideoQuestion.of(each) for each in beside(version).questions]
    return sorted(found, key=lambda question: question.at)

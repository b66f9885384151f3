"""The self-check as a list: every control with its verdict and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.keeping.self_check.checks import CHECKS, Place, Verdict
from app.keeping.self_check.text import CONTROLS, DOCUMENTS, VERDICTS, present_of
from app.kernel.settings import Settings


@dataclass(frozen=True)
class Line:
    """One control, in the reader's words."""

    control: str
    title: str
    verdict: str
    word: str
    chip: str
    present: str


def lines(session: Session, settings: Settings, now: datetime) -> list[Line]:
    """Return every control; each check looks at what is there now."""
    place = Place(settings, session, now)
    return [_line(control, place) for control in CONTROLS]


def is_wrong(found: list[Line]) -> bool:
    """Whether anything wants attention."""
    return any(line.verdict == Verdict.ATTENTION for line in found)


def _line(control: str, place: Place) -> Line:
    if control in CHECKS:
        found = CHECKS[control](place)
        verdict, present = found.verdict, present_of(control, found.data)
    else:
        verdict, present = Verdict.DOCUMENT, str(DOCUMENTS[control])
    word, chip = VERDICTS[verdict]
    return Line(control, str(CONTROLS[control]), verdict, str(word), chip, present)

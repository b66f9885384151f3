"""The life of a version."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.errors import Refused
from app.kernel.workflow import Transition, Transitions
from app.people.permission.models import Role


class VersionState(StrEnum):
    """準備中, 公開中, 公開終了."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


def _can_be_launched(_session: Session, version: Any, _now: datetime) -> None:
    errors = [finding for finding in version.findings if finding["severity"] == "error"]
    if errors:
        raise Refused("version_has_errors", count=len(errors))


_AUTHORS = frozenset({Role.AUTHOR, Role.OFFICE})

TRANSITIONS: Transitions = {
    "publish": Transition(
        (VersionState.DRAFT, VersionState.RETIRED),
        VersionState.PUBLISHED,
        _AUTHORS,
        guard=_can_be_launched,
    ),
    "retire": Transition((VersionState.PUBLISHED,), VersionState.RETIRED, _AUTHORS),
}

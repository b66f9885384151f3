"""Launch or preview a material that has a player of its own, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.content.materials import access, queries
from app.content.materials.models import MaterialKind, Version
from app.content.materials.queries import Published
from app.kernel.settings import Settings
from app.learning.player import service as player
from app.learning.player.access import Visit
from app.learning.records.access import Assigned
from app.learning.watching import service as watching

_LAUNCH: Mapping[str, Callable[..., str]] = {
    MaterialKind.PACKAGE: player.launch,
    MaterialKind.VIDEO: watching.launch,
}
_PREVIEW: Mapping[str, Callable[..., str]] = {
    MaterialKind.PACKAGE: player.preview,
    MaterialKind.VIDEO: watching.preview,
}
#: What has a player; other kinds are pages of the office.
KINDS = frozenset(_LAUNCH)


def launch(
    session: Session,
    assigned: Assigned,
    visit: Visit,
    *,
    now: datetime,
    settings: Settings,
    published: Published | None = None,
) -> str:
    """Begin or resume a learner's attempt at what they are to take; return the page's address.

    The attempt keeps the version it began with; a new one takes the published version. After the
    last moment the player has `settings.grace_minutes` to bring in what it holds. `published` is
    the published version, where it is at hand. Raises NotFound where nothing is published, or
    nothing can be watched yet.
    """
    published = published or queries.published(session, assigned.material_id)
    opened = _LAUNCH[published.kind]
    return opened(session, assigned, published, visit, now=now, settings=settings)


def preview(
    session: Session, version: Version, visit: Visit, *, now: datetime, settings: Settings
) -> str:
    """Begin an attempt that leaves no record, at any version, and return the page's address."""
    kind = access.material(session, version.material_id).kind
    return _PREVIEW[kind](session, version, visit, now=now, settings=settings)

"""Reads of how videos are watched in runs: what holds of what a run and a video say of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material, MaterialKind, Version
from app.content.materials.states import VersionState
from app.content.videos.models import Completion, WatchingRule
from app.kernel.errors import NotFound
from app.training.plans.models import Run, RunItem
from app.training.plans.states import RunState

#: States of a run in which nobody says otherwise any more.
OVER = frozenset({RunState.ENDED, RunState.SETTLED, RunState.CANCELLED})
#: What an author has to have written for a video to be completed so: the part of its document.
_WRITTEN = {Completion.CODE: "code", Completion.QUESTIONS: "questions"}
#: What a run can say otherwise for a video: as its row holds it.
Said = Mapping[str, Any]


def ruled(said: Said, play: Said, *, is_required: bool) -> WatchingRule:
    """Return how a video is watched by what its run says otherwise, and what it says itself.

    What nobody else may skip is asked of who has to take it: whether it is bound says the run
    alone, and where it does not, whether the part is required.
    """
    return WatchingRule.of({**play, "is_bound": is_required, **said})


class Watchable(Protocol):
    """A part of a run, by what is read of it elsewhere."""

    @property
    def material_kind(self) -> str | None:
        """What kind of material it is; None for what is none."""

    @property
    def is_required(self) -> bool:
        """Whether a run is not completed without it."""

    @property
    def said(self) -> Said:
        """What its run says otherwise."""

    @property
    def play(self) -> Said | None:
        """What its material says; None where it is none."""


def watched(part: Watchable) -> WatchingRule | None:
    """Return how a part of a run is watched; None for what is no video."""
    if part.material_kind != MaterialKind.VIDEO or part.play is None:
        return None
    return ruled(part.said, part.play, is_required=part.is_required)


def rule_of(item: RunItem, material: Material) -> WatchingRule:
    """Return how a part of a run is watched; its material is a video."""
    return ruled(item.watching, material.play, is_required=item.is_required)


@dataclass(frozen=True)
class Viewing:
    """A video as a part of a run, with what is said of how it is watched."""

    run_item_id: uuid.UUID
    run_id: uuid.UUID
    run_number: int
    title: str
    is_required: bool
    #: What the run says otherwise; what the video says itself.
    said: Said
    play: Said
    #: The document of its published version; None where there is none.
    document: Said | None

    @property
    def rule(self) -> WatchingRule:
        """What holds."""
        return ruled(self.said, self.play, is_required=self.is_required)

    @property
    def usual(self) -> WatchingRule:
        """What holds where the run says nothing else."""
        return ruled({}, self.play, is_required=self.is_required)

    @property
    def impossible(self) -> frozenset[Completion]:
        """By what it cannot be completed: nobody has written the questions, or the code."""
        written = self.document
        if written is None:
            return frozenset()
        return frozenset(each for each, part in _WRITTEN.items() if not written.get(part))


def viewing(session: Session, run_id: uuid.UUID, run_item_id: uuid.UUID) -> Viewing:
    """Return a video of a run; raises NotFound for a part of another run, and what is no video."""
    row = session.execute(
        _viewings(RunItem.id == run_item_id, RunItem.run_id == run_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Viewing(*row)


def viewings(session: Session, run_ids: Collection[uuid.UUID]) -> list[Viewing]:
    """Return the videos of some runs, by the runs' numbers and in their order."""
    return [Viewing(*row) for row in session.execute(_viewings(RunItem.run_id.in_(run_ids)))]


def _viewings(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    is_shown = sa.and_(Version.material_id == Material.id, Version.state == VersionState.PUBLISHED)
    return (
        sa.select(
            RunItem.id,
            RunItem.run_id,
            Run.number,
            Material.title,
            RunItem.is_required,
            RunItem.watching,
            Material.play,
            Version.document,
        )
        .join(Run, Run.id == RunItem.run_id)
        .join(Material, Material.id == RunItem.material_id)
        .outerjoin(Version, is_shown)
        .where(Material.kind == MaterialKind.VIDEO, *conditions)
        .order_by(Run.number, RunItem.position)
    )


@dataclass(frozen=True)
class Asked:
    """A video by its rule, and the runs of which both are the same."""

    title: str
    is_required: bool
    rule: WatchingRule
    #: The runs' numbers.
    runs: tuple[int, ...]


def asked(found: Collection[Viewing]) -> list[Asked]:
    """Return what some runs ask of who watches their videos, each thing once."""
    runs: dict[tuple[str, bool, WatchingRule], list[int]] = {}
    for each in found:
        runs.setdefault((each.title, each.is_required, each.rule), []).append(each.run_number)
    return [Asked(*what, tuple(numbers)) for what, numbers in runs.items()]
